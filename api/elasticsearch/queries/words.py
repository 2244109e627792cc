"""The words' half of a body: what a reader typed → named clauses over the fields."""

import re
from collections.abc import Mapping, Sequence

from api.elasticsearch.queries.clause import Clause
from api.elasticsearch.queries.forms import anywhere, as_written, matches, misread, spelt
from api.search.boosts import BOOSTS, Boosts, Forms
from api.search.query_syntax import Term, WordQuery
from api.search.query_text import how_many
from api.search.request import Match

CLAUSES: Mapping[str, tuple[str, ...]] = {
    "caption": ("caption",),
    "title": ("title",),
    "subjects": ("subjects",),
    "context": ("before", "after"),
    "page_text": ("page_text",),
    "authors": ("authors",),
    "publisher": ("publisher",),
    "place": ("place",),
}
"""Name of the clause → its fields."""

FIELD_CLAUSES: Mapping[str, tuple[str, ...]] = {
    "": tuple(CLAUSES),
    "title": ("title",),
    "author": ("authors",),
    "publisher": ("publisher",),
    "place": ("place",),
    "subject": ("subjects",),
    "caption": ("caption",),
    "text": ("context", "page_text"),
}
"""A field as readers call it → the clauses in which it is looked for."""

IDENTIFIERS = ("identifiers", "book_id", "page_id")
IDENTIFIERS_ASKED = 3
"""Words with a digit that are tried as identifiers; the smallest node's clauses are few."""

IDENTIFIER_LETTERS = 6

ENOUGH: Mapping[Match, str] = {"any": "1", "most": "2<70%", "all": "100%"}
"""Of "most", one or two words must all be there; of more, 70 %: a forgotten spelling must not empty the page."""

LONG = 12
"""Words that are ranked in all their forms: some 71 clauses each, and the smallest node allows a query 1,024. Of a
longer question, endings and misreadings only decide what is found."""


def text_clauses(
    query: WordQuery, filters: Sequence[Clause] = (), match: Match = "most", boosts: Boosts = BOOSTS
) -> Clause:
    """A result needs enough of the words, anywhere; where they stand decides its rank. Signs alone find nothing.

    `filters` hold what the reader excluded (`without`), as do those of the pictures' half.
    """
    nothing = query.typed.strip() and not query
    found: Clause = {"must": [{"match_none" if nothing else "match_all": {}}], "filter": list(filters)}
    if query.wanted:
        exact = _identifiers(query)
        found = {"should": _named(query, exact, boosts), "filter": [*filters, _enough(query, match, exact)]}
    return _demoted(query.demoted, {"bool": found}) if query.demoted else {"bool": found}


def without(query: WordQuery) -> list[Clause]:
    """What a reader excluded, as a filter for words and pictures alike; a misreading excludes nothing."""
    return [{"bool": {"must_not": [_found(term, near=False) for term in query.without]}}] if query.without else []


def _demoted(terms: Sequence[Term], found: Clause) -> Clause:
    against = {"bool": {"should": [_found(term) for term in terms]}}
    weight = max(-term.weight for term in terms)
    return {"boosting": {"positive": found, "negative": against, "negative_boost": round(1 / (1 + weight), 3)}}


def _named(query: WordQuery, exact: Sequence[Clause], boosts: Boosts) -> list[Clause]:
    clauses = {name: _clause(name, query, boosts) for name in CLAUSES}
    if years := [year for term in query.terms if (year := _year(term)) is not None]:
        clauses["year"] = {"terms": {"year": years, "boost": boosts.clauses["year"]}}
    named = [_by_label(name, clause, boosts) for name, clause in clauses.items() if clause]
    if exact:
        named.append(_above_all("identifiers", {"bool": {"should": list(exact)}}, boosts))
    if titles := _titles(query):
        named.append(_above_all("exact title", {"terms": {"title.normalised": titles}}, boosts))
    return named


def _by_label(name: str, clause: Clause, boosts: Boosts) -> Clause:
    """The clause under its name, less of it where the picture is but an ornament.

    Inside the name, so that what it says it gave is what it gave, and the fusions in the API go by it too.
    """
    less = [{"filter": {"term": {"label.name": label}}, "weight": left} for label, left in boosts.labels.items()]
    return {"function_score": {"query": clause, "functions": less, "_name": name}}


def _above_all(name: str, clause: Clause, boosts: Boosts) -> Clause:
    return {"constant_score": {"filter": clause, "boost": boosts.clauses[name], "_name": name}}


def _clause(name: str, query: WordQuery, boosts: Boosts) -> Clause:
    should = ranked(query, name, CLAUSES[name], boosts.forms)
    return {"bool": {"should": should, "boost": boosts.clauses[name]}} if should else {}


def ranked(query: WordQuery, name: str, fields: Sequence[str], forms: Forms, *, near: bool = True) -> list[Clause]:
    """What is looked for in fields of the clause of that name: plain words in one go, and each term that has a weight,
    a field or a kind of its own; misreadings only where `near`."""
    plain = " ".join(term.text for term in query.terms if _is_plain(term))
    marked = [term for term in query.terms if not _is_plain(term) and name in FIELD_CLAUSES[term.field]]
    short = how_many(query.spoken) <= LONG
    should: list[Clause] = []
    if plain:
        should += [matches(plain, fields, forms, every=False, ends=short)]
        should += misread(plain, fields, weight=forms.misread) if short and near else []
    for term in marked:
        if term.kind != "word":
            should.append(as_written(term, spelt(fields, forms), weight=term.weight))
            continue
        should.append(matches(term.text, fields, forms, weight=term.weight, every=True, ends=short))
        should += misread(term.text, fields, weight=forms.misread * term.weight) if short and near else []
    return should


def _is_plain(term: Term) -> bool:
    return term == Term(term.text)


def _enough(query: WordQuery, match: Match, exact: Sequence[Clause]) -> Clause:
    """Enough of the words, wherever they stand, or an identifier.

    The named clauses are OR alone: if each asked for 70 % of the words, a place in the title and a thing in the caption
    would not find each other. Of "most", what has quotes or a field is asked for on purpose and must be there.
    """
    forced = [group for group in query.wanted if match == "most" and _on_purpose(group)]
    counted = [_any([_found(term) for term in group]) for group in query.wanted if group not in forced]
    clauses = [_any([_found(term) for term in group]) for group in forced]
    if counted:
        clauses.append({"bool": {"should": counted, "minimum_should_match": ENOUGH[match]}})
    enough = clauses[0] if len(clauses) == 1 else {"bool": {"filter": clauses}}
    return _any([enough, *exact])


def _on_purpose(group: Sequence[Term]) -> bool:
    return all(term.kind == "phrase" or term.field for term in group)


def _found(term: Term, *, near: bool = True) -> Clause:
    """One term in its fields, in any form; of "Hand-Press" both halves."""
    names = [name for clause in FIELD_CLAUSES[term.field] for name in CLAUSES[clause]]
    if term.kind != "word":
        return as_written(term, spelt(names))
    clauses = anywhere(term.text, names) + (misread(term.text, names) if near else [])
    if (year := _year(term)) is not None:
        clauses.append({"term": {"year": year}})
    return _any(clauses)


def _any(clauses: Sequence[Clause]) -> Clause:
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": list(clauses)}}


def _year(term: Term) -> int | None:
    return int(term.text) if not term.field and re.fullmatch("[0-9]{3,4}", term.text) else None


def _identifiers(query: WordQuery) -> list[Clause]:
    """Words with a digit, and the ends of pasted addresses: libraries' resolvers end in the identifier."""
    words = [term.text for term in query.terms if not term.field and term.kind != "prefix"]
    typed = [word for word in words if any(map(str.isdigit, word))][:IDENTIFIERS_ASKED]
    forms = dict.fromkeys(form for word in typed for form in (word, word.rpartition("/")[2]) if form)
    whole: list[Clause] = [
        {"term": {field: {"value": form, "case_insensitive": True}}} for form in forms for field in IDENTIFIERS
    ]
    # An ISBN has hyphens or not; of a URN its last part is what people remember, and too short a part is a year.
    whole += [{"term": {"identifiers.compact": form}} for form in forms]
    return whole + [{"match_phrase": {"identifiers.parts": form}} for form in forms if len(form) >= IDENTIFIER_LETTERS]


def _titles(query: WordQuery) -> list[str]:
    """All that was typed, as the whole title of a book; with its signs, and without those of the syntax."""
    if any(term.kind == "prefix" or term.field not in ("", "title") for term in query.terms):
        return []
    return list(dict.fromkeys(title for title in (query.typed.strip(), query.spoken) if title))
