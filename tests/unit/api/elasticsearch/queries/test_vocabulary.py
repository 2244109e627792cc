"""The Lucene pattern of a prefix, with its punctuation escaped."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.elasticsearch.queries.vocabulary import MAX_PATTERN_LENGTH, prefix_pattern
from core.text import count_utf16, fold_letters


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Håndværk", "handvaerk"), ("KJØBENHAVN", "kjobenhavn"), ("Weiß", "weiss"), ("Łódź", "lodz"), ("ﬁſh", "fish")],
)
def test_fold_letters_removes_case_and_accents(text: str, plain: str) -> None:
    assert fold_letters(text) == plain


@pytest.mark.parametrize(
    ("prefix", "value"),
    [
        ("asch", "ASCHEHOUG & Co."),
        ("haandvaerk", "Haandværk"),
        ("Haandværk", "HAANDVAERK og kunst"),
        ("a & b.", "Å & B. Søn"),
        ("год", "ГОД"),
        ("Ομη", "Ὅμηρος"),
        ("свет", "Свѣтъ"),
        ("елка", "Ёлка"),
        ("תק", "תִּקּוּן"),
        ("علق", "عَلْقَمَة"),
        ("احم", "أحمد"),
        ("Thing", "Þingvellir"),
        ("Tara", "Țara"),
        ("Goe", "Göteborg"),
        ("Aal", "Ålesund"),
        ("Ål", "Aalesund"),
        ("A\u030al", "Aalesund"),
        ("ø", "Oehlenschläger"),
        ("Mü", "Mueller"),
    ],
)
def test_the_pattern_ignores_case_and_accents(prefix: str, value: str) -> None:
    assert re.fullmatch(prefix_pattern(prefix), value)


@given(prefix=st.text(max_size=200))
def test_any_prefix_gives_a_pattern_within_the_limit_that_matches_it(prefix: str) -> None:
    """Python and Lucene agree on the syntax used here: classes, groups, stars and escaped characters."""
    pattern = prefix_pattern(prefix)
    assert count_utf16(pattern) <= MAX_PATTERN_LENGTH
    assert re.fullmatch(pattern, fold_letters(prefix.replace("´", "'")), re.DOTALL)


def test_signs_beyond_the_first_plane_count_twice() -> None:
    assert count_utf16(prefix_pattern("\U00010000" * 300)) <= MAX_PATTERN_LENGTH


@pytest.mark.parametrize("value", ["O’Brien", "O'Brien", "OʼBrien", "o′brien", "O`Brien"])
@pytest.mark.parametrize("prefix", ["o'b", "O’B", "Oʼb", "o´b", "O`B"])
def test_any_apostrophe_matches_any_other(prefix: str, value: str) -> None:
    assert re.fullmatch(prefix_pattern(prefix), value)


@pytest.mark.parametrize(
    ("prefix", "value"),
    [("aa", "Århus"), ("aa", "Aarhus"), ("Koeb", "København"), ("koel", "Köln"), ("mue", "München")],
)
def test_two_letters_match_the_one_that_a_keyboard_lacks(prefix: str, value: str) -> None:
    assert re.fullmatch(prefix_pattern(prefix), value)
