"""Responses of `_search` as dataclasses: totals, hits, counts and suggestions."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from api.elasticsearch.hits import add_document, read_hit, read_hits, read_result_key
from api.elasticsearch.queries.body import DECORATIONS, FIGURES
from api.elasticsearch.queries.meaning import BY_WORDS
from api.elasticsearch.scores import read_candidate, result_id
from api.responses import Hit
from api.search.choices import DocumentType
from api.search.collapse import collapse_results, collapsed_page_count, page_bounds
from api.search.fusion import Candidate
from api.search.highlighting import Highlighter
from api.search.suggestions import FOLDED_SUGGESTER, PRINTED_SUGGESTER, WordCorrection

Fields = Mapping[str, Any]

HIGHLIGHT_PATTERN = re.compile("<em>(.*?)</em>")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredHit:
    """A hit, and its scores as the fusions use them."""

    hit: Hit
    candidate: Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResults:
    """The answers to one search."""

    total: int
    word_total: int
    """Those of `total` that have the words; all of them unless the search also looks for their meaning."""
    pages: int | None
    """Pages of the results if all of them were collapsed, else None."""
    is_collapsed: bool
    left_out: int
    """Ornaments and the like that match the words and are not among the results."""
    took: int
    """Milliseconds that Elasticsearch took."""
    hits: list[ScoredHit]
    document_counts: dict[DocumentType, int]
    book_counts: dict[str, dict[DocumentType, int]]
    """Book id → how many documents of each type match; empty unless results are grouped by book."""
    facet_aggregations: Fields
    """The aggregations of `queries.facet_aggregations`, see `api.search.facets`."""
    corrections: tuple[WordCorrection, ...]
    highlighted_words: frozenset[str]
    """Words in `<em>`, in small letters."""


class CollapsedPage:
    """The hits of one page of collapsed results, each with its `reprints` and `more_of_book`."""

    def __init__(self, raw_hits: Sequence[Fields], total: int, page: int, size: int) -> None:
        results = collapse_results([read_result_key(raw_hit) for raw_hit in raw_hits])
        first, end = page_bounds(len(results), total, page, size)
        self.pages = collapsed_page_count(len(results), total, size)
        self.hits: list[tuple[Fields, dict[str, Any]]] = [
            (
                raw_hits[result.position],
                {"reprints": list(result.reprints), "more_of_book": result.more_of_book},
            )
            for result in results[first:end]
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class HitList:
    """Hits without scores, and how many there are in all."""

    total: int
    hits: list[Hit]


def read_search_results(
    response: Fields,
    knn_boosts: Mapping[str, float],
    counts_response: Fields | None = None,
    highlighter: Highlighter | None = None,
    collapsed_page: tuple[int, int] | None = None,
) -> SearchResults:
    """Return the answers to one search as data.

    `knn_boosts` are the boosts of the clauses of the pictures, by model name; `counts_response` is the answer to the
    body that counts, if there are two (`queries.split_counts`); `collapsed_page` is the number and size of a page
    among results that are to be collapsed.
    """
    raw_hits = response["hits"]["hits"]
    counts = counts_response or response
    aggregations: Fields = counts.get("aggregations", {})
    left_out = int(aggregations[DECORATIONS]["doc_count"]) if DECORATIONS in aggregations else 0
    aggregations = aggregations.get(FIGURES, aggregations)
    total = int(aggregations["doc_count"]) if "doc_count" in aggregations else read_total(counts)
    collapsed = CollapsedPage(raw_hits, total, *collapsed_page) if collapsed_page else None
    hits = [
        ScoredHit(
            hit=replace(read_hit(raw_hit, knn_boosts, highlighter), **details),
            candidate=read_candidate(raw_hit, knn_boosts),
        )
        for raw_hit, details in (collapsed.hits if collapsed else ((raw_hit, {}) for raw_hit in raw_hits))
    ]
    return SearchResults(
        total=total,
        word_total=int(aggregations[BY_WORDS]["doc_count"]) if BY_WORDS in aggregations else total,
        pages=collapsed.pages if collapsed else None,
        is_collapsed=collapsed is not None,
        left_out=left_out,
        took=max(int(response["took"]), int(counts["took"])),
        hits=hits,
        document_counts=read_document_counts(aggregations),
        book_counts={
            str(bucket["key"]): read_document_counts(bucket)
            for bucket in aggregations.get("books", {}).get("buckets", [])
        },
        facet_aggregations=aggregations,
        corrections=read_corrections(counts.get("suggest", {})),
        highlighted_words=read_highlighted_words(scored_hit.hit for scored_hit in hits),
    )


def add_documents(results: SearchResults, response: Fields, highlighter: Highlighter) -> SearchResults:
    """Return the results with the documents of a response to `documents_query`."""
    raw_hits = {result_id(raw_hit): raw_hit for raw_hit in response["hits"]["hits"]}
    hits = [
        replace(scored_hit, hit=add_document(scored_hit.hit, raw_hit, highlighter))
        if (raw_hit := raw_hits.get(scored_hit.candidate.id))
        else scored_hit
        for scored_hit in results.hits
    ]
    return replace(results, hits=hits, highlighted_words=read_highlighted_words(scored_hit.hit for scored_hit in hits))


def read_hit_list(response: Fields) -> HitList:
    """Return a response to one of `queries.lookups`."""
    return HitList(total=read_total(response), hits=read_hits(response))


def read_total(response: Fields) -> int:
    return int(response["hits"]["total"]["value"])


def read_document_counts(aggregations: Fields) -> dict[DocumentType, int]:
    """Return document type → count, from the aggregation `document`."""
    return {bucket["key"]: int(bucket["doc_count"]) for bucket in aggregations.get("document", {}).get("buckets", [])}


def read_hidden_count(aggregations: Fields) -> int:
    """Return the count of `queries.lookups.document_counts_query`."""
    return int(aggregations["hidden"]["doc_count"])


def read_collection_counts(response: Fields) -> tuple[int, int, tuple[int, int] | None]:
    """Return pictures, books, and the first and last year, from a response to `queries.start_page_query`."""
    aggregations: Fields = response["aggregations"]
    first, last = aggregations["first"]["value"], aggregations["last"]["value"]
    years = None if first is None else (int(first), int(last))
    return read_total(response), int(aggregations["books"]["value"]), years


def read_corrections(suggestions: Fields) -> tuple[WordCorrection, ...]:
    """Return the best other word for each word that neither field has, as printed or in its folded spelling."""
    missing_offsets = {entry["offset"] for entry in suggestions.get(FOLDED_SUGGESTER, ()) if entry["options"]}
    return tuple(
        WordCorrection(
            offset=int(entry["offset"]), length=int(entry["length"]), replacement=str(entry["options"][0]["text"])
        )
        for entry in suggestions.get(PRINTED_SUGGESTER, ())
        if entry["options"] and entry["offset"] in missing_offsets
    )


def read_highlighted_words(hits: Iterable[Hit]) -> frozenset[str]:
    """Return the words in `<em>` in any text, in small letters."""
    fragments = (fragment for hit in hits for text_fragments in hit.highlights.values() for fragment in text_fragments)
    return frozenset(word.casefold() for fragment in fragments for word in HIGHLIGHT_PATTERN.findall(fragment))
