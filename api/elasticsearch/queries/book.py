"""Bodies for one book: its record, its pages, its pictures, and matches of words in it."""

from collections.abc import Sequence

from api.elasticsearch.queries.clause import MODEL_FIELDS, Body, Clause
from api.elasticsearch.queries.phrases import verbatim_clause
from api.elasticsearch.queries.word_forms import any_form_filter
from api.search.query_terms import QueryTerm, QueryTerms

MAX_LEAVES = 10_000
"""Elasticsearch's `index.max_result_window`, more than any volume has."""

PAGE_FIELDS = ("page_text",)
PICTURE_FIELDS = ("caption", "before", "after")
CAPTION_FIELDS = ("caption",)

HIDDEN_CLAUSE: Clause = {"term": {"hidden": True}}
"""Blank pages and segmentation errors, which are left out."""

IN_PAGE_ORDER: list[Clause] = [
    {"page": "asc"},
    {"document": "asc"},
    # Only pictures have a box.
    {"box.y": {"order": "asc", "unmapped_type": "integer"}},
    {"box.x": {"order": "asc", "unmapped_type": "integer"}},
]


def book_query(book_key: str) -> Body:
    """Return the query of a book in the index of books, by its id in URLs or at the library."""
    id_clauses: list[Clause] = [{"ids": {"values": [book_key]}}, {"term": {"book_id": book_key}}]
    return {"size": 1, "_source": {"excludes": ["forms"]}, "query": {"bool": {"should": id_clauses}}}


def books_after_query(book_id: str, size: int) -> Body:
    """Return the query of the ids of the next books after a book, in the order of the library's ids."""
    body: Body = {"size": size, "_source": False, "query": {"match_all": {}}, "sort": [{"book_id": "asc"}]}
    return {**body, "search_after": [book_id]} if book_id else body


def leaves_query(book_id: str) -> Body:
    """Return the query of all pages of a book, in order and without their text."""
    return {
        "size": MAX_LEAVES,
        "_source": ["page", "page_id", "page_label", "scan", "image"],
        "query": {"term": {"book_id": book_id}},
        "sort": [{"page": "asc"}],
    }


def book_pictures_query(book_id: str, page: int | None = None) -> Body:
    """Return the query of the pictures of a book or of one page, in page order."""
    filters: list[Clause] = [{"term": {"book_id": book_id}}]
    if page is not None:
        filters.append({"term": {"page": page}})
    return {
        "size": MAX_LEAVES,
        "_source": {"excludes": [*MODEL_FIELDS, "page_text", "forms", "context"]},
        "query": {"bool": {"filter": filters, "must_not": [HIDDEN_CLAUSE]}},
        "sort": IN_PAGE_ORDER,
    }


def page_words_query(book_id: str, page: int) -> Body:
    """Return the query of one page of a book with its words and their boxes."""
    return {
        "size": 1,
        "_source": ["page", "page_label", "scan", "image", "language", "page_text", "boxes"],
        "query": {"bool": {"filter": [{"term": {"book_id": book_id}}, {"term": {"page": page}}]}},
    }


def nearest_page_query(book_id: str, page: int, *, backwards: bool = False) -> Body:
    """Return the query of the next page of a book that the index knows, or of the one before."""
    limit, order = ("lt", "desc") if backwards else ("gt", "asc")
    return {
        "size": 1,
        "_source": ["page"],
        "query": {"bool": {"filter": [{"term": {"book_id": book_id}}, {"range": {"page": {limit: page}}}]}},
        "sort": [{"page": order}],
    }


def book_matches_query(
    book_id: str,
    query_terms: QueryTerms | None,
    *,
    pages: bool,
    pictures: bool,
    size: int,
    offset: int = 0,
    captions_only: bool = False,
) -> Body:
    """Return the query of the pages and pictures of a book that match words, in page order.

    A picture matches by its caption and context, or with `captions_only`, which a list with the pages needs, by its
    caption. Without words (None) every picture matches, and no page.
    """
    should: list[Clause] = []
    if pages and query_terms is not None:
        should.append(_documents_with_terms("page", query_terms, PAGE_FIELDS))
    if pictures:
        fields = CAPTION_FIELDS if captions_only else PICTURE_FIELDS
        should.append(_documents_with_terms("picture", query_terms, fields))
    return {
        "size": size,
        "from": offset,
        "track_total_hits": True,
        "_source": {"excludes": [*MODEL_FIELDS, "forms"]},
        "query": {
            "bool": {
                "filter": [{"term": {"book_id": book_id}}],
                "must": [{"bool": {"should": should}} if should else {"match_none": {}}],
                "must_not": [HIDDEN_CLAUSE],
            }
        },
        "sort": IN_PAGE_ORDER,
    }


def _documents_with_terms(document_type: str, query_terms: QueryTerms | None, fields: Sequence[str]) -> Clause:
    """Return a clause that requires every term, in any form; of alternatives joined by `OR` one is enough."""
    type_clause: Clause = {"term": {"document": document_type}}
    if query_terms is None:
        return {"bool": {"filter": [type_clause]}}

    def any_term(group: Sequence[QueryTerm]) -> Clause:
        return {"bool": {"should": [_term_clause(term, fields) for term in group]}}

    must = list(map(any_term, query_terms.should))
    must_not = [_term_clause(term, fields) for term in query_terms.must_not]
    must_not += [{"bool": {"filter": list(map(any_term, groups))}} for groups in query_terms.must_not_together]
    return {"bool": {"filter": [type_clause], "must": must or [{"match_none": {}}], "must_not": must_not}}


def _term_clause(term: QueryTerm, fields: Sequence[str]) -> Clause:
    if term.kind in ("phrase", "prefix"):
        return verbatim_clause(term, fields)
    return any_form_filter(term.text, fields)
