"""The values that a facet has, by their beginning."""

import unicodedata
from typing import Literal

from api.elasticsearch.queries.clause import Body, Clause
from api.elasticsearch.queries.filters import FILTER_FIELDS, clauses_by_filter
from api.search.request import SearchRequest

MAX_PATTERN_LENGTH = 1000
"""Characters of a regular expression that Elasticsearch takes: `index.max_regex_length`."""

ORDERS = {"value": [{"_key": "asc"}], "count": [{"_count": "desc"}, {"_key": "asc"}]}

BASE_LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i"}
"""What Unicode does not take apart."""

ACCENTS = "[\u0300-\u036f]*"
"""A manifest may write an accent as a sign of its own."""

Order = Literal["count", "value"]


def vocabulary_query(search_request: SearchRequest, facet: str, prefix: str, *, order: Order, size: int) -> Body:
    """A facet's values under the other filters; those that begin like `prefix`, whatever its case and accents."""
    terms: Clause = {"field": FILTER_FIELDS[facet], "size": size, "order": ORDERS[order]}
    if prefix:
        terms["include"] = prefix_pattern(prefix)
    return {
        "size": 0,
        "query": {"bool": {"filter": list(clauses_by_filter(search_request, except_filter=facet).values())}},
        "aggs": {"values": {"terms": terms}},
    }


def fold_letters(text: str) -> str:
    """Without case and accents: `Håndværk` → `handvaerk`."""
    characters = unicodedata.normalize("NFKD", text.lower())
    return "".join(
        BASE_LETTERS.get(character, character) for character in characters if not unicodedata.combining(character)
    )


def _build_letter_variants() -> dict[str, str]:
    """A plain letter, or two → all that the Latin alphabets of Europe make of it."""
    variants: dict[str, str] = {}
    for letter in map(chr, range(0x41, 0x180)):
        if (base_letters := fold_letters(letter)).isascii() and base_letters.isalpha():
            variants[base_letters] = variants.get(base_letters, "") + letter
    return variants


LETTER_VARIANTS = _build_letter_variants()


def prefix_pattern(prefix: str) -> str:
    """A regular expression of Lucene's, as long as Elasticsearch takes: a longer prefix is told apart by its start."""
    pattern, remaining_text = "", fold_letters(prefix)
    while remaining_text:
        letters = (
            remaining_text[:2]
            if len(remaining_text) > 1 and remaining_text[:2] in LETTER_VARIANTS
            else remaining_text[0]
        )
        part_pattern = (
            "".join(map(_letter_pattern, letters))
            if len(letters) == 1
            else f"({_letter_pattern(letters[0])}{_letter_pattern(letters[1])}|{_letter_pattern(letters)})"
        )
        if len(f"{pattern}{part_pattern}.*") > MAX_PATTERN_LENGTH:
            break
        pattern, remaining_text = pattern + part_pattern, remaining_text[len(letters) :]
    return f"{pattern}.*"


def _letter_pattern(letter: str) -> str:
    """One letter in all its forms; a sign stands for itself, whatever it is to Lucene."""
    if letter in LETTER_VARIANTS:
        return f"[{LETTER_VARIANTS[letter]}]{ACCENTS}"
    return f"[{letter}{letter.upper()}]" if letter.isalnum() else f"\\{letter}"
