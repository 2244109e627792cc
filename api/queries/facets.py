"""Counts beside the results."""

from api.queries.clause import Clause
from api.queries.filters import FACET_FIELDS

FACET_VALUES = 20
YEARS_A_BAR = 10


def facets() -> Clause:
    """Counts over all that was found, the nearest pictures included."""
    bars = {"field": "year", "interval": YEARS_A_BAR, "min_doc_count": 1}
    terms = {facet: {"terms": {"field": field, "size": FACET_VALUES}} for facet, field in FACET_FIELDS.items()}
    return {"year": {"histogram": bars}, **terms}
