"""Telling from first letters whether a text may have a form of a word."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.words.forms import query_forms, word_forms
from core.words.initials import form_initials, may_begin_form, may_have_form
from core.words.pairs import read_pairs
from core.words.spelling import phrase_key
from core.words.tokens import joined_words, tokenise

LETTERS = "abcdefghijklmnopqrstuvwxyzæøåäöüéèêßſïîœçãõẽâ"
PRINTED_WORDS = st.text(LETTERS + LETTERS.upper(), min_size=1, max_size=8)


def may_have(text: str, form: str) -> bool:
    return may_have_form(text, form_initials(frozenset([form])))


@given(PRINTED_WORDS | st.sampled_from([word for pair in read_pairs() for word in (pair.modern, pair.old)]))
@example("geplündert")
@example("tionale")
@example("Aufgabe")
@example("important")
@example("xion")
@example("vff")
@example("ohngefähr")
@example("iudgement")
def test_no_form_of_a_word_begins_with_a_letter_that_is_not_foreseen(word: str) -> None:
    for form in (*word_forms(word), *query_forms(word).all, phrase_key(word)):
        assert may_have(word, form), form


@given(st.text(st.sampled_from("aAgkKøvV19 .,-'’ʼ_新ä\u0301\u00a0\n"), max_size=30))
def test_no_word_of_a_text_and_no_joined_word_is_missed(text: str) -> None:
    tokens = list(tokenise(text))
    for word in (*tokens, *joined_words(text, tokens)):
        assert all(may_have(text, form) for form in word_forms(word.text))


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("af Christ ved Kysten", "krist", True),
        ("af Christ ved Kysten", "mole", False),
        ("en liden Bog", "nu", False),
        ("(Nu", "~=nå", True),
        ("en liden Bog", "~=nå", False),
        ("1,000", "1000", True),
    ],
)
def test_only_the_beginnings_of_words_count(text: str, form: str, *, expected: bool) -> None:
    assert may_have(text, form) == expected


@given(
    st.text(st.sampled_from("aAgkKøvVœſ19新みΕжي"), min_size=1, max_size=3),
    st.sampled_from(["krist", "skip", "新", "свет"]),
)
def test_a_word_alone_is_told_as_a_text_of_it(word: str, form: str) -> None:
    tokens = [token.text for token in tokenise(word)]
    initials = form_initials(frozenset([form]))
    if any(may_begin_form(token, initials) for token in tokens):
        assert may_have_form(word, initials)
    for token in tokens:
        if form in word_forms(token):
            assert may_begin_form(token, initials)
