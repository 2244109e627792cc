"""A search request as data: the same for the pages, the JSON API and a saved URL."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, lru_cache
from typing import Any, Self
from urllib.parse import urlencode

from api.search.choices import Collapse, DocumentType, Fusion, Grouping, Inclusion, Match, Meaning, Sort, View
from api.search.collapse import window_pages
from api.search.filter_values import FilterValues
from api.search.image_terms import ImageTerms, parse_image_terms
from api.search.parameters import FILTERS, PAGE_SIZE, PARAMETERS, VALUE_FILTERS
from api.search.query_syntax import parse_query_text
from api.search.query_terms import QueryTerms
from api.search.query_text import clean_query_text


@dataclass(frozen=True, kw_only=True)
class SearchRequest:
    """Everything that a reader or program asks for in one search.

    The fields are the parameters of `api.search.parameters`; the value filters are together in `filters`. Values of
    `like`, `image`, `vector` and `model` may end in a weight, those of `like` and `image` also in a region: see
    `api.search.image_terms`.
    """

    query_text: str = ""
    like: tuple[str, ...] = ()
    """Ids of pictures in the index."""
    image: tuple[str, ...] = ()
    """URLs of pictures or of IIIF images on other hosts."""
    vector: tuple[str, ...] = ()
    """Encoded uploads; see `api.vision.vector_codec`."""
    match: Match = "most"
    meaning: Meaning = "on"
    model: tuple[str, ...] = ()
    """Vision models; empty means all that the index has."""
    balance: float | None = None
    """The share of pictures against words, 0 to 1; None means the default of `api.search.boosts`."""
    fusion: Fusion = "auto"
    document: tuple[DocumentType, ...] = ("picture",)
    group: Grouping = ""
    collapse: Collapse = "auto"
    sort: Sort = "relevance"
    filters: FilterValues = field(default_factory=FilterValues)
    has_caption: bool | None = None
    hidden: Inclusion = "exclude"
    decoration: Inclusion = "exclude"
    year_from: int | None = None
    year_to: int | None = None
    page: int = 1
    size: int = PAGE_SIZE
    view: View = ""

    @classmethod
    def from_parameters(cls, values: Mapping[str, Any]) -> Self:
        """Return the request for parameter values by name. None, "" and an empty list leave a parameter at its default.

        Text is cleaned, except URLs and encoded pictures, and a document type that is named twice counts once.
        """
        field_values: dict[str, Any] = {
            PARAMETERS[name].attribute or name: PARAMETERS[name].parse_values(value)
            if isinstance(value, list)
            else value
            for name, value in values.items()
            if value not in (None, "", [])
        }
        field_values["query_text"] = clean_query_text(field_values.get("query_text", ""))
        if document_types := field_values.get("document"):
            field_values["document"] = tuple(dict.fromkeys(document_types))
        return cls().with_changes(**field_values)

    @cached_property
    def query_terms(self) -> QueryTerms:
        """The query text, parsed."""
        return parse_query_text(self.query_text)

    @cached_property
    def image_terms(self) -> ImageTerms:
        """The pictures of the request, parsed; raises `InvalidRequest` if a value cannot be read."""
        return parse_image_terms(like=self.like, image=self.image, vector=self.vector)

    @property
    def has_filters(self) -> bool:
        """Whether a filter is set, apart from `hidden` and `decoration`."""
        return any(
            self.get(name) != parameter_default(name) for name in FILTERS if name not in ("hidden", "decoration")
        )

    @property
    def leaves_out_decoration(self) -> bool:
        """Whether ornaments and the like are left out, so that every page counts the same pictures.

        Who asks with pictures alone, for a label, for copies or for hidden pictures may want an ornament.
        """
        is_by_picture = self.has_image_terms and not self.query_text
        names_pictures = bool(self.values("label") or self.values("family")) or self.hidden == "only"
        may_want_decoration = is_by_picture or names_pictures
        return self.decoration == "exclude" and "picture" in self.document and not may_want_decoration

    @property
    def has_image_terms(self) -> bool:
        """Whether pictures are part of the query."""
        return bool(self.like or self.image or self.vector)

    @property
    def needs_fusion(self) -> bool:
        """Whether the API computes the scores; Elasticsearch itself does `sum` and sorts by year or title."""
        return self.chosen_fusion != "sum" and self.sort == "relevance"

    @property
    def chosen_fusion(self) -> Fusion:
        """How the scores are combined: `convex` for words and pictures to be like, unless the request says otherwise.

        BM25 has no upper limit, so in a sum a long or rare query outweighs even the same picture.
        """
        if self.fusion != "auto":
            return self.fusion
        return "convex" if self.mixes_words_and_pictures else "sum"

    @property
    def mixes_words_and_pictures(self) -> bool:
        """Whether words and pictures both find results: the number of these is then no answer to anything."""
        return bool(self.query_terms.should) and any(image_term.weight > 0 for image_term in self.image_terms.all)

    @property
    def needs_all_candidates(self) -> bool:
        """Whether a page of results can only be made from all candidates."""
        return self.needs_fusion or bool(self.group)

    @property
    def collapses_results(self) -> bool:
        """Whether reprints are one result and few pictures of a book come before those of others: of words alone."""
        is_word_search = bool(self.query_terms.should) and not self.has_image_terms and "picture" in self.document
        is_plain = self.sort == "relevance" and not self.needs_all_candidates
        is_one_book = self.values("book") or self.values("family")
        return self.collapse == "auto" and is_word_search and is_plain and not is_one_book

    @property
    def collapsed_page(self) -> tuple[int, int] | None:
        """Number and size of the page if it is one of those that are collapsed together."""
        is_collapsed = self.collapses_results and self.page <= window_pages(self.size)
        return (self.page, self.size) if is_collapsed else None

    @property
    def page_slice(self) -> slice:
        """The part of a list of all results that this page shows."""
        return slice((self.page - 1) * self.size, self.page * self.size)

    def get(self, name: str) -> Any:
        """Return the value of the parameter `name`; of a repeated one, a tuple."""
        if name in VALUE_FILTERS:
            return self.filters.get(name, ())
        return getattr(self, PARAMETERS[name].attribute or name)

    def values(self, name: str) -> tuple[str, ...]:
        """Return the values of a repeated parameter, such as `publisher` or `model`."""
        values: tuple[str, ...] = self.get(name)
        return values

    def with_changes(self, **changes: Any) -> Self:
        """Return the request with other values for fields or value filters, which may be mixed."""
        filter_changes = {name: value for name, value in changes.items() if name in VALUE_FILTERS}
        field_changes = {name: value for name, value in changes.items() if name not in VALUE_FILTERS}
        if filter_changes:
            field_changes["filters"] = FilterValues(**{**self.filters, **filter_changes})
        return replace(self, **field_changes)

    def with_value(self, name: str, value: str) -> Self:
        """Return page 1 of the request with one more value of a repeated parameter, or without it if it was set."""
        values = self.values(name)
        new_values = tuple(other for other in values if other != value) if value in values else (*values, value)
        return self.with_changes(page=1, **{name: new_values})

    def without_filters(self) -> Self:
        """Return page 1 of the request without any filter."""
        return self.with_changes(page=1, **{name: parameter_default(name) for name in FILTERS})

    def only_filters(self) -> Self:
        """Return a request with the filters and document types of this one alone; it finds the same ornaments."""
        filters = {name: self.get(name) for name in FILTERS}
        if not self.leaves_out_decoration and self.decoration == "exclude":
            filters["decoration"] = "include"
        return type(self)(document=self.document).with_changes(**filters)

    def only_pictures(self) -> Self:
        """Return a request with the pictures of this one alone."""
        return type(self)(like=self.like, image=self.image, vector=self.vector)

    def pairs(self, without: Container[str] = ()) -> Iterator[tuple[str, str]]:
        """Yield name and value, as a URL or form has them, of each parameter that differs from its default."""
        for name, value in self._changed_values():
            if name not in without:
                yield from ((name, text) for text in _format_values(value))

    def query_string(self) -> str:
        """Return the URL's query string; it holds only what differs from the defaults."""
        return "&".join(_encode_parameter(name, value) for name, value in self._changed_values())

    def url(self, **changes: Any) -> str:
        """Return the URL of the search page with these changes, on page 1 unless the page is one of them."""
        query = self.with_changes(**{"page": 1, **changes}).query_string()
        return f"/?{query}" if query else "/"

    def url_like(self, picture_id: str, *, keeps_words: bool = False) -> str:
        """Return the URL of the search for pictures like this one alone, under the same filters; perhaps with words."""
        words = {} if keeps_words else {"query_text": "", "match": parameter_default("match"), "balance": None}
        return self.url(like=(picture_id,), image=(), vector=(), sort="relevance", group="", **words)

    def _changed_values(self) -> Iterator[tuple[str, Any]]:
        values = ((name, self.get(name)) for name in PARAMETERS)
        return ((name, value) for name, value in values if value != () and value != parameter_default(name))


_FIELD_DEFAULTS: Mapping[str, Any] = {
    request_field.name: request_field.default for request_field in fields(SearchRequest)
}


def parameter_default(name: str) -> Any:
    """Return the value of the parameter `name` in a request that does not set it."""
    return () if name in VALUE_FILTERS else _FIELD_DEFAULTS[PARAMETERS[name].attribute or name]


@lru_cache(maxsize=256)
def _encode_parameter(name: str, value: Any) -> str:
    """Return one parameter as a URL has it; cached, since a page has many URLs and an uploaded picture is long."""
    return urlencode([(name, text) for text in _format_values(value)])


def _format_values(value: Any) -> list[str]:
    return [_format_value(item) for item in (value if isinstance(value, tuple) else (value,))]


def _format_value(value: Any) -> str:
    """Write one value as a URL has it: `true`, and `0.5` without trailing zeros."""
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
