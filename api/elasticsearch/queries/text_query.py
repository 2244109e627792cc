"""The BM25 half of a body: query terms as named clauses over the fields."""

from collections.abc import Mapping, Sequence

from api.elasticsearch.queries.clause import Clause
from api.elasticsearch.queries.exact_titles import exact_title_clause, title_with_signs_clause
from api.elasticsearch.queries.filters import bare_years_clause, years_clauses
from api.elasticsearch.queries.identifiers import identifier_clauses, page_clauses
from api.elasticsearch.queries.phrases import verbatim_clause
from api.elasticsearch.queries.word_forms import (
    any_form_filter,
    forms_clause,
    fuzzy_clauses,
    prefix_filter,
    word_clause,
)
from api.search.boosts import BOOSTS, Boosts, FormBoosts
from api.search.choices import Match
from api.search.query_terms import QueryTerm, QueryTerms, is_required
from api.search.query_text import count_words

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

CAPTION_HEAD = "caption_head"
"""Clause and field of what a caption names first, `indexer.documents.caption_heads`."""

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
    if title := title_with_signs_clause(query_terms):
        bool_query["should"] = [_constant_score("exact title", title, boosts)]
    if query_terms.should:
        bool_query = {
            "should": _named_clauses(query_terms, boosts, misreadings=misreadings),
            "filter": [*filters, matching_filter(query_terms, match, misreadings=misreadings)],
        }
    return _demote(query_terms.negative, {"bool": bool_query}) if query_terms.negative else {"bool": bool_query}


def exclusion_filters(query_terms: QueryTerms) -> list[Clause]:
    """Return filters for years and for excluded terms, for both halves of a body.

    A misreading or a wide key excludes nothing.
    """
    filters = [_disjunction([_term_filter(term) for term in group]) for group in query_terms.years]
    must_not = [_term_filter(term, spelling=False) for term in query_terms.must_not]
    for groups in query_terms.must_not_together:
        clauses = [_disjunction([_term_filter(term, spelling=False) for term in group]) for group in groups]
        must_not.append({"bool": {"filter": clauses}})
    if must_not:
        filters.append({"bool": {"must_not": must_not}})
    title = title_with_signs_clause(query_terms)
    return [_disjunction([clause, title]) for clause in filters] if title else filters


def _demote(terms: Sequence[QueryTerm], positive: Clause) -> Clause:
    negative = {"bool": {"should": [_term_filter(term) for term in terms]}}
    weight = max(-term.weight for term in terms)
    return {"boosting": {"positive": positive, "negative": negative, "negative_boost": round(1 / (1 + weight), 3)}}


def _named_clauses(query_terms: QueryTerms, boosts: Boosts, *, misreadings: bool) -> list[Clause]:
    named_clauses = [
        clause
        for name in CLAUSE_FIELDS
        if (clause := _named_clause(name, query_terms, boosts, misreadings=misreadings))
    ]
    if head := _caption_head_clause(query_terms, boosts):
        named_clauses.append(head)
    if years := [bare for term in query_terms.should_terms if (bare := bare_years_clause(term))]:
        named_clauses.append(_constant_score("year", _disjunction(years), boosts))
    if identifiers := identifier_clauses(query_terms):
        named_clauses.append(_identifier_clause(identifiers, page_clauses(query_terms), boosts))
    if title := exact_title_clause(query_terms):
        named_clauses.append(_constant_score("exact title", title, boosts))
    return named_clauses


def _identifier_clause(identifiers: Sequence[Clause], pages: Sequence[Clause], boosts: Boosts) -> Clause:
    """Return a constant score for a book, and twice as much for the page of it that an address names."""
    if not pages:
        return _constant_score("identifiers", {"bool": {"should": list(identifiers)}}, boosts)
    scores = [{"constant_score": {"filter": {"bool": {"should": list(part)}}}} for part in (identifiers, pages)]
    return {"bool": {"should": scores, "boost": boosts.clauses["identifiers"], "_name": "identifiers"}}


def _constant_score(name: str, clause: Clause, boosts: Boosts) -> Clause:
    return {"constant_score": {"filter": clause, "boost": boosts.clauses[name], "_name": name}}


def _named_clause(name: str, query_terms: QueryTerms, boosts: Boosts, *, misreadings: bool) -> Clause:
    """Return the clause that ranks by one part of a document; empty if no term is about it."""
    fields, forms = CLAUSE_FIELDS[name], boosts.forms
    spelling = count_words(query_terms.plain_text) <= MAX_EXPANDED_WORDS
    terms = [
        term
        for term in dict.fromkeys(query_terms.should_terms)
        if term.kind not in ("address", "years") and name in CLAUSES_BY_FIELD[term.field]
    ][:MAX_RANKED_WORDS]
    should = [_ranking_clause(term, fields, forms, spelling=spelling) for term in terms]
    if misreadings:
        should += [
            clause
            for term in terms
            if term.kind == "word"
            for clause in fuzzy_clauses(term.text, fields, weight=forms.misread * term.weight)
        ]
    return {"bool": {"should": should, "boost": boosts.clauses[name], "_name": name}} if should else {}


def _caption_head_clause(query_terms: QueryTerms, boosts: Boosts) -> Clause:
    """Return the clause of captions that name first all that is searched for; empty if no caption can.

    With some of the words it would raise other pictures above those whose caption has the others too.
    """
    groups = [
        [term for term in group if term.kind == "word" and term.field in ("", "caption")]
        for group in query_terms.should
    ]
    if not (groups and all(groups) and count_words(query_terms.plain_text) <= MAX_EXPANDED_WORDS):
        return {}
    must = [_disjunction([forms_clause(term.text, CAPTION_HEAD, boosts.forms) for term in group]) for group in groups]
    return {"bool": {"must": must, "boost": boosts.clauses[CAPTION_HEAD], "_name": CAPTION_HEAD}}


def _ranking_clause(term: QueryTerm, fields: Sequence[str], forms: FormBoosts, *, spelling: bool) -> Clause:
    if term.kind != "word" and not term.is_name:
        return verbatim_clause(term, fields, forms)
    clause = word_clause(term.searched_text, fields, forms, spelling=spelling and not term.is_name)
    return clause if term.weight == 1 else {"bool": {"must": [clause], "boost": term.weight}}


def matching_filter(query_terms: QueryTerms, match: Match = "most", *, misreadings: bool = False) -> Clause:
    """Return a clause that requires enough of the words in any field, or an identifier.

    The named clauses are combined with OR: if each required 70 % of the words, a word in the title and another in
    the caption would not match together. Terms that `AND` or parentheses join are always required, and with `most`
    also phrases and terms with a field.
    """
    required_clauses: list[Clause] = []
    optional_clauses: list[Clause] = []
    for group in query_terms.should:
        if terms := [term for term in group if term.kind != "address"]:
            clause = _disjunction([_term_filter(term, misreadings=misreadings) for term in terms])
            (required_clauses if is_required(group, match) else optional_clauses).append(clause)
    clauses = required_clauses
    if optional_clauses:
        clauses.append({"bool": {"should": optional_clauses, "minimum_should_match": MINIMUM_SHOULD_MATCH[match]}})
    words = clauses if len(clauses) <= 1 else [{"bool": {"filter": clauses}}]
    title = title_with_signs_clause(query_terms)
    return _disjunction([*words, *identifier_clauses(query_terms), *([title] if title else [])])


def _term_filter(term: QueryTerm, *, spelling: bool = True, misreadings: bool = False) -> Clause:
    """Return a filter for one term in its fields, in any form."""
    if term.kind == "years":
        return {"bool": {"filter": years_clauses(*term.years)}}
    fields = [name for clause in CLAUSES_BY_FIELD[term.field] for name in CLAUSE_FIELDS[clause]]
    if term.kind == "prefix" and not term.field:
        return prefix_filter(term.text)
    if term.kind not in ("word", "address") and not term.is_name:
        return verbatim_clause(term, fields)
    spelling = spelling and not term.is_name
    clauses = [any_form_filter(term.searched_text, fields if term.field else (), spelling=spelling)]
    if misreadings and term.kind == "word":
        clauses += fuzzy_clauses(term.text, fields)
    if years := bare_years_clause(term):
        clauses.append(years)
    return _disjunction(clauses)


def _disjunction(clauses: Sequence[Clause]) -> Clause:
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": list(clauses)}}
