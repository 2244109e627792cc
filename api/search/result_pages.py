"""Results of a search → one page of results: grouping, paging, facets and the outlier cut-off."""

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from api.elasticsearch.search_results import SearchResults
from api.responses import BookGroup, Hit, ResultPage
from api.search.choices import DocumentType
from api.search.cut_off import count_outliers
from api.search.facets import read_facets
from api.search.paging import page_count
from api.search.request import SearchRequest
from api.search.suggestions import suggest_query_text

HITS_PER_BOOK = 8
"""Hits shown of each book when results are grouped."""


def build_result_page(
    results: SearchResults,
    filter_counts: Mapping[str, Any],
    search_request: SearchRequest,
    model_names: Sequence[str],
) -> ResultPage:
    """Return the page that was requested; `filter_counts` are the counts under the filters alone."""
    hits = [scored_hit.hit for scored_hit in results.hits]
    facets = read_facets(results.facet_aggregations, filter_counts, search_request)
    groups = group_by_book(hits, results.book_counts) if search_request.group else []
    total = results.total
    if search_request.needs_all_candidates:
        total = len(groups or hits)
        groups = groups[search_request.page_slice]
        hits = [] if search_request.group else hits[search_request.page_slice]
    hits = [hit for hit in hits if hit.id]  # without those whose documents were deleted since they were found
    return ResultPage(
        total=total,
        by_meaning=results.total - results.word_total,
        page=search_request.page,
        pages=results.pages if results.pages is not None else page_count(total, search_request.size),
        collapsed=results.is_collapsed,
        prints=results.prints,
        size=search_request.size,
        left_out=results.left_out,
        took=results.took,
        suggestion=suggest_query_text(search_request.query_terms, results.corrections, results.highlighted_words),
        models=list(model_names),
        fusion=search_request.chosen_fusion if search_request.needs_fusion else "sum",
        hits=hits,
        groups=groups,
        cut_off=_outlier_cut_off(search_request, hits),
        document_counts=results.document_counts,
        filtered_total=facets.collection_size,
        facets=facets.buckets,
        unlisted_counts=facets.unlisted_counts,
    )


def group_by_book(hits: Sequence[Hit], counts_by_book: Mapping[str, Mapping[DocumentType, int]]) -> list[BookGroup]:
    """Return the books in the order of their best hits; a book that Elasticsearch did not count counts its hits."""
    hits_by_book: dict[str, list[Hit]] = {}
    for hit in hits:
        hits_by_book.setdefault(hit.book_id, []).append(hit)
    return [
        BookGroup(
            book_id=book_id,
            book_key=book_hits[0].book_key,
            title=book_hits[0].title,
            counts=dict(counts_by_book.get(book_id) or Counter(hit.document for hit in book_hits)),
            hits=book_hits[:HITS_PER_BOOK],
        )
        for book_id, book_hits in hits_by_book.items()
    ]


def _outlier_cut_off(search_request: SearchRequest, hits: Sequence[Hit]) -> int | None:
    """Return the number of outliers on a first page that similarity alone orders, else None."""
    is_ordered_by_similarity = (
        search_request.has_image_terms
        and not search_request.query_text
        and search_request.page == 1
        and search_request.sort == "relevance"
    )
    if not is_ordered_by_similarity:
        return None
    return count_outliers([fmean(hit.similarities.values()) for hit in hits if hit.similarities])
