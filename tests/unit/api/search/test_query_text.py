"""Cleaning the query text; no text is an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.search.query_text import MAX_CHARACTERS, MAX_WORDS, clean_query_text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("  fyr   ved\tkysten \n", "fyr ved kysten"),
        ("fyr\x00tårn", "fyr tårn"),
        ("\ud800", ""),
        ("Ærø: «skibe» & søfugl!", "Ærø: «skibe» & søfugl!"),
        ("ſchiff", "ſchiff"),
        ("Ma\u0308rchen aus Ko\u0308ln", "Märchen aus Köln"),
        ("fyr\ufeff ky\u00adsten", "fyr kysten"),
        ("", ""),
    ],
)
def test_control_characters_and_repeated_spaces_are_removed(typed: str, words: str) -> None:
    assert clean_query_text(typed) == words


def test_only_the_first_words_are_kept() -> None:
    assert clean_query_text(" ".join(f"ord{i}" for i in range(100))).split() == [f"ord{i}" for i in range(MAX_WORDS)]


def test_decomposed_text_is_cut_no_earlier_than_composed_text() -> None:
    assert clean_query_text("u\u0308" * MAX_CHARACTERS) == "ü" * MAX_CHARACTERS


def test_each_character_of_a_script_without_spaces_is_a_word() -> None:
    assert len(clean_query_text("".join(map(chr, range(0x4E00, 0x4E00 + 100))))) == MAX_WORDS


@given(st.text(max_size=2 * MAX_CHARACTERS))
def test_cleaning_any_text_is_idempotent(query_text: str) -> None:
    cleaned_text = clean_query_text(query_text)
    assert len(cleaned_text) <= MAX_CHARACTERS
    assert cleaned_text.encode().decode() == cleaned_text
    assert clean_query_text(cleaned_text) == cleaned_text
