"""Bodies about one book: its record, its pages, its pictures, and where words stand in it."""

from collections.abc import Sequence

from api.elasticsearch.queries.clause import MODEL_FIELDS, Body, Clause
from api.search.query_syntax import QueryTerm, QueryTerms

MAX_LEAVES = 10_000
"""Elasticsearch's `index.max_result_window`; no bound volume comes near it."""

PAGE_FIELDS = ("page_text.text", "page_text.text.folded", "stems.*.page_text")
PICTURE_FIELDS = (
    *(f"{field}.text{form}" for field in ("caption", "context.before", "context.after") for form in ("", ".folded")),
    *(f"stems.*.{field}" for field in ("caption", "before", "after")),
)

HIGHLIGHT_TAGS = "\u0002", "\u0003"
"""Around a found word: no XML file, and so no page of ALTO, can hold these two characters."""

HIDDEN_CLAUSE: Clause = {"term": {"hidden": True}}
"""Blank pages and anomalies of the segmentation, which no reader of a book looks for."""

IN_PAGE_ORDER: list[Clause] = [
    {"page": "asc"},
    {"document": "asc"},
    # Of a page nothing but its pictures has a box.
    {"box.y": {"order": "asc", "unmapped_type": "integer"}},
    {"box.x": {"order": "asc", "unmapped_type": "integer"}},
]

MULTI_MATCH_TYPES = {"phrase": "phrase", "prefix": "phrase_prefix"}
"""What a term is to `multi_match`, where it is not a word."""


def book_query(book_key: str) -> Body:
    """Of `books`: by the id that stands in URLs, or by the library's own."""
    id_clauses: list[Clause] = [{"ids": {"values": [book_key]}}, {"term": {"book_id": book_key}}]
    return {"size": 1, "_source": {"excludes": ["stems"]}, "query": {"bool": {"should": id_clauses}}}


def leaves_query(book_id: str) -> Body:
    """Of `pages`: all of a book, in order, without their words."""
    return {
        "size": MAX_LEAVES,
        "_source": ["page", "page_id", "page_label", "scan", "image"],
        "query": {"term": {"book_id": book_id}},
        "sort": [{"page": "asc"}],
    }


def book_pictures_query(book_id: str, page: int | None = None) -> Body:
    """Of the pictures: a book's, or one page's, in page order."""
    filters: list[Clause] = [{"term": {"book_id": book_id}}]
    if page is not None:
        filters.append({"term": {"page": page}})
    return {
        "size": MAX_LEAVES,
        "_source": {"excludes": [*MODEL_FIELDS, "page_text", "stems", "context"]},
        "query": {"bool": {"filter": filters, "must_not": [HIDDEN_CLAUSE]}},
        "sort": IN_PAGE_ORDER,
    }


def book_matches_query(
    book_id: str, query_terms: QueryTerms | None, *, pages: bool, pictures: bool, size: int, offset: int = 0
) -> Body:
    """Of `pages` and the pictures at once: the pages that have the words, and the pictures whose own words match.

    Without words (None) every picture of the book matches, and no page does.
    """
    should: list[Clause] = []
    if pages and query_terms is not None:
        should.append(_documents_with_terms("page", query_terms, PAGE_FIELDS))
    if pictures:
        should.append(_documents_with_terms("picture", query_terms, PICTURE_FIELDS))
    return {
        "size": size,
        "from": offset,
        "track_total_hits": True,
        "_source": {"excludes": [*MODEL_FIELDS, "stems"]},
        "query": {
            "bool": {
                "filter": [{"term": {"book_id": book_id}}],
                "must": [{"bool": {"should": should}} if should else {"match_none": {}}],
                "must_not": [HIDDEN_CLAUSE],
            }
        },
        "highlight": _highlight(),
        "sort": IN_PAGE_ORDER,
    }


def _documents_with_terms(document_type: str, query_terms: QueryTerms | None, fields: Sequence[str]) -> Clause:
    """Every word must be there, in any of its forms; the alternatives that `OR` joins are one word."""
    type_clause: Clause = {"term": {"document": document_type}}
    if query_terms is None:
        return {"bool": {"filter": [type_clause]}}
    must = [{"bool": {"should": [_term_clause(term, fields) for term in group]}} for group in query_terms.should]
    must_not = [_term_clause(term, fields) for term in query_terms.must_not]
    return {"bool": {"filter": [type_clause], "must": must or [{"match_none": {}}], "must_not": must_not}}


def _term_clause(term: QueryTerm, fields: Sequence[str]) -> Clause:
    multi_match: Clause = {"query": term.text, "fields": list(fields)}
    # Of "Hand-Press" both halves, in one field.
    multi_match |= {"operator": "and"} if term.kind == "word" else {"type": MULTI_MATCH_TYPES[term.kind]}
    return {"multi_match": multi_match}


def _highlight() -> Clause:
    """The whole text of a page with every found word marked, so that the words can be counted out."""
    return {
        "pre_tags": [HIGHLIGHT_TAGS[0]],
        "post_tags": [HIGHLIGHT_TAGS[1]],
        "number_of_fragments": 0,
        "fields": {field: {} for field in PAGE_FIELDS},
    }
