"""What narrows a question."""

from api.queries.clause import Clause
from api.question import FACETS, Question

FACET_FIELDS = {facet: "label.name" if facet == "label" else facet for facet in FACETS}


def filters(question: Question, without: str = "") -> list[Clause]:
    """What narrows the question: values of one facet are alternatives, facets come together; `without` is one id."""
    clauses: list[Clause] = [
        {"terms": {field: list(values)}}
        for facet, field in FACET_FIELDS.items()
        if (values := getattr(question, facet))
    ]
    years = {"gte": question.year_from, "lte": question.year_to}
    if given := {side: year for side, year in years.items() if year is not None}:
        clauses.append({"range": {"year": given}})
    if without:
        clauses.append({"bool": {"must_not": [{"ids": {"values": [without]}}]}})
    return clauses
