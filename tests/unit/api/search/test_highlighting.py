"""Marking the words of a query in texts."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.search.highlighting import FRAGMENT_SIZE, Highlighter
from api.search.query_syntax import parse_query_text
from api.search.term_tests import find_spans, is_misreading, list_term_tests
from core.words.forms import LANGUAGES


def highlight(query_text: str, name: str, text: str, *, misreadings: bool = False) -> list[str]:
    return Highlighter(parse_query_text(query_text), misreadings).highlight({name: text}).get(name, [])


@pytest.mark.parametrize(
    ("query_text", "text", "expected"),
    [
        ("fyr", "Et Fyr ved Kysten", "Et <em>Fyr</em> ved Kysten"),
        ("bok", "En liden Bog", "En liden <em>Bog</em>"),
        ("skipene", "Skibe", "<em>Skibe</em>"),
        ("seaserpent", "a sea-serpent & more", "a <em>sea-serpent</em> &amp; more"),
        ("O'Brien", "by OBrien", "by <em>OBrien</em>"),
        ("1000", "1,000 men", "<em>1,000</em> men"),
        ("fyr*", "Fyrtaarnet", "<em>Fyrtaarnet</em>"),
        ('"hvit stein"', "en hvit Stein, en hvit Bue", "en <em>hvit Stein</em>, en hvit Bue"),
        ("fyr -kyst", "Fyr ved en Kyst", "<em>Fyr</em> ved en Kyst"),
        ("title:fyr kyst", "Fyr ved en Kyst", "Fyr ved en <em>Kyst</em>"),
        ("<b>", "a <b> c", "a &lt;<em>b</em>&gt; c"),
    ],
)
def test_words_are_marked_in_a_caption_in_the_forms_that_find_them(query_text: str, text: str, expected: str) -> None:
    assert highlight(query_text, "caption", text) == [expected]


def test_a_text_without_a_word_of_the_query_has_no_highlight() -> None:
    assert Highlighter(parse_query_text("fyr")).highlight({"caption": "Et skib", "title": "", "after": "Fyr"}) == {
        "after": ["<em>Fyr</em>"]
    }


def test_misread_words_are_marked_only_if_they_were_searched() -> None:
    assert highlight("lighthouse", "caption", "The lighthoufe") == []
    assert highlight("lighthouse", "caption", "The lighthoufe", misreadings=True) == ["The <em>lighthoufe</em>"]


@pytest.mark.parametrize(
    ("word", "other", "expected"),
    [
        ("lighthouse", "lighthoufe", True),
        ("kysten", "kystn", True),
        ("kysten", "kystens", True),
        ("kysten", "kysten", False),
        ("kysten", "lysten", False),
        ("kysten", "kistes", False),
        ("a", "", False),
    ],
)
def test_a_misreading_differs_by_one_letter_after_the_first(word: str, other: str, *, expected: bool) -> None:
    assert is_misreading(word, other) == is_misreading(other, word) == expected


def test_a_fragment_begins_and_ends_between_words_around_its_match() -> None:
    words = [f"word{number}" for number in range(60)]
    (fragment,) = highlight("word30", "page_text", " ".join(words))
    plain = re.sub("</?em>", "", fragment)
    assert "<em>word30</em>" in fragment
    assert set(plain.split()) <= set(words)
    assert len(plain) <= FRAGMENT_SIZE


def test_a_fragment_of_a_text_without_spaces_has_what_stands_around() -> None:
    text = "話" * 200 + "三國" + "說" * 200
    (fragment,) = highlight('"三國"', "page_text", text)
    assert fragment.startswith("話話")
    assert fragment.endswith("說說")
    assert len(re.sub("</?em>", "", fragment)) <= FRAGMENT_SIZE


def test_the_text_before_a_picture_has_two_fragments() -> None:
    text = " ".join(["fyr", *["x"] * 200, "fyr", *["x"] * 200, "fyr"])
    assert [fragment.count("<em>") for fragment in highlight("fyr", "before", text)] == [1, 1]


@pytest.mark.parametrize(
    ("languages", "expected"),
    [(["de"], []), (["en"], ["was <em>walking</em>"]), ([], ["was <em>walking</em>"]), (["la"], [])],
)
def test_a_word_is_marked_in_the_languages_of_its_book(languages: list[str], expected: list[str]) -> None:
    highlights = Highlighter(parse_query_text("walked")).highlight({"caption": "was walking"}, languages)
    assert highlights.get("caption", []) == expected


TEXTS = st.lists(
    st.sampled_from(
        [
            "fyr",
            "Fyrene",
            "Phyr",
            "sea-serpent",
            "seaserpent",
            "sea",
            "serpent's",
            "Skib",
            "1,000",
            "1",
            "000",
            "XII.—Fyr,",
            "新刻出像",
            "l’Été",
            "été",
            "ge",
        ]
    ),
    max_size=12,
).map(" ".join)


@given(
    st.sampled_from(["fyr", "skip", "seaserpent", "1000", "été", "新刻", "fyr*", '"fyr skib"', "XII", "sea-serpent"]),
    TEXTS,
)
def test_the_same_words_are_marked_as_by_a_test_of_every_word(query_text: str, text: str) -> None:
    query_terms = parse_query_text(query_text)
    tests = list_term_tests(query_terms, misreadings=False)
    every_span = {span for test in tests for span in find_spans(text, test.word_tests, LANGUAGES)}
    assert Highlighter(query_terms).spans(text) == sorted(every_span)


@given(st.text(max_size=40), st.text(max_size=80))
def test_a_highlighted_caption_is_the_escaped_text_with_marks(query_text: str, text: str) -> None:
    for fragment in highlight(query_text, "caption", text):
        assert html.unescape(re.sub("</?em>", "", fragment)) == text


def test_words_of_a_page_are_marked_by_the_rules_of_its_languages() -> None:
    """German `fyr` is also `fir`; Norwegian `fire` is another word than `fyr`."""
    text = "Fyret og fire Baade"
    highlighter = Highlighter(parse_query_text("fyr"))
    assert [text[start:end] for start, end in highlighter.spans(text, ["nor"])] == ["Fyret"]
    assert [text[start:end] for start, end in highlighter.spans(text)] == ["Fyret", "fire"]
