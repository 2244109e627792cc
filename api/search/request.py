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

DocumentType = Literal["picture", "page", "book"]
DOCUMENT_TYPES: tuple[DocumentType, ...] = get_args(DocumentType)

Match = Literal["any", "most", "all"]
Fusion = Literal["sum", "convex", "rrf"]
Sort = Literal["relevance", "year", "-year", "title"]
Hidden = Literal["exclude", "include", "only"]

PAGE_SIZE = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """Words, pictures, or both, and the filters; each field is the URL parameter of its name, `query_text` is `q`.

    `like`, `image`, `vector` and `model` may end in `^2` or `^-1`, a weight; the first two also in `#xywh=…`, a region:
    see `api.search.image_terms`.
    """

    query_text: str = ""
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
    document: tuple[DocumentType, ...] = ("picture",)
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
    hidden: Hidden = "exclude"
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
    def needs_fusion(self) -> bool:
        """Whether the API orders the candidates: a year or a title needs no fusion, `sum` is Elasticsearch's own."""
        return self.fusion != "sum" and self.sort == "relevance"

    @property
    def needs_all_candidates(self) -> bool:
        """Whether one page of results takes all candidates to make."""
        return self.needs_fusion or bool(self.group)

    @property
    def page_slice(self) -> slice:
        """This page's part of a list."""
        return slice((self.page - 1) * self.size, self.page * self.size)

    def query_string(self) -> str:
        """Only what differs from an empty question, so that a kept URL stays short."""
        parameters = ((name, getattr(self, name)) for name in DEFAULTS)
        return "&".join(
            _encode_parameter(name, value) for name, value in parameters if value != DEFAULTS[name] and value != ()
        )

    def url(self, **changes: Any) -> str:
        """The page's address for this question with changes; any change but of the page goes back to page 1."""
        query = replace(self, **{"page": 1, **changes}).query_string()
        return f"/?{query}" if query else "/"

    def with_value(self, facet: str, value: str) -> Self:
        """The question with one more value of a facet, or one less where it was chosen already."""
        current_values: tuple[str, ...] = getattr(self, facet)
        new_values = (
            tuple(current_value for current_value in current_values if current_value != value)
            if value in current_values
            else (*current_values, value)
        )
        changes: dict[str, Any] = {facet: new_values}
        return replace(self, page=1, **changes)


DEFAULTS: Mapping[str, Any] = {field.name: field.default for field in fields(SearchRequest)}


@lru_cache(maxsize=256)
def _encode_parameter(name: str, value: Any) -> str:
    """One parameter; kept, for a page has a hundred addresses that differ in one, and an uploaded picture is long."""
    values = value if isinstance(value, tuple) else (value,)
    return urlencode([("q" if name == "query_text" else name, _format_value(item)) for item in values])


def _format_value(value: Any) -> str:
    """As a URL writes it: `true`, and `0.5` without a tail."""
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
