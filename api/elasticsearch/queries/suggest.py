"""The suggesters of “Did you mean”, part of the same request: words for those that no text has."""

from api.elasticsearch.queries.clause import Clause
from api.elasticsearch.queries.phrases import FOLDED_FIELDS
from api.elasticsearch.queries.word_forms import PRINTED_FIELDS
from api.search.query_terms import QueryTerms
from api.search.suggestions import FOLDED_SUGGESTER, MIN_WORD_LENGTH, PRINTED_SUGGESTER, correctable_terms

SUGGESTER_FIELDS = {PRINTED_SUGGESTER: PRINTED_FIELDS["page_text"], FOLDED_SUGGESTER: FOLDED_FIELDS["page_text"]}
"""Suggester → field: the page text as printed, captions included, and in one spelling for all centuries."""


def suggest_clause(query_terms: QueryTerms) -> Clause:
    """Return suggesters of words with one other letter, or nothing if no term can be corrected.

    They take 1 ms at 20,000 pictures; two other letters would take 5 to 20 ms.
    """
    text = " ".join(term.text for term in correctable_terms(query_terms))
    options = {
        "suggest_mode": "missing",
        "max_edits": 1,
        "prefix_length": 1,
        "min_word_length": MIN_WORD_LENGTH,
        "size": 3,
    }
    return (
        {"text": text, **{name: {"term": {"field": field, **options}} for name, field in SUGGESTER_FIELDS.items()}}
        if text
        else {}
    )
