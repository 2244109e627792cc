"""Responses of `_search` as dataclasses: totals, hits, counts and suggestions."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from api.elasticsearch.hits import EMPTY_HIT, read_hit, read_hits
from api.elasticsearch.queries.body import DECORATIONS, RESULTS
from api.elasticsearch.queries.lookups import BOOKS
from api.elasticsearch.queries.lookups import DECORATIONS as BOOK_DECORATIONS
from api.elasticsearch.queries.meaning import BY_WORDS
from api.elasticsearch.queries.start_page import BOOKS as TILE_BOOKS
from api.elasticsearch.queries.start_page import PAGES, PICTURES
from api.elasticsearch.scored_hits import CollapsedPage, ScoredHit
from api.elasticsearch.scores import read_candidate, result_id
from api.records import BookCounts, PictureCounts
from api.responses import Hit
from api.search.choices import DocumentType
from api.search.highlighting import Highlighter
from api.search.suggestions import FOLDED_SUGGESTER, PRINTED_SUGGESTER, WordCorrection

Fields = Mapping[str, Any]

HIGHLIGHT_PATTERN = re.compile("<em>(.*?)</em>")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResults:
    """The answers to one search."""

    total: int
    word_total: int
    """Those of `total` that have the words; all of them unless the search also looks for their meaning."""
    pages: int | None
    """Pages of the results if all of them were collapsed, else None."""
    prints: int | None
    """Results without reprints, if all of them were collapsed, else None."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class HitList:
    """Hits without scores, and how many there are in all."""

    total: int
    hits: list[Hit]


@dataclass(frozen=True, slots=True, kw_only=True)
class TileBucket:
    """A value of a facet, or the first of some years, with a few of its pictures."""

    value: str
    count: int
    hits: list[Hit]
    contents: tuple[object, ...] = ()
    """Equal for two values with the same pictures; empty if they were not compared."""


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
    aggregations = aggregations.get(RESULTS, aggregations)
    total = int(aggregations["doc_count"]) if "doc_count" in aggregations else read_total(counts)
    collapsed = CollapsedPage(raw_hits, total, *collapsed_page) if collapsed_page else None
    hits = [
        ScoredHit(
            hit=read_hit(raw_hit, knn_boosts, highlighter) if "_source" in raw_hit else EMPTY_HIT,
            candidate=read_candidate(raw_hit, knn_boosts),
            raw_hit=raw_hit,
            **details,
        )
        for raw_hit, details in (collapsed.hits if collapsed else ((raw_hit, {}) for raw_hit in raw_hits))
    ]
    return SearchResults(
        total=total,
        word_total=int(aggregations[BY_WORDS]["doc_count"]) if BY_WORDS in aggregations else total,
        pages=collapsed.pages if collapsed else None,
        prints=collapsed.prints if collapsed else None,
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


def add_documents(
    results: SearchResults, response: Fields, knn_boosts: Mapping[str, float], highlighter: Highlighter | None
) -> SearchResults:
    """Return the results with the documents of a response to `documents_query`.

    A document that has been changed or deleted since the search keeps the `EMPTY_HIT`.
    """
    documents = {result_id(raw_hit): raw_hit for raw_hit in response["hits"]["hits"]}
    hits = [scored_hit.with_document(documents, knn_boosts, highlighter) for scored_hit in results.hits]
    return replace(
        results,
        took=results.took + int(response["took"]),
        hits=hits,
        highlighted_words=read_highlighted_words(scored_hit.hit for scored_hit in hits),
    )


def read_hit_list(response: Fields) -> HitList:
    """Return a response to one of `queries.lookups`."""
    return HitList(total=read_total(response), hits=read_hits(response))


def read_total(response: Fields) -> int:
    return int(response["hits"]["total"]["value"])


def read_document_counts(aggregations: Fields) -> dict[DocumentType, int]:
    """Return document type → count, from the aggregation `document`."""
    return {bucket["key"]: int(bucket["doc_count"]) for bucket in aggregations.get("document", {}).get("buckets", [])}


def read_book_counts(response: Fields) -> BookCounts:
    """Return the counts of `queries.lookups.document_counts_query`."""
    aggregations: Fields = response["aggregations"]
    counts_by_type = read_document_counts(aggregations)
    hidden, decorations = (int(aggregations[name]["doc_count"]) for name in ("hidden", "decorations"))
    return BookCounts(
        pages=counts_by_type.get("page", 0),
        pictures=counts_by_type.get("picture", 0) - hidden - decorations,
        decorations=decorations,
        hidden=hidden,
        last_page=int(aggregations["last_page"]["value"] or 0),
    )


def read_picture_counts(response: Fields) -> dict[str, PictureCounts]:
    """Return book id → the counts of `queries.lookups.picture_counts_query`."""
    counts = {}
    for bucket in response["aggregations"][BOOKS]["buckets"]:
        decorations = int(bucket[BOOK_DECORATIONS]["doc_count"])
        counts[str(bucket["key"])] = PictureCounts(
            pictures=int(bucket["doc_count"]) - decorations, decorations=decorations
        )
    return counts


def read_collection_counts(response: Fields) -> tuple[int, int, tuple[int, int] | None]:
    """Return pictures, books, and the first and last year, from a response to `collection_query`."""
    aggregations: Fields = response["aggregations"]
    first, last = aggregations["first"]["value"], aggregations["last"]["value"]
    years = None if first is None else (int(first), int(last))
    return read_total(response), int(aggregations["books"]["value"]), years


def read_tile_buckets(response: Fields, name: str) -> list[TileBucket]:
    """Return one aggregation of `tiles_query`, in its order; empty if the response lacks it."""
    buckets = response.get("aggregations", {}).get(name, {}).get("buckets", [])
    named_buckets = buckets.items() if isinstance(buckets, Mapping) else ((bucket["key"], bucket) for bucket in buckets)
    return [
        TileBucket(
            value=str(value),
            count=int(bucket["doc_count"]),
            hits=read_hits(bucket[PICTURES]),
            contents=_read_contents(bucket) if PAGES in bucket else (),
        )
        for value, bucket in named_buckets
    ]


def _read_contents(bucket: Fields) -> tuple[object, ...]:
    books = frozenset((str(book["key"]), int(book["doc_count"])) for book in bucket[TILE_BOOKS]["buckets"])
    return int(bucket["doc_count"]), books, int(bucket[PAGES]["value"])


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
