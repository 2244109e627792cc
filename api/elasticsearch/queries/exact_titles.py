"""The clauses of a query text that is a whole title, also one that reads like the signs of the syntax."""

from api.elasticsearch.queries.clause import Clause
from api.elasticsearch.queries.phrases import ALTERNATIVE_TITLES
from api.search.query_terms import QueryTerms
from core.text import QUOTATION_MARKS

TITLE_FIELDS = ("title", ALTERNATIVE_TITLES)

FINAL_SIGNS = " .,;:/!?"
"""Signs behind a title that catalogues write and readers leave out, or the other way round."""


def exact_title_clause(query_terms: QueryTerms) -> Clause | None:
    """Return a clause for the uncut query text as a whole title, with and without the signs of the syntax.

    A title that is longer than the words that are searched may also be longer than the index keeps as one value, so
    its words in order count too.
    """
    query_text, terms = query_terms.query_text.strip(), list(query_terms.should_terms)
    is_words = all(term.kind in ("word", "phrase") and term.field in ("", "title") for term in terms)
    if not (terms and is_words):
        return title_with_signs_clause(query_terms)
    titles = _spellings(query_text, "" if query_terms.is_cut else query_terms.plain_text)
    clauses: list[Clause] = [{"terms": {f"{field}.normalised": titles}} for field in TITLE_FIELDS]
    if query_terms.is_cut:
        clauses += [{"match_phrase": {field: query_text}} for field in TITLE_FIELDS]
    return {"bool": {"should": clauses}}


def title_with_signs_clause(query_terms: QueryTerms) -> Clause | None:
    """Return a clause for a title that means something else in the syntax: `Text: a study`, `NOT for children`.

    None if the text has no such signs, so that its words find the title.
    """
    query_text = query_terms.query_text.strip()
    has_field = bool(query_terms.years) or any(term.field for term in query_terms.should_terms)
    has_signs = query_terms.excludes or (has_field and ": " in query_text)
    if not has_signs or query_terms.addresses or " " not in query_text:
        return None
    titles = _spellings(query_text)
    return {"bool": {"should": [{"terms": {f"{field}.normalised": titles}} for field in TITLE_FIELDS]}}


def _spellings(*titles: str) -> list[str]:
    """Return each title as it is, without quotation marks around it, and with and without a final sign."""
    forms: dict[str, None] = {}
    for title in filter(None, titles):
        bare = title[1:-1].strip() if title[0] in QUOTATION_MARKS and title[-1] in QUOTATION_MARKS else title
        ended = bare.rstrip(FINAL_SIGNS) or bare
        forms |= dict.fromkeys((title, bare, ended, f"{ended}."))
    return list(filter(None, forms))
