"""Cleaning the query text; no text is an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.search.query_text import MAX_CHARACTERS, clean_query_text


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


@pytest.mark.parametrize("invisible", ["\u00ad", "\ufeff", "\u2060", "\u200b", "\u200c", "\u200d", "\u200e", "\u202e"])
def test_invisible_characters_are_dropped(invisible: str) -> None:
    assert clean_query_text(f"{invisible}ky{invisible}sten{invisible}") == "kysten"


@given(st.characters(categories=["Cf"]))
def test_every_format_character_is_dropped_from_latin_words(character: str) -> None:
    assert clean_query_text(f"ky{character}sten") == "kysten"


def test_joiners_are_kept_between_letters_that_need_them() -> None:
    assert clean_query_text("\u200dمی\u200cخواهم\u200c क्\u200dष") == "می\u200cخواهم क्\u200dष"


def test_full_width_signs_become_the_usual_ones() -> None:
    assert clean_query_text("ｔｉｔｌｅ：＂ＦＹＲ＂　１８６７　ｶﾞｽ") == 'title:"FYR" 1867 ガス'


def test_long_text_is_cut_between_words() -> None:
    words = clean_query_text("ord " * MAX_CHARACTERS)
    assert len(words) <= MAX_CHARACTERS
    assert set(words.split()) == {"ord"}


def test_decomposed_text_is_cut_no_earlier_than_composed_text() -> None:
    assert clean_query_text("u\u0308" * MAX_CHARACTERS) == "ü" * MAX_CHARACTERS


@given(st.text(max_size=2 * MAX_CHARACTERS))
def test_cleaning_any_text_is_idempotent(query_text: str) -> None:
    cleaned_text = clean_query_text(query_text)
    assert len(cleaned_text) <= MAX_CHARACTERS
    assert cleaned_text.encode().decode() == cleaned_text
    assert clean_query_text(cleaned_text) == cleaned_text
