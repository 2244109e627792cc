"""A beginning that was typed → a regular expression of Lucene's, in which signs stand for themselves."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.elasticsearch.queries.vocabulary import MAX_PATTERN_LENGTH, fold_letters, prefix_pattern


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Håndværk", "handvaerk"), ("KJØBENHAVN", "kjobenhavn"), ("Weiß", "weiss"), ("Łódź", "lodz"), ("ﬁſh", "fish")],
)
def test_case_and_accents_are_taken_away(text: str, plain: str) -> None:
    assert fold_letters(text) == plain


@pytest.mark.parametrize(
    ("prefix", "value"),
    [
        ("asch", "ASCHEHOUG & Co."),
        ("haandvaerk", "Haandværk"),
        ("Haandværk", "HAANDVAERK og kunst"),
        ("a & b.", "Å & B. Søn"),
        ("год", "ГОД"),
    ],
)
def test_the_pattern_matches_what_begins_like_it(prefix: str, value: str) -> None:
    assert re.fullmatch(prefix_pattern(prefix), value)


@given(prefix=st.text(max_size=200))
def test_a_pattern_is_never_too_long_and_matches_what_was_typed(prefix: str) -> None:
    """Python reads as Lucene does what is used here: classes, groups, stars and escaped signs."""
    pattern = prefix_pattern(prefix)
    assert len(pattern) <= MAX_PATTERN_LENGTH
    assert re.fullmatch(pattern, fold_letters(prefix), re.DOTALL)
