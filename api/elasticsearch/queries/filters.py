"""What narrows a question."""

from collections.abc import Mapping, Sequence

from api.elasticsearch.queries.clause import Clause
from api.search.request import DOCUMENT_TYPES, FILTERS, SearchRequest

FILTER_FIELDS: Mapping[str, str] = {
    **{name: name for name in FILTERS},
    "label": "label.name",
    "author": "authors.exact",
    "subject": "subjects.exact",
    "type": "type_of_work",
    "book": "book_id",
    "family": "family.id",
}
"""What narrows by a value → the field that holds it."""

CAPTION_CLAUSE: Clause = {"exists": {"field": "caption.text"}}
NO_CAPTION_CLAUSE: Clause = {"bool": {"filter": [{"term": {"document": "picture"}}], "must_not": [CAPTION_CLAUSE]}}
"""A page or a book has no caption either, which says nothing."""

HIDDEN_CLAUSE: Clause = {"term": {"hidden": True}}


def filter_clauses(search_request: SearchRequest, excluded_ids: Sequence[str] = ()) -> list[Clause]:
    """What narrows the question: values of one facet are alternatives, facets come together; `without` are ids."""
    clauses = list(clauses_by_filter(search_request).values())
    if excluded_ids:
        clauses.append({"bool": {"must_not": [{"ids": {"values": list(excluded_ids)}}]}})
    return clauses


def clauses_by_filter(search_request: SearchRequest, except_filter: str = "") -> dict[str, Clause]:
    """The clause of each filter that is set, by its name, without the one that is named."""
    clauses: dict[str, Clause] = {
        name: {"terms": {field: list(values)}}
        for name, field in FILTER_FIELDS.items()
        if (values := getattr(search_request, name))
    }
    if set(search_request.document) != set(DOCUMENT_TYPES):
        clauses["document"] = {"terms": {"document": list(search_request.document)}}
    if year_range := _year_range(search_request):
        clauses["year"] = {"range": {"year": year_range}}
    if search_request.has_caption is not None:
        clauses["has_caption"] = CAPTION_CLAUSE if search_request.has_caption else NO_CAPTION_CLAUSE
    if search_request.hidden != "include":
        clauses["hidden"] = (
            HIDDEN_CLAUSE if search_request.hidden == "only" else {"bool": {"must_not": [HIDDEN_CLAUSE]}}
        )
    return {name: clause for name, clause in clauses.items() if name != except_filter}


def _year_range(search_request: SearchRequest) -> dict[str, int]:
    bounds = {"gte": search_request.year_from, "lte": search_request.year_to}
    return {bound: year for bound, year in bounds.items() if year is not None}
