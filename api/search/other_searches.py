"""What a reader can try after a search without results: another spelling, fewer words, fewer filters."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from api.search.choices import DOCUMENT_TYPES
from api.search.parameters import FILTERS, PARAMETERS
from api.search.query_text import MAX_WORDS
from api.search.request import SearchRequest, parameter_default
from api.sentences import Sentence

Change = Literal["spelling", "words", "filters"]

MAX_GROUPS = 8
"""Words of the longest query for which each word is left out in turn."""

MAX_SEARCHES = 8
"""Searches that are offered; those with fewer words or filters come after the spelling."""


OTHER_HEADINGS = {"has_caption": Sentence("Caption"), "hidden": Sentence("Hidden pictures")}
"""Names of filters that have no heading of their own on the pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherSearch:
    """A search that finds something."""

    change: Change
    """What it changes: the spelling of words, the number of words, or the filters and types of document."""
    description: str
    url: str
    """URL of the page with its results; `/api/search` takes the same parameters."""
    total: int
    """Results that it has."""


@dataclass(frozen=True, slots=True)
class SearchVariant:
    """A request that may find something."""

    change: Change
    description: str
    search_request: SearchRequest
    is_last_resort: bool = False
    """Whether it is offered only if no other variant finds anything."""


def list_variants(search_request: SearchRequest, suggestion: str) -> list[SearchVariant]:
    """Return the requests that differ in one thing, the nearest to the words of the reader first."""
    request = search_request.with_changes(page=1, group="")
    return [
        *_with_other_spelling(request, suggestion),
        *_with_fewer_words(request),
        *_with_fewer_filters(request),
        *_last_resorts(request),
    ]


def read_other_searches(
    variants: Sequence[SearchVariant], counts: Mapping[str, Any], few_results: int
) -> list[OtherSearch]:
    """Return the variants that find something.

    `counts` is the aggregation of `queries.other_searches`. A search with fewer than `few_results` results also looks
    for misread words, as the search itself does.
    """
    totals = [_read_total(counts["buckets"], index, few_results) for index in range(len(variants))]
    found = [
        (variant, OtherSearch(change=variant.change, description=variant.description, url=url, total=total))
        for variant, total in zip(variants, totals, strict=True)
        if total and (url := variant.search_request.url())
    ]
    nearest = [other_search for variant, other_search in found if not variant.is_last_resort]
    return (nearest or [other_search for _, other_search in found])[:MAX_SEARCHES]


def _read_total(buckets: Mapping[str, Any], index: int, few_results: int) -> int:
    total = int(buckets[f"{index}"]["doc_count"])
    misread = buckets.get(f"{index} misread")
    return total if misread is None or total >= few_results else int(misread["doc_count"])


def _with_other_spelling(request: SearchRequest, suggestion: str) -> Iterator[SearchVariant]:
    if suggestion:
        description = Sentence("Search for ‘%(words)s’", words=suggestion)
        yield SearchVariant("spelling", description, request.with_changes(query_text=suggestion))


def _with_fewer_words(request: SearchRequest) -> Iterator[SearchVariant]:
    query_terms = request.query_terms
    loose_request = request.with_changes(query_text=query_terms.loose_text)
    has_joined_words = len(list(loose_request.query_terms.should_terms)) > len(list(query_terms.should_terms))
    if has_joined_words:
        description = Sentence("Search for ‘%(words)s’", words=loose_request.query_text)
        yield SearchVariant("words", description, loose_request)
    if len(query_terms.should) <= MAX_GROUPS:
        for part, remaining_text in dict(query_terms.texts_without_a_part()).items():
            changed = request.with_changes(query_text=remaining_text)
            yield SearchVariant("words", Sentence("Search without ‘%(words)s’", words=part), changed)
    if request.match != "any" and 2 <= len(loose_request.query_terms.should) <= MAX_WORDS:
        any_request = loose_request if len(query_terms.should) < 2 else request
        changed = any_request.with_changes(match="any")
        yield SearchVariant("words", Sentence("Search for any of the words"), changed)


def _with_fewer_filters(request: SearchRequest) -> Iterator[SearchVariant]:
    changed_filters = [name for name in FILTERS if request.get(name) != parameter_default(name)]
    years = [name for name in changed_filters if name in ("year_from", "year_to")]
    for name in changed_filters:
        if name not in years:
            changed = request.with_changes(**{name: parameter_default(name)})
            yield SearchVariant(
                "filters", Sentence("Search without the filter ‘%(filter)s’", filter=_heading(name)), changed
            )
    if years:
        changed = request.with_changes(year_from=None, year_to=None)
        yield SearchVariant("filters", Sentence("Search in all years"), changed)
    if len(changed_filters) - max(0, len(years) - 1) > 1:
        yield SearchVariant("filters", Sentence("Search without filters"), request.without_filters())
    if request.hidden == "exclude":
        yield SearchVariant("filters", Sentence("Search hidden pictures too"), request.with_changes(hidden="include"))
    if set(request.document) != set(DOCUMENT_TYPES):
        changed = request.with_changes(document=DOCUMENT_TYPES)
        yield SearchVariant("filters", Sentence("Search pictures, pages and books"), changed)


def _last_resorts(request: SearchRequest) -> Iterator[SearchVariant]:
    any_word = request.without_filters().with_changes(match="any", document=DOCUMENT_TYPES)
    if request.query_text and any_word != request:
        yield SearchVariant(
            "filters", Sentence("Search for any of the words, everywhere"), any_word, is_last_resort=True
        )
    if request.query_text and request.has_filters:
        changed = request.with_changes(query_text="")
        yield SearchVariant("words", Sentence("Show everything that the filters allow"), changed, is_last_resort=True)
    yield SearchVariant("words", Sentence("Show the whole collection"), SearchRequest(), is_last_resort=True)


def _heading(name: str) -> str:
    """Return the name of a filter, which pages translate."""
    heading = PARAMETERS[name].heading
    return Sentence(heading) if heading else OTHER_HEADINGS.get(name, name)
