"""The filter clauses of a search request."""

import re
from collections.abc import Iterable

from api.elasticsearch.queries.clause import Clause
from api.search.choices import DOCUMENT_TYPES
from api.search.parameter import Parameter
from api.search.parameters import VALUE_FILTERS
from api.search.query_fields import parse_years
from api.search.query_terms import QueryTerm
from api.search.request import SearchRequest
from core.picture_classes import decoration_labels

CAPTION_CLAUSE: Clause = {"exists": {"field": "caption.text"}}
NO_CAPTION_CLAUSE: Clause = {"bool": {"filter": [{"term": {"document": "picture"}}], "must_not": [CAPTION_CLAUSE]}}
"""Pictures only: pages and books never have a caption."""

_YEARS_WITHOUT_FIELD = re.compile(r"1[0-9]{3}(?:[-–—]|\.\.\.?)(?:[0-9]{2}|[12][0-9]{3})|1[0-9]{2}0s")
LAST_YEAR = 2100
"""Latest year that two numbers with a dash between them may mean; `1234-5678` is an ISSN."""

HIDDEN_CLAUSE: Clause = {"term": {"hidden": True}}

DECORATION_CLAUSE: Clause = {
    "bool": {
        "should": [
            {"terms": {"label.name": list(decoration_labels())}},
            {
                "bool": {
                    "filter": [{"exists": {"field": "decoration"}}],
                    "must_not": [{"exists": {"field": "label.name"}}],
                }
            },
        ]
    }
}
"""Pictures that a label calls decoration, or the indexer where there is no label."""
NO_DECORATION_CLAUSE: Clause = {"bool": {"must_not": [DECORATION_CLAUSE]}}


def filter_clauses(search_request: SearchRequest) -> list[Clause]:
    """Return all filters of the request: values of one filter are alternatives, different filters must all match."""
    return list(clauses_by_filter(search_request).values())


def clauses_by_filter(search_request: SearchRequest, except_filter: str = "") -> dict[str, Clause]:
    """Return the clause of each filter that is set, by the filter's name, apart from `except_filter`."""
    clauses: dict[str, Clause] = {
        name: value_clause(VALUE_FILTERS[name], values) for name, values in search_request.filters.items()
    }
    if set(search_request.document) != set(DOCUMENT_TYPES):
        clauses["document"] = {"terms": {"document": list(search_request.document)}}
    if year_clauses := years_clauses(search_request.year_from, search_request.year_to):
        clauses["year"] = year_clauses[0] if len(year_clauses) == 1 else {"bool": {"filter": year_clauses}}
    if search_request.has_caption is not None:
        clauses["has_caption"] = CAPTION_CLAUSE if search_request.has_caption else NO_CAPTION_CLAUSE
    if search_request.hidden != "include":
        clauses["hidden"] = (
            HIDDEN_CLAUSE if search_request.hidden == "only" else {"bool": {"must_not": [HIDDEN_CLAUSE]}}
        )
    if search_request.decoration == "only":
        clauses["decoration"] = DECORATION_CLAUSE
    elif search_request.leaves_out_decoration:
        clauses["decoration"] = NO_DECORATION_CLAUSE
    return {name: clause for name, clause in clauses.items() if name != except_filter}


def value_clause(parameter: Parameter, values: Iterable[str]) -> Clause:
    """Return the clause of documents with one of the values, or with what one of them also stands for."""
    alternatives = (alternative for value in values for alternative in parameter.alternatives(value))
    return {"terms": {parameter.field: list(dict.fromkeys(alternatives))}}


def years_clauses(first: int | None, last: int | None) -> list[Clause]:
    """Return clauses for documents whose years overlap these; None is open."""
    bounds = {
        "last_year": {"gte": first} if first is not None else {},
        "year": {"lte": last} if last is not None else {},
    }
    return [{"range": {field: bound}} for field, bound in bounds.items() if bound]


def bare_years_clause(term: QueryTerm) -> Clause | None:
    """Return a clause of documents of the years that a word means without `year:`: `1867`, `1860-70`, `1860s`."""
    if term.field:
        return None
    if re.fullmatch("[0-9]{3,4}", term.text):
        return {"term": {"year": int(term.text)}}
    is_range = term.kind == "word" and _YEARS_WITHOUT_FIELD.fullmatch(term.text)
    years = parse_years(term.text) if is_range else None
    return {"bool": {"filter": years_clauses(*years)}} if years and (years[1] or 0) <= LAST_YEAR else None
