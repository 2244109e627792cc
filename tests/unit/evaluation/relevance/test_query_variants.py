"""Variants of texts as readers type them."""

import numpy as np
import pytest

from evaluation.relevance.query_variants import (
    QUERY_VARIANTS,
    inflect_longest_word,
    misread_letter,
    modernise_spelling,
    pick_passage,
    pick_words,
    query_words,
)

TEXT = "FIG. 3. — The Herring, taken off Dunbar."


def make_rng() -> np.random.Generator:
    return np.random.default_rng(7)


def test_query_words_have_no_numbers_and_punctuation() -> None:
    assert query_words(TEXT) == ["The", "Herring", "taken", "off", "Dunbar"]


def test_pick_words_keeps_two_thirds_in_order() -> None:
    kept_words = pick_words(TEXT, "en", make_rng()).split()
    assert len(kept_words) == 4
    assert kept_words == [word for word in TEXT.lower().replace(",", "").replace(".", "").split() if word in kept_words]


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [("no", "Kirken", "kirk"), ("no", "Billede", "billedeen"), ("en", "foxgloves", "foxglove"), ("lat", "arma", "")],
)
def test_longest_word_gets_another_ending_of_its_language(language: str, text: str, found: str) -> None:
    assert inflect_longest_word(text, language, make_rng()) == found


def test_old_spelling_is_modernised_or_the_variant_is_empty() -> None:
    assert modernise_spelling("Taarnet", "no", make_rng()) == "tårnet"
    assert modernise_spelling("Herring", "en", make_rng()) == ""


def test_one_letter_of_a_long_word_is_misread() -> None:
    misread_word = misread_letter("foxglove", "en", make_rng())
    assert len(misread_word) == len("foxglove")
    assert sum(letter != original_letter for letter, original_letter in zip(misread_word, "foxglove", strict=True)) == 1
    assert misread_word[0] == "f"
    assert misread_letter("fyr", "no", make_rng()) == ""


def test_passage_is_contiguous() -> None:
    text = " ".join(map(str, range(100)))
    assert pick_passage(text, make_rng()) in text


@pytest.mark.parametrize("name", QUERY_VARIANTS)
def test_variants_are_deterministic(name: str) -> None:
    make_variant = QUERY_VARIANTS[name]
    assert make_variant(TEXT, "en", make_rng()) == make_variant(TEXT, "en", make_rng())
