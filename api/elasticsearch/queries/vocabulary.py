"""The values of one facet with a word that begins with a prefix."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain
from typing import Literal

from api.elasticsearch.queries.clause import Body, Clause
from api.elasticsearch.queries.filters import clauses_by_filter
from api.search.parameters import VALUE_FILTERS
from api.search.request import SearchRequest
from core.text import APOSTROPHES, HYPHENS, QUOTATION_MARKS, count_utf16, fold_letters

MAX_PATTERN_LENGTH = 1000
"""The longest regular expression that Elasticsearch accepts, in UTF-16: `index.max_regex_length`."""

LEADING_SIGNS = re.compile(r"^[\W_]+")
"""What a prefix may begin with: behind `BEFORE_A_WORD`, a dozen hyphens have more states than Lucene allows."""

BEFORE_A_WORD = r"(.*[ \-\.,/\(\['’“„«])?"
"""The beginning of a value, or what comes before one of its other words: `Sandvik` finds *H. Sandvik & Søn*."""

ORDERS = {"value": [{"_key": "asc"}], "count": [{"_count": "desc"}, {"_key": "asc"}]}

ACCENTS = {
    "": "[\u0300-\u036f]*",
    "hebrew": "[\u0591-\u05c7]*",
    "arabic": "[\u0640\u064b-\u065f\u0670]*",
}
"""Marks behind a letter: separate accents, points, and the line that lengthens an Arabic word."""

ALPHABETS = {
    "": (
        *range(0x41, 0x180),
        *range(0x218, 0x21C),
        *range(0x370, 0x530),
        *range(0x1E00, 0x1E9F),
        *range(0x1F00, 0x2000),
    ),
    "hebrew": range(0x5D0, 0x5F3),
    "arabic": range(0x621, 0x6D4),
}
"""Latin, Greek and Cyrillic letters; Hebrew; Arabic."""

_EQUAL_SIGNS = (APOSTROPHES, HYPHENS, QUOTATION_MARKS)

Order = Literal["count", "value"]


def vocabulary_query(search_request: SearchRequest, facet: str, prefix: str, *, order: Order, size: int) -> Body:
    """Return the query for a facet's values under the other filters.

    A word of each value begins with `prefix`; case and accents do not matter.
    """
    terms: Clause = {"field": VALUE_FILTERS[facet].facet_field, "size": size, "order": ORDERS[order]}
    if prefix:
        word = LEADING_SIGNS.sub("", prefix) or prefix[0]
        terms["include"] = f"{BEFORE_A_WORD}{prefix_pattern(word)}"
    return {
        "size": 0,
        "query": {"bool": {"filter": list(clauses_by_filter(search_request, except_filter=facet).values())}},
        "aggs": {"values": {"terms": terms}},
    }


KEYBOARD_VARIANTS = {"aa": "åÅ", "ae": "äÄ", "oe": "øØöÖ", "ue": "üÜ"}
"""Two letters that readers type for one that their keyboard lacks, as the search itself takes them."""


def _build_letter_variants() -> dict[str, str]:
    """Map a plain letter, or two, to its forms in the alphabets of Europe and the Near East."""
    variants: dict[str, str] = {}
    for letter in map(chr, chain.from_iterable(ALPHABETS.values())):
        if (base_letters := fold_letters(letter)).isalpha() and letter.isalpha():
            variants[base_letters] = variants.get(base_letters, "") + letter
    for letters, typed_for in KEYBOARD_VARIANTS.items():
        variants[letters] = variants.get(letters, "") + typed_for
    return variants


LETTER_VARIANTS = _build_letter_variants()


_TYPED_FOR = {own_letter: letters for letters, own_letters in KEYBOARD_VARIANTS.items() for own_letter in own_letters}


def prefix_pattern(prefix: str) -> str:
    """Return a Lucene regular expression for the prefix. A long prefix is cut to `MAX_PATTERN_LENGTH`."""
    pattern = ""
    for part_pattern in _part_patterns(prefix):
        if count_utf16(f"{BEFORE_A_WORD}{pattern}{part_pattern}.*") > MAX_PATTERN_LENGTH:
            break
        pattern += part_pattern
    return f"{pattern}.*"


def is_pattern_cut(prefix: str) -> bool:
    """Return whether `prefix_pattern` leaves out the end of a prefix, so that other values match it too."""
    return prefix_pattern(prefix) != f"{''.join(_part_patterns(prefix))}.*"


def _part_patterns(prefix: str) -> Iterator[str]:
    """Yield the pattern of each letter, or of two that may be typed for one: `aa` for å, and å for `aa`."""
    # Folding makes a space of the acute accent, which some keyboards have in place of an apostrophe.
    text = unicodedata.normalize("NFC", prefix.replace("´", "'"))
    while text:
        pair = fold_letters(text[:2])
        if len(text) > 1 and len(pair) == 2 and pair in LETTER_VARIANTS:
            letters, length, alternative = pair, 2, _letter_pattern(pair)
        else:
            letters, length, alternative = fold_letters(text[0]), 1, ""
            if typed_for := _TYPED_FOR.get(text[0]):
                alternative = "".join(map(_letter_pattern, typed_for))
            elif len(letters) > 1 and letters in LETTER_VARIANTS:
                alternative = _letter_pattern(letters)
        pattern = "".join(map(_letter_pattern, letters))
        yield f"({pattern}|{alternative})" if alternative else pattern
        text = text[length:]


def _letter_pattern(letter: str) -> str:
    """Return a pattern for one letter in all its forms; punctuation is escaped."""
    if signs := next((signs for signs in _EQUAL_SIGNS if letter in signs), ""):
        return "[" + "".join(f"\\{sign}" for sign in signs) + "]"
    if letter in LETTER_VARIANTS:
        script = next((name for name, codes in ALPHABETS.items() if ord(letter[0]) in codes), "")
        return f"[{LETTER_VARIANTS[letter]}]{ACCENTS[script]}"
    return f"[{letter}{letter.upper()}]" if letter.isalnum() else f"\\{letter}"
