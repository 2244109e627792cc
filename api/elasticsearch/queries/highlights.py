"""The highlighter: matching words in `<em>`."""

from collections.abc import Mapping, Sequence

from api.elasticsearch.queries.clause import Clause
from api.elasticsearch.queries.text_query import CLAUSE_FIELDS, ranking_clauses
from api.elasticsearch.queries.word_forms import (
    FOLDED_FIELDS,
    PRINTED_FIELDS,
    fuzzy_clauses,
    restrict_fields,
    stem_fields,
)
from api.search.boosts import BOOSTS
from api.search.query_syntax import QueryTerms

FRAGMENT_COUNTS: Mapping[str, int] = {"caption": 0, "before": 2, "after": 2, "page_text": 1, "title": 0, "authors": 0}
"""Name in `Hit.highlights` → number of fragments; 0 means the whole text."""

FRAGMENT_SIZE = 100
"""Characters that fit on a card; the matching word may be at the end."""

HIGHLIGHT_FIELDS: Mapping[str, tuple[str, ...]] = {
    name: (*stem_fields([name]), FOLDED_FIELDS[name]) for name in FRAGMENT_COUNTS
}
FUZZY_HIGHLIGHT = "caption"

FIELDS_BY_HIGHLIGHT: Mapping[str, tuple[str, ...]] = {
    **HIGHLIGHT_FIELDS,
    FUZZY_HIGHLIGHT: (*HIGHLIGHT_FIELDS[FUZZY_HIGHLIGHT], PRINTED_FIELDS[FUZZY_HIGHLIGHT]),
}
"""Name in `Hit.highlights` → fields that may be highlighted, the one that marks most words first."""

CLAUSE_BY_FIELD = {field: name for name, fields in CLAUSE_FIELDS.items() for field in fields}


def highlight(query_terms: QueryTerms) -> Clause:
    """Return a highlighter that also marks other endings and spellings; all other text is escaped.

    Misreadings are marked in captions only: for fuzzy words Elasticsearch analyses each text again instead of using
    its index, which makes a search three times as slow. Each language is a separate field, which books in other
    languages do not have.
    """
    fields = {
        field: _field_highlight(name, matched_fields, [restrict_fields(clause, matched_fields) for clause in clauses])
        for name, highlight_fields in HIGHLIGHT_FIELDS.items()
        if (
            clauses := ranking_clauses(query_terms, CLAUSE_BY_FIELD[name], [name], BOOSTS.forms, with_misreadings=False)
        )
        for field in highlight_fields
        # Words as printed match the folded field too; highlighting both would be twice as slow.
        if (matched_fields := list(dict.fromkeys((field, FOLDED_FIELDS[name]))))
    }
    text = " ".join(
        term.text for term in query_terms.should_terms if term.kind == "word" and term.field in ("", FUZZY_HIGHLIGHT)
    )
    if misread_clauses := fuzzy_clauses(text, [FUZZY_HIGHLIGHT]):
        fields[PRINTED_FIELDS[FUZZY_HIGHLIGHT]] = _field_highlight(
            FUZZY_HIGHLIGHT, [PRINTED_FIELDS[FUZZY_HIGHLIGHT]], misread_clauses
        )
    return {"encoder": "html", "pre_tags": ["<em>"], "post_tags": ["</em>"], "fields": fields}


def _field_highlight(name: str, matched_fields: Sequence[str], clauses: Sequence[Clause]) -> Clause:
    return {
        "number_of_fragments": FRAGMENT_COUNTS[name],
        "fragment_size": FRAGMENT_SIZE,
        "matched_fields": list(matched_fields),
        "highlight_query": {"bool": {"should": list(clauses)}},
    }
