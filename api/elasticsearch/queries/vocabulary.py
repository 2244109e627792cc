"""The values that a facet has, by their beginning."""

import unicodedata
from typing import Literal

from api.elasticsearch.queries.clause import Body, Clause
from api.elasticsearch.queries.filters import FIELDS, narrowing
from api.search.request import Question

MAX_PATTERN = 1000
"""Characters of a regular expression that Elasticsearch takes: `index.max_regex_length`."""

ORDERS = {"value": [{"_key": "asc"}], "count": [{"_count": "desc"}, {"_key": "asc"}]}

LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i"}
"""What Unicode does not take apart."""

ACCENTS = "[\u0300-\u036f]*"
"""A manifest may write an accent as a sign of its own."""

Order = Literal["count", "value"]


def vocabulary(question: Question, facet: str, prefix: str, *, order: Order, size: int) -> Body:
    """A facet's values under the other filters; those that begin like `prefix`, whatever its case and accents."""
    terms: Clause = {"field": FIELDS[facet], "size": size, "order": ORDERS[order]}
    if prefix:
        terms["include"] = beginning(prefix)
    return {
        "size": 0,
        "query": {"bool": {"filter": list(narrowing(question, but=facet).values())}},
        "aggs": {"values": {"terms": terms}},
    }


def folded(text: str) -> str:
    """Without case and accents: `Håndværk` → `handvaerk`."""
    signs = unicodedata.normalize("NFKD", text.lower())
    return "".join(LETTERS.get(sign, sign) for sign in signs if not unicodedata.combining(sign))


def _forms() -> dict[str, str]:
    """A plain letter, or two → all that the Latin alphabets of Europe make of it."""
    forms: dict[str, str] = {}
    for letter in map(chr, range(0x41, 0x180)):
        if (plain := folded(letter)).isascii() and plain.isalpha():
            forms[plain] = forms.get(plain, "") + letter
    return forms


FORMS = _forms()


def beginning(prefix: str) -> str:
    """A regular expression of Lucene's, as long as Elasticsearch takes: a longer prefix is told apart by its start."""
    pattern, rest = "", folded(prefix)
    while rest:
        taken = rest[:2] if len(rest) > 1 and rest[:2] in FORMS else rest[0]
        part = "".join(map(_one, taken)) if len(taken) == 1 else f"({_one(taken[0])}{_one(taken[1])}|{_one(taken)})"
        if len(f"{pattern}{part}.*") > MAX_PATTERN:
            break
        pattern, rest = pattern + part, rest[len(taken) :]
    return f"{pattern}.*"


def _one(letter: str) -> str:
    """One letter in all its forms; a sign stands for itself, whatever it is to Lucene."""
    if letter in FORMS:
        return f"[{FORMS[letter]}]{ACCENTS}"
    return f"[{letter}{letter.upper()}]" if letter.isalnum() else f"\\{letter}"
