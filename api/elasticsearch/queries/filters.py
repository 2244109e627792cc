"""What narrows a question."""

from collections.abc import Mapping, Sequence

from api.elasticsearch.queries.clause import Clause
from api.search.request import DOCUMENTS, FILTERS, Question

FIELDS: Mapping[str, str] = {
    **{name: name for name in FILTERS},
    "label": "label.name",
    "author": "authors.exact",
    "subject": "subjects.exact",
    "type": "type_of_work",
    "book": "book_id",
    "family": "family.id",
}
"""What narrows by a value → the field that holds it."""

CAPTION: Clause = {"exists": {"field": "caption.text"}}
NO_CAPTION: Clause = {"bool": {"filter": [{"term": {"document": "picture"}}], "must_not": [CAPTION]}}
"""A page or a book has no caption either, which says nothing."""

SET_ASIDE: Clause = {"term": {"set_aside": True}}


def filters(question: Question, without: Sequence[str] = ()) -> list[Clause]:
    """What narrows the question: values of one facet are alternatives, facets come together; `without` are ids."""
    clauses = list(narrowing(question).values())
    if without:
        clauses.append({"bool": {"must_not": [{"ids": {"values": list(without)}}]}})
    return clauses


def narrowing(question: Question, but: str = "") -> dict[str, Clause]:
    """The clause of each filter that is set, by its name, without the one that is named."""
    clauses: dict[str, Clause] = {
        name: {"terms": {field: list(values)}} for name, field in FIELDS.items() if (values := getattr(question, name))
    }
    if set(question.document) != set(DOCUMENTS):
        clauses["document"] = {"terms": {"document": list(question.document)}}
    if given := _years(question):
        clauses["year"] = {"range": {"year": given}}
    if question.has_caption is not None:
        clauses["has_caption"] = CAPTION if question.has_caption else NO_CAPTION
    if question.set_aside != "show":
        clauses["set_aside"] = SET_ASIDE if question.set_aside == "only" else {"bool": {"must_not": [SET_ASIDE]}}
    return {name: clause for name, clause in clauses.items() if name != but}


def _years(question: Question) -> dict[str, int]:
    sides = {"gte": question.year_from, "lte": question.year_to}
    return {side: year for side, year in sides.items() if year is not None}
