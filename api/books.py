"""One book: its record, its pages and its pictures, as data and as Elasticsearch gives them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.elasticsearch import hits as results
from api.elasticsearch.gateway import Engine
from api.elasticsearch.queries import book as queries
from api.elasticsearch.queries.clause import Body
from api.errors import ReaderError
from api.responses import Hit
from api.search.query_syntax import WordQuery
from core import image_api

Fields = Mapping[str, Any]


class NoSuchBook(ReaderError):
    """The index has no book of that id."""

    status = 404

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no book “{name[:200]}” here. It may have been deleted, or never indexed.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the catalogue says of a book."""

    key: str
    """Its id in URLs."""
    book_id: str
    """Its id at the library."""
    title: str
    authors: tuple[str, ...]
    subjects: tuple[str, ...]
    identifiers: tuple[str, ...]
    year: int | None
    date: str
    publisher: str
    place: str
    languages: tuple[str, ...]
    type_of_work: str
    licence: str
    viewer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One page with its scan."""

    number: int
    """Its place in the book, from 1."""
    label: str
    """What is printed on it, where known."""
    width: int
    """Of the scan, in pixels; 0 where it is not known."""
    height: int
    image: str
    """URL of the whole page at the library; empty for local scans."""
    service: str
    """Its IIIF Image API service."""
    viewer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """A picture and the page that it is on."""

    hit: Hit
    leaf: Leaf


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A page that has the words, each of them marked."""

    leaf: Leaf
    words: tuple[str, ...]
    """All of the page, in order."""
    found: frozenset[int]
    """Which of `words` were looked for."""
    boxes: tuple[str, ...]
    """`x,y,w,h` for each of `words`; empty where the index has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of what a book has for some words, in the order of its pages."""

    total: int
    """Pages and pictures, all together."""
    here: tuple[Passage | Plate, ...]


class Books:
    """Reads books from the indices behind the alias."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def record(self, name: str) -> Record:
        """By the id in URLs or the library's own."""
        hits = await self._hits(queries.book(name), "book")
        if not hits:
            raise NoSuchBook(name)
        return record(hits[0])

    async def leaves(self, book_id: str) -> list[Leaf]:
        return [leaf(raw["_source"]) for raw in await self._hits(queries.leaves(book_id), "page")]

    async def plates(self, book_id: str, page: int | None = None) -> list[Plate]:
        return [plate(raw) for raw in await self._hits(queries.plates(book_id, page), "picture")]

    async def passages(
        self, book_id: str, words: WordQuery | None, *, pages: bool, pictures: bool, size: int, offset: int
    ) -> Found:
        body = queries.passages(book_id, words, pages=pages, pictures=pictures, size=size, offset=offset)
        answer = await self._engine.ask(body, self._engine.where(["page", "picture"]))
        return Found(
            total=int(answer["hits"]["total"]["value"]),
            here=tuple(passage(raw) if _is_page(raw) else plate(raw) for raw in answer["hits"]["hits"]),
        )

    async def _hits(self, body: Body, document: str) -> list[Fields]:
        answer = await self._engine.ask(body, self._engine.where([document]))
        hits: list[Fields] = answer["hits"]["hits"]
        return hits


def record(raw: Fields) -> Record:
    source: Fields = raw["_source"]
    return Record(
        key=str(raw["_id"]),
        book_id=str(source["book_id"]),
        title=str(source.get("title", "")),
        authors=_texts(source.get("authors")),
        subjects=_texts(source.get("subjects")),
        identifiers=_texts(source.get("identifiers")),
        year=source.get("year"),
        date=str(source.get("date", "")),
        publisher=str(source.get("publisher", "")),
        place=str(source.get("place", "")),
        languages=_texts(source.get("language")),
        type_of_work=str(source.get("type_of_work", "")),
        licence=str(source.get("licence", "")),
        viewer=results.web(source.get("image", {}).get("viewer")),
    )


def leaf(source: Fields) -> Leaf:
    """From a page's document or a picture's: both say which page it is."""
    scan, image = source.get("scan", {}), source.get("image", {})
    page = results.web(image.get("page"))
    return Leaf(
        number=int(source.get("page", 0)),
        label=str(source.get("page_label", "")),
        width=int(scan.get("width", 0)),
        height=int(scan.get("height", 0)),
        image=page,
        service=results.web(image.get("service")) or image_api.service_of(page) or "",
        viewer=results.web(image.get("viewer")),
    )


def plate(raw: Fields) -> Plate:
    return Plate(hit=results.hit(raw), leaf=leaf(raw["_source"]))


def passage(raw: Fields) -> Passage:
    """Each marked text is the page's own with marks in it: the n-th word of one is the n-th word of all."""
    source: Fields = raw["_source"]
    words = tuple(results.page_text(source).split())
    marked = [text for texts in raw.get("highlight", {}).values() for text in texts]
    boxes = tuple(str(source.get("boxes", "")).split())
    return Passage(
        leaf=leaf(source),
        words=words,
        found=frozenset(place for text in marked for place in _marked(text) if place < len(words)),
        boxes=boxes if len(boxes) == len(words) else (),
    )


def _marked(text: str) -> Iterator[int]:
    """The places of the words that are marked, alone or as a phrase with one mark around it."""
    start, end = queries.HIT
    inside = False
    for place, word in enumerate(text.split()):
        if inside or start in word:
            yield place
        if start in word or end in word:
            inside = word.rfind(start) > word.rfind(end)


def _is_page(raw: Fields) -> bool:
    return bool(raw["_source"].get("document") == "page")


def _texts(value: Any) -> tuple[str, ...]:
    """Elasticsearch keeps one value as it was given, alone or in a list."""
    return () if value is None else tuple(map(str, value)) if isinstance(value, list) else (str(value),)
