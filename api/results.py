"""Elasticsearch's answer → what readers and programs get: the only place that spells field names for reading."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One picture of a list of results."""

    id: str
    score: float
    scores: dict[str, float]
    """The share of each named clause: `caption`, `title`… in BM25; a model's in (1 + cosine) / 2 times its boost."""
    book_id: str
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
    """URL of the picture as it was cut."""
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
