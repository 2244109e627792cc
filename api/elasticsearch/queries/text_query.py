"""The BM25 half of a body: query terms as named clauses over the fields."""

import re
from collections.abc import Mapping, Sequence

from api.elasticsearch.queries.clause import Clause
from api.elasticsearch.queries.word_forms import (
    any_form_clauses,
    fuzzy_clauses,
    match_clause,
    spelling_fields,
    verbatim_clause,
)
from api.search.boosts import BOOSTS, Boosts, FormBoosts
from api.search.choices import Match
from api.search.query_syntax import QueryTerm, QueryTerms
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

MAX_EXPANDED_WORDS = 12
"""Longest query whose words are ranked in all their forms: each is up to 71 clauses, and the smallest node allows
1,024. In a longer query endings and misreadings match but do not rank."""


def text_query(
    query_terms: QueryTerms, filters: Sequence[Clause] = (), match: Match = "most", boosts: Boosts = BOOSTS
) -> Clause:
    """Return a query that requires enough of the words in any field and ranks by field.

    Punctuation alone finds nothing.

    `filters` must include `exclusion_filters`, like those of the kNN half.
    """
    matches_nothing = query_terms.query_text.strip() and not query_terms
    bool_query: Clause = {"must": [{"match_none" if matches_nothing else "match_all": {}}], "filter": list(filters)}
    if query_terms.should:
        identifier_clauses = _identifier_clauses(query_terms)
        bool_query = {
            "should": _named_clauses(query_terms, identifier_clauses, boosts),
            "filter": [*filters, _minimum_match(query_terms, match, identifier_clauses)],
        }
    return _demote(query_terms.negative, {"bool": bool_query}) if query_terms.negative else {"bool": bool_query}


def exclusion_filters(query_terms: QueryTerms) -> list[Clause]:
    """Return filters for excluded terms, for both halves of a body; a misreading does not exclude."""
    return (
        [{"bool": {"must_not": [_term_clause(term, with_misreadings=False) for term in query_terms.must_not]}}]
        if query_terms.must_not
        else []
    )


def _demote(terms: Sequence[QueryTerm], positive: Clause) -> Clause:
    negative = {"bool": {"should": [_term_clause(term) for term in terms]}}
    weight = max(-term.weight for term in terms)
    return {"boosting": {"positive": positive, "negative": negative, "negative_boost": round(1 / (1 + weight), 3)}}


def _named_clauses(query_terms: QueryTerms, identifier_clauses: Sequence[Clause], boosts: Boosts) -> list[Clause]:
    clauses = {name: _boosted_clause(name, query_terms, boosts) for name in CLAUSE_FIELDS}
    if years := [year for term in query_terms.should_terms if (year := _parse_year(term)) is not None]:
        clauses["year"] = {"terms": {"year": years, "boost": boosts.clauses["year"]}}
    named_clauses = [_weigh_by_label(name, clause, boosts) for name, clause in clauses.items() if clause]
    if identifier_clauses:
        named_clauses.append(_constant_score("identifiers", {"bool": {"should": list(identifier_clauses)}}, boosts))
    if titles := _exact_titles(query_terms):
        named_clauses.append(_constant_score("exact title", {"terms": {"title.normalised": titles}}, boosts))
    return named_clauses


def _weigh_by_label(name: str, clause: Clause, boosts: Boosts) -> Clause:
    """Return the clause under its name, with a factor for pictures of some classes.

    The factor is inside the named clause, so that the reported score includes it and the fusions use it.
    """
    functions = [
        {"filter": {"term": {"label.name": label}}, "weight": factor} for label, factor in boosts.labels.items()
    ]
    return {"function_score": {"query": clause, "functions": functions, "_name": name}}


def _constant_score(name: str, clause: Clause, boosts: Boosts) -> Clause:
    return {"constant_score": {"filter": clause, "boost": boosts.clauses[name], "_name": name}}


def _boosted_clause(name: str, query_terms: QueryTerms, boosts: Boosts) -> Clause:
    should = ranking_clauses(query_terms, name, CLAUSE_FIELDS[name], boosts.forms)
    return {"bool": {"should": should, "boost": boosts.clauses[name]}} if should else {}


def ranking_clauses(
    query_terms: QueryTerms,
    clause_name: str,
    field_names: Sequence[str],
    form_boosts: FormBoosts,
    *,
    with_misreadings: bool = True,
) -> list[Clause]:
    """Return the clauses that rank by some fields of one named clause.

    Plain words are one clause; each term with a weight, a field, or quotes or `*` is another.
    """
    plain_text = " ".join(term.text for term in query_terms.should_terms if _is_plain(term))
    qualified_terms = [
        term for term in query_terms.should_terms if not _is_plain(term) and clause_name in CLAUSES_BY_FIELD[term.field]
    ]
    is_short = count_words(query_terms.plain_text) <= MAX_EXPANDED_WORDS
    should: list[Clause] = []
    if plain_text:
        should += [match_clause(plain_text, field_names, form_boosts, require_all=False, with_stems=is_short)]
        should += (
            fuzzy_clauses(plain_text, field_names, weight=form_boosts.misread) if is_short and with_misreadings else []
        )
    for term in qualified_terms:
        if term.kind != "word":
            should.append(verbatim_clause(term, spelling_fields(field_names, form_boosts), weight=term.weight))
            continue
        should.append(
            match_clause(term.text, field_names, form_boosts, weight=term.weight, require_all=True, with_stems=is_short)
        )
        should += (
            fuzzy_clauses(term.text, field_names, weight=form_boosts.misread * term.weight)
            if is_short and with_misreadings
            else []
        )
    return should


def _is_plain(term: QueryTerm) -> bool:
    return term == QueryTerm(term.text)


def _minimum_match(query_terms: QueryTerms, match: Match, identifier_clauses: Sequence[Clause]) -> Clause:
    """Return a clause that requires enough of the words in any field, or an identifier.

    The named clauses are combined with OR: if each required 70 % of the words, a word in the title and another in
    the caption would not match together. With `most`, phrases and terms with a field are always required.
    """
    required_groups = [group for group in query_terms.should if match == "most" and _is_required(group)]
    optional_clauses = [
        _disjunction([_term_clause(term) for term in group])
        for group in query_terms.should
        if group not in required_groups
    ]
    clauses = [_disjunction([_term_clause(term) for term in group]) for group in required_groups]
    if optional_clauses:
        clauses.append({"bool": {"should": optional_clauses, "minimum_should_match": MINIMUM_SHOULD_MATCH[match]}})
    minimum_clause = clauses[0] if len(clauses) == 1 else {"bool": {"filter": clauses}}
    return _disjunction([minimum_clause, *identifier_clauses])


def _is_required(group: Sequence[QueryTerm]) -> bool:
    return all(term.kind == "phrase" or term.field for term in group)


def _term_clause(term: QueryTerm, *, with_misreadings: bool = True) -> Clause:
    """Return a clause for one term in its fields, in any form; "Hand-Press" needs both halves."""
    field_names = [name for clause in CLAUSES_BY_FIELD[term.field] for name in CLAUSE_FIELDS[clause]]
    if term.kind != "word":
        return verbatim_clause(term, spelling_fields(field_names))
    clauses = any_form_clauses(term.text, field_names) + (
        fuzzy_clauses(term.text, field_names) if with_misreadings else []
    )
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
