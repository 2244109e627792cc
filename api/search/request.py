"""What a reader asks, as data: the same for the page, the JSON API and a kept URL."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any, Literal, Self, get_args
from urllib.parse import urlencode

FACETS = ("label", "publisher", "place", "language", "author", "subject", "type")
"""Facets whose values are words; `year` is a range and stands apart."""

FILTERS = (*FACETS, "book", "family")
"""What narrows by a value, whether or not its values are counted: books and families are as many as there are."""

Document = Literal["picture", "page", "book"]
DOCUMENTS: tuple[Document, ...] = get_args(Document)

Match = Literal["any", "most", "all"]
Fusion = Literal["sum", "convex", "rrf"]
Sort = Literal["relevance", "year", "-year", "title"]
SetAside = Literal["hide", "show", "only"]

PAGE_SIZE = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Words, pictures, or both, and what narrows them; each field is the URL parameter of its name, `words` is `q`.

    `like`, `image`, `vector` and `model` may end in `^2` or `^-1`, a weight; the first two also in `#xywh=…`, a region:
    see `api.search.image_terms`.
    """

    words: str = ""
    like: tuple[str, ...] = ()
    """Ids of pictures in the index: more like these, or less."""
    image: tuple[str, ...] = ()
    """URLs of pictures or of IIIF images elsewhere."""
    vector: tuple[str, ...] = ()
    """Uploaded pictures, already encoded; see `api.vision.vector_codec`."""
    match: Match = "most"
    """How many of the words a result needs."""
    model: tuple[str, ...] = ()
    """Vision models to ask; empty means all that the index has."""
    balance: float | None = None
    """The share of pictures against words, 0 to 1; None is what the relevance run found best."""
    fusion: Fusion = "sum"
    document: tuple[Document, ...] = ("picture",)
    """What is looked for."""
    group: Literal["", "book"] = ""
    sort: Sort = "relevance"
    label: tuple[str, ...] = ()
    publisher: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    book: tuple[str, ...] = ()
    """Ids of books."""
    family: tuple[str, ...] = ()
    """Ids of families of copies."""
    has_caption: bool | None = None
    set_aside: SetAside = "hide"
    """Blank pages and segmentation anomalies, as the classifier or a librarian named them."""
    year_from: int | None = None
    year_to: int | None = None
    page: int = 1
    size: int = PAGE_SIZE

    @property
    def filtered(self) -> bool:
        years = self.year_from is not None or self.year_to is not None
        return years or self.has_caption is not None or any(getattr(self, name) for name in FILTERS)

    @property
    def by_picture(self) -> bool:
        return bool(self.like or self.image or self.vector)

    @property
    def fused(self) -> bool:
        """Whether the API orders the candidates: a year or a title needs no fusion, `sum` is Elasticsearch's own."""
        return self.fusion != "sum" and self.sort == "relevance"

    @property
    def windowed(self) -> bool:
        """Whether one page of results takes all candidates to make."""
        return self.fused or bool(self.group)

    @property
    def shown(self) -> slice:
        """This page's part of a list."""
        return slice((self.page - 1) * self.size, self.page * self.size)

    def query_string(self) -> str:
        """Only what differs from an empty question, so that a kept URL stays short."""
        parts = ((name, getattr(self, name)) for name in DEFAULTS)
        return "&".join(_encoded(name, value) for name, value in parts if value != DEFAULTS[name] and value != ())

    def url(self, **changes: Any) -> str:
        """The page's address for this question with changes; any change but of the page goes back to page 1."""
        asked = replace(self, **{"page": 1, **changes}).query_string()
        return f"/?{asked}" if asked else "/"

    def with_value(self, facet: str, value: str) -> Self:
        """The question with one more value of a facet, or one less where it was chosen already."""
        chosen: tuple[str, ...] = getattr(self, facet)
        left = tuple(each for each in chosen if each != value) if value in chosen else (*chosen, value)
        changes: dict[str, Any] = {facet: left}
        return replace(self, page=1, **changes)


DEFAULTS: Mapping[str, Any] = {part.name: part.default for part in fields(Question)}


@lru_cache(maxsize=256)
def _encoded(name: str, value: Any) -> str:
    """One parameter; kept, for a page has a hundred addresses that differ in one, and an uploaded picture is long."""
    values = value if isinstance(value, tuple) else (value,)
    return urlencode([("q" if name == "words" else name, _text(each)) for each in values])


def _text(value: Any) -> str:
    """As a URL writes it: `true`, and `0.5` without a tail."""
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
