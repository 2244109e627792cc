"""The words' half of a body: what a reader typed → named clauses over the fields."""

import re
from collections.abc import Mapping, Sequence

from api.queries.clause import Clause

OCR, STEMS = "", (".norwegian", ".english")
"""The words as printed, and their stems, as subfields of the mapping."""

EXACT, STEM = 1.0, 0.8
"""A word as the reader wrote it counts a little more than its other forms."""

CLAUSES: Mapping[str, tuple[float, tuple[str, ...]]] = {
    "caption": (4.0, ("caption.text",)),
    "title": (3.0, ("title",)),
    "subjects": (3.0, ("subjects",)),
    "context": (2.0, ("context.before.text", "context.after.text")),
    "page_text": (1.0, ("page_text.text",)),
}
"""Name of the clause → its boost and fields: the nearer to the picture, the more a word says about it.
Provisional until the first relevance run, as are the two below."""

RECORD = ("authors", "publisher.text", "place.text")
"""Names, which have no stems; each is a clause of its own, called after its field."""
RECORD_BOOST = 3.0

IDENTIFIERS = ("identifiers", "book_id", "page_id")
IDENTIFIERS_BOOST = 20.0
"""Who types a URN or an ISBN wants exactly that book."""
IDENTIFIERS_ASKED = 3
"""Words with a digit that are tried as identifiers; the smallest node's clauses are few."""

YEAR_BOOST = 3.0

ENOUGH_WORDS = "2<70%"
"""One or two words must all be there; of more, 70 %: a forgotten spelling or an OCR error must not empty the page."""


def text_clauses(words: str, filters: Sequence[Clause]) -> Clause:
    """The words' half: a picture needs enough of the words, anywhere; where they stand decides its rank."""
    named = [_named(name, words, _forms(fields), boost) for name, (boost, fields) in CLAUSES.items()]
    named += [_named(field.removesuffix(".text"), words, [field], RECORD_BOOST) for field in RECORD]
    if years := [year for word in words.split() if (year := _year(word)) is not None]:
        named.append({"terms": {"year": years, "boost": YEAR_BOOST, "_name": "year"}})
    if exact := _identifiers(words):
        named.append({"bool": {"should": exact, "boost": IDENTIFIERS_BOOST, "_name": "identifiers"}})
    return {"should": named, "minimum_should_match": 1, "filter": [*filters, _enough(words, exact)]}


def _enough(words: str, exact: Sequence[Clause]) -> Clause:
    """Enough of the words, wherever they stand, or an identifier.

    The named clauses are OR alone: if each asked for 70 % of the words, a place in the title and a thing in the caption
    would not find each other. `cross_fields` is no way either: it counts per analyser, so that an English plural and a
    name, which has no stems, would not.
    """
    each = [_anywhere(word) for word in words.split() if any(map(str.isalnum, word))]
    if not each:
        return {"match_none": {}}
    enough = {"bool": {"should": each, "minimum_should_match": ENOUGH_WORDS}}
    return {"bool": {"should": [enough, *exact]}} if exact else enough


def _anywhere(word: str) -> Clause:
    """One word as typed; of "Hand-Press" both halves, in one field."""
    match: Clause = {"multi_match": {"query": word, "type": "best_fields", "operator": "and", "fields": every_field()}}
    return match if (year := _year(word)) is None else {"bool": {"should": [match, {"term": {"year": year}}]}}


def _year(word: str) -> int | None:
    return int(word) if re.fullmatch("[0-9]{3,4}", word) else None


def _identifiers(words: str) -> list[Clause]:
    """Words with a digit, and the ends of pasted addresses: libraries' resolvers end in the identifier."""
    typed = [word for word in words.split() if any(map(str.isdigit, word))][:IDENTIFIERS_ASKED]
    forms = dict.fromkeys(form for word in typed for form in (word, word.rpartition("/")[2]) if form)
    return [{"term": {field: {"value": form, "case_insensitive": True}}} for form in forms for field in IDENTIFIERS]


def _named(name: str, words: str, fields: list[str], boost: float) -> Clause:
    return {"multi_match": {"query": words, "type": "best_fields", "fields": fields, "boost": boost, "_name": name}}


def _forms(fields: Sequence[str]) -> list[str]:
    return [f"{field}{form}^{STEM if form else EXACT}" for field in fields for form in (OCR, *STEMS)]


def every_field() -> list[str]:
    """All that words are looked for in, without boosts."""
    fields = [field for _, several in CLAUSES.values() for field in several]
    return [*(f"{field}{form}" for field in fields for form in (OCR, *STEMS)), *RECORD]
