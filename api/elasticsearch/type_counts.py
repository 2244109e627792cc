"""The answer to `queries.type_counts` as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.elasticsearch.queries.meaning import BY_WORDS
from api.elasticsearch.queries.type_counts import HIDDEN, SHOWN
from api.elasticsearch.search_results import read_document_counts
from api.search.choices import DocumentType


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeCounts:
    """How many documents of each type match a search."""

    totals: Mapping[DocumentType, int]
    by_words: Mapping[DocumentType, int]
    """Those of `totals` that have the words, without those near in meaning alone."""
    hidden: Mapping[DocumentType, int]
    """Hidden documents, which are not in `totals`."""


def read_type_counts(response: Mapping[str, Any]) -> TypeCounts:
    """Return the counts; all are 0 where the indices do not exist."""
    aggregations = response.get("aggregations", {})
    shown = aggregations.get(SHOWN, {})
    totals = read_document_counts(shown)
    return TypeCounts(
        totals=totals,
        by_words=read_document_counts(shown[BY_WORDS]) if BY_WORDS in shown else totals,
        hidden=read_document_counts(aggregations.get(HIDDEN, {})),
    )
