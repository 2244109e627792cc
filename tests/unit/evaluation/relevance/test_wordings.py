"""What readers make of printed words; the same seed makes the same of them."""

import numpy as np
import pytest

from evaluation.relevance.wordings import WORDINGS, inflected, misread, passage, respelt, some, terms

TEXT = "FIG. 3. — The Herring, taken off Dunbar."


def chance() -> np.random.Generator:
    return np.random.default_rng(7)


def test_terms_are_words_without_numbers_and_signs() -> None:
    assert terms(TEXT) == ["The", "Herring", "taken", "off", "Dunbar"]


def test_some_are_two_thirds_in_their_order() -> None:
    kept = some(TEXT, "eng", chance()).split()
    assert len(kept) == 4
    assert kept == [word for word in TEXT.lower().replace(",", "").replace(".", "").split() if word in kept]


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [("nor", "Kirken", "kirk"), ("nor", "Billede", "billedeen"), ("eng", "foxgloves", "foxglove"), ("lat", "arma", "")],
)
def test_the_longest_word_has_another_ending_of_its_language(language: str, text: str, found: str) -> None:
    assert inflected(text, language, chance()) == found


def test_old_spelling_becomes_todays_or_nothing_is_asked() -> None:
    assert respelt("Taarnet", "nor", chance()) == "tårnet"
    assert respelt("Herring", "eng", chance()) == ""


def test_one_letter_of_one_long_word_is_misread() -> None:
    wrong = misread("foxglove", "eng", chance())
    assert len(wrong) == len("foxglove")
    assert sum(one != other for one, other in zip(wrong, "foxglove", strict=True)) == 1
    assert wrong[0] == "f"
    assert misread("fyr", "nor", chance()) == ""


def test_a_passage_stands_together() -> None:
    text = " ".join(map(str, range(100)))
    assert passage(text, chance()) in text


@pytest.mark.parametrize("name", WORDINGS)
def test_a_seed_makes_the_same_words(name: str) -> None:
    alter = WORDINGS[name]
    assert alter(TEXT, "eng", chance()) == alter(TEXT, "eng", chance())
