"""Elasticsearch's answer → what readers and programs get: the only place that spells field names for reading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any
from urllib.parse import quote

from api.queries import HIGHLIGHTED, WINDOW

Fields = Mapping[str, Any]

CROPS = "/crops"
"""Where the service serves the pictures as they were cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One picture of a list of results."""

    id: str
    score: float
    scores: dict[str, float]
    """The share of each named clause: `caption`, `title`… in BM25; a model's in (1 + cosine) / 2 times its boost."""
    book_id: str
    page_id: str
    """The library's own identifier of the page, or of the file."""
    title: str
    authors: list[str]
    year: int | None
    publisher: str
    place: str
    languages: list[str]
    label: str
    page: int
    """Its page's place in the book, from 1."""
    page_label: str
    """What is printed on the page, where known."""
    kind: str
    box: list[int]
    """x, y, width, height in pixels of the scan."""
    caption: str
    before: str
    after: str
    highlights: dict[str, list[str]]
    """Per field, fragments with the found words in `<em>`; everything else is escaped HTML."""
    image: str
    """URL of the picture at the size at which it was encoded: its shorter side has up to 511 pixels."""
    large: str
    """URL of the picture for who looks closely."""
    region: str
    """IIIF Image API URL of the region in full size; empty for local scans."""
    viewer: str
    """Where the library shows the page; may be empty."""
    licence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """One value of a facet and how many of the pictures found have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """One page of results."""

    total: int
    """How many pictures match: all that hold the words, and the nearest by picture."""
    page: int
    pages: int
    size: int
    took: int
    """Milliseconds that Elasticsearch took."""
    models: list[str]
    """The vision models that were asked."""
    hits: list[Hit] = field(default_factory=list)
    facets: dict[str, list[Bucket]] = field(default_factory=dict)
    """`year` in steps of ten years, `publisher`, `place`, `language`, `label`."""
    vector: str = ""
    """After an upload: the picture's vectors as the `vector` parameter of the next request."""


def search_page(answer: Fields, *, page: int, size: int, models: Sequence[str]) -> SearchPage:
    """What `_search` answered to a body of `queries.hybrid_query`."""
    total = int(answer["hits"]["total"]["value"])
    return SearchPage(
        total=total,
        page=page,
        pages=ceil(min(total, WINDOW) / size),
        size=size,
        took=int(answer["took"]),
        models=list(models),
        hits=[hit(raw) for raw in answer["hits"]["hits"]],
        facets={name: _buckets(each) for name, each in answer.get("aggregations", {}).items()},
    )


def hit(raw: Fields) -> Hit:
    """One of the `hits` of an answer; what a document does not say is empty."""
    source: Fields = raw.get("_source", {})
    image: Fields = source.get("image", {})
    region = _web(image.get("region"))
    return Hit(
        id=str(raw["_id"]),
        score=float(raw.get("_score") or 0),
        scores=_scores(raw.get("matched_queries", {})),
        book_id=str(source.get("book_id", "")),
        page_id=str(source.get("page_id", "")),
        title=str(source.get("title", "")),
        authors=_several(source.get("authors")),
        year=source.get("year"),
        publisher=str(source.get("publisher", "")),
        place=str(source.get("place", "")),
        languages=_several(source.get("language")),
        label=str(source.get("label", {}).get("name", "")),
        page=int(source.get("page", 0)),
        page_label=str(source.get("page_label", "")),
        kind=str(source.get("kind", "")),
        box=[int(source.get("box", {}).get(side, 0)) for side in ("x", "y", "width", "height")],
        caption=_text(source.get("caption")),
        before=_text(source.get("context", {}).get("before")),
        after=_text(source.get("context", {}).get("after")),
        highlights=_highlights(raw.get("highlight", {})),
        image=_crop(image, "crop") or region,
        large=_crop(image, "large") or _crop(image, "crop") or region,
        region=region,
        viewer=_web(image.get("viewer")),
        licence=str(source.get("licence", "")),
    )


def _crop(image: Fields, size: str) -> str:
    """The address of a crop that the service itself has."""
    return f"{CROPS}/{quote(image[size])}" if image.get(size) else ""


def page_text(source: Fields) -> str:
    """All the words of the picture's page."""
    return _text(source.get("page_text"))


def vectors(raw: Fields) -> dict[str, list[float]]:
    """The vectors of a hit that was asked for with `queries.vectors_of`."""
    found: Fields = raw.get("fields", {})
    return {name.removeprefix("vectors."): list(values) for name, values in found.items()}


def start(answer: Fields) -> tuple[int, int, tuple[int, int] | None]:
    """Pictures, books, and first and last year of an answer to `queries.start_page`."""
    counts: Fields = answer["aggregations"]
    first, last = counts["first"]["value"], counts["last"]["value"]
    years = None if first is None else (int(first), int(last))
    return int(answer["hits"]["total"]["value"]), int(counts["books"]["value"]), years


def _buckets(facet: Fields) -> list[Bucket]:
    return [Bucket(value=_value(each["key"]), count=int(each["doc_count"])) for each in facet["buckets"]]


def _value(key: str | float) -> str:
    """A histogram's keys are floats: 1880.0."""
    return key if isinstance(key, str) else str(int(key))


def _scores(matched: Any) -> dict[str, float]:
    return {name: float(score) for name, score in matched.items()} if isinstance(matched, Mapping) else {}


def _highlights(found: Fields) -> dict[str, list[str]]:
    return {name: list(found[field]) for name, (field, _) in HIGHLIGHTED.items() if field in found}


def _several(value: Any) -> list[str]:
    """Elasticsearch keeps one value as it was given, alone or in a list."""
    return [] if value is None else [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _web(address: Any) -> str:
    """Manifests are other people's: `javascript:` must not become a link or a picture of ours."""
    return str(address) if str(address).startswith(("https://", "http://")) else ""


def _text(passage: Fields | None) -> str:
    return str(passage.get("text", "")) if passage else ""
