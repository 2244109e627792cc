"""What of a text that is being typed may be completed, and where a value matches it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.search.typed_text import TypedText, has_typed_words, mark_typed_words, split_typed_text


@pytest.mark.parametrize(
    ("query_text", "expected"),
    [
        ("fyr", [TypedText("", "fyr")]),
        ("fyr ved Lind", [TypedText("", "fyr ved Lind"), TypedText("fyr ved", "Lind")]),
        ("fyr -skip Oslo", [TypedText("fyr -skip", "Oslo")]),
        ('"fyr ved', [TypedText("", '"fyr ved'), TypedText('"fyr', "ved")]),
        ("author:Moe", []),
        ("fyr -sk", []),
        ("f", []),
        ("圖", [TypedText("", "圖")]),
        ("", []),
        (" . ", []),
    ],
)
def test_the_whole_text_and_its_last_word_may_be_completed(query_text: str, expected: list[TypedText]) -> None:
    assert split_typed_text(query_text) == expected


def test_a_sentence_is_no_name() -> None:
    assert split_typed_text("a sentence of many words is not completed as a whole") == [
        TypedText("a sentence of many words is not completed as a", "whole")
    ]


@pytest.mark.parametrize(
    ("value", "words", "marked"),
    [
        ("Collett, Camilla", ["cam"], ["Cam"]),
        ("Collett, Camilla", ["camilla", "col"], ["Col", "Camilla"]),
        ("Håndverk", ["haan"], ["Hån"]),
        ("Håndverk", ["han"], ["Hån"]),
        ("Kjøbenhavn", ["køb"], ["Kjøb"]),
        ("Christiania", ["kristi"], ["Christi"]),
        ("Zoölogi", ["zoo"], ["Zoö"]),
        ("Zoologi", ["ologi"], []),
    ],
)
def test_the_typed_part_of_each_word_is_marked_in_any_spelling(value: str, words: list[str], marked: list[str]) -> None:
    assert [part.text for part in mark_typed_words(value, words) if part.typed] == marked
    assert has_typed_words(value, words) == (len(marked) == len(words))


def test_a_value_needs_all_typed_words() -> None:
    assert not has_typed_words("Collett, Camilla", ["camilla", "moe"])


@given(value=st.text(max_size=60), words=st.lists(st.text(min_size=1, max_size=8), max_size=3))
def test_marking_changes_no_letter_of_the_value(value: str, words: list[str]) -> None:
    assert "".join(part.text for part in mark_typed_words(value, words)) == value


@given(st.text(max_size=60))
def test_what_stands_before_the_typed_text_is_kept(query_text: str) -> None:
    for typed in split_typed_text(query_text):
        assert typed.with_query_text(typed.text).split() == query_text.split()
