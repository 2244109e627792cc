"""What readers make of printed words; the same seed makes the same of them."""

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


def test_terms_are_words_without_numbers_and_signs() -> None:
    assert query_words(TEXT) == ["The", "Herring", "taken", "off", "Dunbar"]


def test_some_are_two_thirds_in_their_order() -> None:
    kept_words = pick_words(TEXT, "eng", make_rng()).split()
    assert len(kept_words) == 4
    assert kept_words == [word for word in TEXT.lower().replace(",", "").replace(".", "").split() if word in kept_words]


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [("nor", "Kirken", "kirk"), ("nor", "Billede", "billedeen"), ("eng", "foxgloves", "foxglove"), ("lat", "arma", "")],
)
def test_the_longest_word_has_another_ending_of_its_language(language: str, text: str, found: str) -> None:
    assert inflect_longest_word(text, language, make_rng()) == found


def test_old_spelling_becomes_todays_or_nothing_is_asked() -> None:
    assert modernise_spelling("Taarnet", "nor", make_rng()) == "tårnet"
    assert modernise_spelling("Herring", "eng", make_rng()) == ""


def test_one_letter_of_one_long_word_is_misread() -> None:
    misread_word = misread_letter("foxglove", "eng", make_rng())
    assert len(misread_word) == len("foxglove")
    assert sum(letter != original_letter for letter, original_letter in zip(misread_word, "foxglove", strict=True)) == 1
    assert misread_word[0] == "f"
    assert misread_letter("fyr", "nor", make_rng()) == ""


def test_a_passage_stands_together() -> None:
    text = " ".join(map(str, range(100)))
    assert pick_passage(text, make_rng()) in text


@pytest.mark.parametrize("name", QUERY_VARIANTS)
def test_a_seed_makes_the_same_words(name: str) -> None:
    make_variant = QUERY_VARIANTS[name]
    assert make_variant(TEXT, "eng", make_rng()) == make_variant(TEXT, "eng", make_rng())
