"""The BM25 half of a body: query terms as named clauses over the fields."""

import re
from collections.abc import Mapping, Sequence

from api.elasticsearch.queries.clause import Clause
from api.elasticsearch.queries.word_forms import (
    WORDS_FIELD,
    any_form_filter,
    fuzzy_clauses,
    verbatim_clause,
    word_clause,
)
from api.search.boosts import BOOSTS, Boosts, FormBoosts
from api.search.choices import Match
from api.search.query_syntax import QueryTerm, QueryTerms
from api.search.query_text import count_words
from core.text import fold_letters

CLAUSE_FIELDS: Mapping[str, tuple[str, ...]] = {
    "caption": ("caption",),
    "title": ("title",),
    "subjects": ("subjects",),
    "context": ("before", "after"),
    "page_text": ("page_text",),
    "authors": ("authors",),
    "publisher": ("publisher",),
    "place": ("place",),
}
"""Clause name → its fields."""

CLAUSES_BY_FIELD: Mapping[str, tuple[str, ...]] = {
    "": tuple(CLAUSE_FIELDS),
    "title": ("title",),
    "author": ("authors",),
    "publisher": ("publisher",),
    "place": ("place",),
    "subject": ("subjects",),
    "caption": ("caption",),
    "text": ("context", "page_text"),
}
"""Field of the query syntax → clauses that search it."""

IDENTIFIER_FIELDS = ("identifiers", "book_id", "page_id")
MAX_IDENTIFIERS = 3
"""Words with a digit that are searched as identifiers; the smallest node allows few clauses."""

MIN_IDENTIFIER_PART_LENGTH = 6

MINIMUM_SHOULD_MATCH: Mapping[Match, str] = {"any": "1", "most": "2<70%", "all": "100%"}
"""`most`: of one or two words all are required, of more 70 %, so that one misspelling does not empty the page."""

MAX_EXPANDED_WORDS = 8
"""Longest query whose words rank by wide keys of spelling too; in a longer one these match but do not rank, as the
smallest node allows 1,024 clauses."""

MAX_RANKED_WORDS = 12
"""Words that rank; the others of a longer query only have to match."""


def text_query(
    query_terms: QueryTerms,
    filters: Sequence[Clause] = (),
    match: Match = "most",
    boosts: Boosts = BOOSTS,
    *,
    misreadings: bool = False,
) -> Clause:
    """Return a query that requires enough of the words in any field and ranks by field.

    Punctuation alone finds nothing. With `misreadings` a long word may have one other letter; that takes as long as
    all the rest, so a search asks for it only if it finds little.

    `filters` must include `exclusion_filters`, like those of the kNN half.
    """
    matches_nothing = query_terms.query_text.strip() and not query_terms
    bool_query: Clause = {"must": [{"match_none" if matches_nothing else "match_all": {}}], "filter": list(filters)}
    if query_terms.should:
        identifier_clauses = _identifier_clauses(query_terms)
        bool_query = {
            "should": _named_clauses(query_terms, identifier_clauses, boosts, misreadings=misreadings),
            "filter": [*filters, _minimum_match(query_terms, match, identifier_clauses, misreadings=misreadings)],
        }
    return _demote(query_terms.negative, {"bool": bool_query}) if query_terms.negative else {"bool": bool_query}


def exclusion_filters(query_terms: QueryTerms) -> list[Clause]:
    """Return filters for excluded terms, for both halves of a body; a misreading or a wide key excludes nothing."""
    return (
        [{"bool": {"must_not": [_term_filter(term, spelling=False) for term in query_terms.must_not]}}]
        if query_terms.must_not
        else []
    )


def _demote(terms: Sequence[QueryTerm], positive: Clause) -> Clause:
    negative = {"bool": {"should": [_term_filter(term) for term in terms]}}
    weight = max(-term.weight for term in terms)
    return {"boosting": {"positive": positive, "negative": negative, "negative_boost": round(1 / (1 + weight), 3)}}


def _named_clauses(
    query_terms: QueryTerms, identifier_clauses: Sequence[Clause], boosts: Boosts, *, misreadings: bool
) -> list[Clause]:
    named_clauses = [
        clause
        for name in CLAUSE_FIELDS
        if (clause := _named_clause(name, query_terms, boosts, misreadings=misreadings))
    ]
    if years := [year for term in query_terms.should_terms if (year := _parse_year(term)) is not None]:
        named_clauses.append({"terms": {"year": years, "boost": boosts.clauses["year"], "_name": "year"}})
    if identifier_clauses:
        named_clauses.append(_constant_score("identifiers", {"bool": {"should": list(identifier_clauses)}}, boosts))
    if titles := _exact_titles(query_terms):
        named_clauses.append(_constant_score("exact title", {"terms": {"title.normalised": titles}}, boosts))
    return named_clauses


def _constant_score(name: str, clause: Clause, boosts: Boosts) -> Clause:
    return {"constant_score": {"filter": clause, "boost": boosts.clauses[name], "_name": name}}


def _named_clause(name: str, query_terms: QueryTerms, boosts: Boosts, *, misreadings: bool) -> Clause:
    """Return the clause that ranks by one part of a document; empty if no term is about it."""
    fields, forms = CLAUSE_FIELDS[name], boosts.forms
    spelling = count_words(query_terms.plain_text) <= MAX_EXPANDED_WORDS
    terms = [term for term in query_terms.should_terms if name in CLAUSES_BY_FIELD[term.field]][:MAX_RANKED_WORDS]
    should = [_ranking_clause(term, fields, forms, spelling=spelling) for term in terms]
    if misreadings:
        should += [
            clause
            for term in terms
            if term.kind == "word"
            for clause in fuzzy_clauses(term.text, fields, weight=forms.misread * term.weight)
        ]
    return {"bool": {"should": should, "boost": boosts.clauses[name], "_name": name}} if should else {}


def _ranking_clause(term: QueryTerm, fields: Sequence[str], forms: FormBoosts, *, spelling: bool) -> Clause:
    if term.kind != "word":
        return verbatim_clause(term, fields, forms)
    clause = word_clause(term.text, fields, forms, spelling=spelling)
    return clause if term.weight == 1 else {"bool": {"must": [clause], "boost": term.weight}}


def _minimum_match(
    query_terms: QueryTerms, match: Match, identifier_clauses: Sequence[Clause], *, misreadings: bool
) -> Clause:
    """Return a clause that requires enough of the words in any field, or an identifier.

    The named clauses are combined with OR: if each required 70 % of the words, a word in the title and another in
    the caption would not match together. With `most`, phrases and terms with a field are always required.
    """
    required_groups = [group for group in query_terms.should if match == "most" and _is_required(group)]
    optional_clauses = [
        _disjunction([_term_filter(term, misreadings=misreadings) for term in group])
        for group in query_terms.should
        if group not in required_groups
    ]
    clauses = [
        _disjunction([_term_filter(term, misreadings=misreadings) for term in group]) for group in required_groups
    ]
    if optional_clauses:
        clauses.append({"bool": {"should": optional_clauses, "minimum_should_match": MINIMUM_SHOULD_MATCH[match]}})
    minimum_clause = clauses[0] if len(clauses) == 1 else {"bool": {"filter": clauses}}
    return _disjunction([minimum_clause, *identifier_clauses])


def _is_required(group: Sequence[QueryTerm]) -> bool:
    return all(term.kind == "phrase" or term.field for term in group)


def _term_filter(term: QueryTerm, *, spelling: bool = True, misreadings: bool = False) -> Clause:
    """Return a filter for one term in its fields, in any form."""
    fields = [name for clause in CLAUSES_BY_FIELD[term.field] for name in CLAUSE_FIELDS[clause]]
    if term.kind == "prefix" and not term.field:
        return {"prefix": {WORDS_FIELD: fold_letters(term.text)}}
    if term.kind != "word":
        return verbatim_clause(term, fields)
    clauses = [any_form_filter(term.text, fields if term.field else (), spelling=spelling)]
    if misreadings:
        clauses += fuzzy_clauses(term.text, fields)
    if (year := _parse_year(term)) is not None:
        clauses.append({"term": {"year": year}})
    return _disjunction(clauses)


def _disjunction(clauses: Sequence[Clause]) -> Clause:
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": list(clauses)}}


def _parse_year(term: QueryTerm) -> int | None:
    return int(term.text) if not term.field and re.fullmatch("[0-9]{3,4}", term.text) else None


def _identifier_clauses(query_terms: QueryTerms) -> list[Clause]:
    """Return clauses for words with a digit, and for the last part of URLs, often the identifier."""
    words = [term.text for term in query_terms.should_terms if not term.field and term.kind != "prefix"]
    identifiers = [word for word in words if any(map(str.isdigit, word))][:MAX_IDENTIFIERS]
    variants = dict.fromkeys(variant for word in identifiers for variant in (word, word.rpartition("/")[2]) if variant)
    clauses: list[Clause] = [
        {"term": {field: {"value": variant, "case_insensitive": True}}}
        for variant in variants
        for field in IDENTIFIER_FIELDS
    ]
    # ISBNs may lack hyphens. People remember the last part of a URN; a very short part may be a year.
    clauses += [{"term": {"identifiers.compact": variant}} for variant in variants]
    return clauses + [
        {"match_phrase": {"identifiers.parts": variant}}
        for variant in variants
        if len(variant) >= MIN_IDENTIFIER_PART_LENGTH
    ]


def _exact_titles(query_terms: QueryTerms) -> list[str]:
    """Return the query text as a whole title, with and without the signs of the syntax."""
    if any(term.kind == "prefix" or term.field not in ("", "title") for term in query_terms.should_terms):
        return []
    return list(dict.fromkeys(title for title in (query_terms.query_text.strip(), query_terms.plain_text) if title))
