"""One book: its catalogue record, its pages and its pictures, read from Elasticsearch."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.elasticsearch import hits as results
from api.elasticsearch.gateway import SearchGateway
from api.elasticsearch.queries import book as queries
from api.elasticsearch.queries.clause import Body
from api.errors import BookNotFound
from api.responses import Hit
from api.search.query_syntax import QueryTerms
from core import image_api

JsonObject = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookDetails:
    """The catalogue record of a book."""

    key: str
    """The book's id in URLs of this service."""
    book_id: str
    """The library's id of the book."""
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
class BookLeaf:
    """One scanned page."""

    number: int
    """The page's position in the book, from 1."""
    label: str
    """The page number as printed; empty if not known."""
    width: int
    """Width of the scan in pixels; 0 if not known."""
    height: int
    image: str
    """URL of the scan at the library; empty for local scans."""
    service: str
    """Base URI of the scan's IIIF Image API service; may be empty."""
    viewer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookPicture:
    """A picture and the page that it is on."""

    hit: Hit
    leaf: BookLeaf


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """The text of a page that matches a query."""

    leaf: BookLeaf
    words: tuple[str, ...]
    """All words of the page, in reading order."""
    match_positions: frozenset[int]
    """Positions in `words` that match the query."""
    boxes: tuple[str, ...]
    """`x,y,w,h` of each of `words`, in pixels of the scan; empty if the index has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookMatches:
    """One page of a book's matches for a query, in the order of the book's pages."""

    total: int
    """Number of matching pages and pictures."""
    matches: tuple[PageText | BookPicture, ...]


class Books:
    """Reads books from the indices behind the alias."""

    def __init__(self, gateway: SearchGateway) -> None:
        self._gateway = gateway

    async def get_details(self, book_id: str) -> BookDetails:
        """Return a book by its key in URLs or by the library's id; raises `BookNotFound`."""
        hits = await self._search(queries.book_query(book_id), "book")
        if not hits:
            raise BookNotFound(book_id)
        return parse_book_details(hits[0])

    async def list_leaves(self, book_id: str) -> list[BookLeaf]:
        """Return the pages that have text, in order."""
        return [
            parse_book_leaf(raw_hit["_source"]) for raw_hit in await self._search(queries.leaves_query(book_id), "page")
        ]

    async def list_pictures(self, book_id: str, page: int | None = None) -> list[BookPicture]:
        """Return the pictures of a book or of one of its pages, in page order."""
        return [
            parse_book_picture(raw_hit)
            for raw_hit in await self._search(queries.book_pictures_query(book_id, page), "picture")
        ]

    async def find_matches(
        self,
        book_id: str,
        query_terms: QueryTerms | None,
        *,
        include_pages: bool,
        include_pictures: bool,
        size: int,
        offset: int,
    ) -> BookMatches:
        """Return the pages and pictures of a book that match the query; all of them if there is none."""
        body = queries.book_matches_query(
            book_id, query_terms, pages=include_pages, pictures=include_pictures, size=size, offset=offset
        )
        response = await self._gateway.search(body, self._gateway.index_names(["page", "picture"]))
        return BookMatches(
            total=int(response["hits"]["total"]["value"]),
            matches=tuple(
                parse_page_text(raw_hit) if _is_page(raw_hit) else parse_book_picture(raw_hit)
                for raw_hit in response["hits"]["hits"]
            ),
        )

    async def _search(self, body: Body, document: str) -> list[JsonObject]:
        response = await self._gateway.search(body, self._gateway.index_names([document]))
        hits: list[JsonObject] = response["hits"]["hits"]
        return hits


def parse_book_details(raw_hit: JsonObject) -> BookDetails:
    source: JsonObject = raw_hit["_source"]
    return BookDetails(
        key=str(raw_hit["_id"]),
        book_id=str(source["book_id"]),
        title=str(source.get("title", "")),
        authors=_string_values(source.get("authors")),
        subjects=_string_values(source.get("subjects")),
        identifiers=_string_values(source.get("identifiers")),
        year=source.get("year"),
        date=str(source.get("date", "")),
        publisher=str(source.get("publisher", "")),
        place=str(source.get("place", "")),
        languages=_string_values(source.get("language")),
        type_of_work=str(source.get("type_of_work", "")),
        licence=str(source.get("licence", "")),
        viewer=results.http_url(source.get("image", {}).get("viewer")),
    )


def parse_book_leaf(source: JsonObject) -> BookLeaf:
    """Parse the page from the document of a page or of a picture."""
    scan, image = source.get("scan", {}), source.get("image", {})
    page_image = results.http_url(image.get("page"))
    return BookLeaf(
        number=int(source.get("page", 0)),
        label=str(source.get("page_label", "")),
        width=int(scan.get("width", 0)),
        height=int(scan.get("height", 0)),
        image=page_image,
        service=results.http_url(image.get("service")) or image_api.service_base_uri(page_image) or "",
        viewer=results.http_url(image.get("viewer")),
    )


def parse_book_picture(raw_hit: JsonObject) -> BookPicture:
    return BookPicture(hit=results.read_hit(raw_hit), leaf=parse_book_leaf(raw_hit["_source"]))


def parse_page_text(raw_hit: JsonObject) -> PageText:
    """Parse a page and its highlights. A highlighted text has the same words as the page, so positions agree."""
    source: JsonObject = raw_hit["_source"]
    words = tuple(results.page_text(source).split())
    highlighted_texts = [text for texts in raw_hit.get("highlight", {}).values() for text in texts]
    boxes = tuple(str(source.get("boxes", "")).split())
    return PageText(
        leaf=parse_book_leaf(source),
        words=words,
        match_positions=frozenset(
            position for text in highlighted_texts for position in _highlighted_positions(text) if position < len(words)
        ),
        boxes=boxes if len(boxes) == len(words) else (),
    )


def _highlighted_positions(text: str) -> Iterator[int]:
    """Yield the positions of highlighted words; one pair of tags can enclose a phrase."""
    start, end = queries.HIGHLIGHT_TAGS
    inside = False
    for position, word in enumerate(text.split()):
        if inside or start in word:
            yield position
        if start in word or end in word:
            inside = word.rfind(start) > word.rfind(end)


def _is_page(raw_hit: JsonObject) -> bool:
    return bool(raw_hit["_source"].get("document") == "page")


def _string_values(value: Any) -> tuple[str, ...]:
    """Return the values as a tuple; `_source` keeps a single value as it was indexed, alone or in a list."""
    return () if value is None else tuple(map(str, value)) if isinstance(value, list) else (str(value),)
