"""Words that are printed together, apart or with a hyphen, and numbers in every way of writing, have a common form."""

import pytest

from core.words.forms import index_forms, query_forms
from core.words.tokens import is_roman_numeral, tokenise


def forms_of_query(text: str) -> set[str]:
    """Return the forms of a query word, whole and, if it has parts, of all parts joined."""
    parts = [token.text for token in tokenise(text)]
    return {form for word in ("".join(parts), *parts[: len(parts) == 1]) for form in query_forms(word).folded}


HYPHENS, APOSTROPHES = "-‐‑–−⸗", "'’‘ʼʻ′`´＇"


@pytest.mark.parametrize("hyphen", HYPHENS)
@pytest.mark.parametrize("typed", ["demanddriven", *(f"demand{hyphen}driven" for hyphen in HYPHENS)])
def test_hyphenated_word_is_found_by_the_joined_one_and_the_reverse(typed: str, hyphen: str) -> None:
    assert forms_of_query(typed) & set(index_forms(f"a demand{hyphen}driven press", ["en"]))
    assert forms_of_query(typed) & set(index_forms("a demanddriven press", ["en"]))


@pytest.mark.parametrize("apostrophe", APOSTROPHES)
@pytest.mark.parametrize("typed", ["OBrien", "obrien", *(f"O{apostrophe}Brien" for apostrophe in APOSTROPHES)])
def test_any_apostrophe_or_none_is_the_same_name(typed: str, apostrophe: str) -> None:
    assert forms_of_query(typed) & set(index_forms(f"by O{apostrophe}Brien", ["en"]))


def test_word_of_many_parts_is_found_as_a_whole_and_by_its_pairs() -> None:
    forms = set(index_forms("a jack-in-the-box", ["en"]))
    assert {"jackinthebox", "jackin", "thebox"} <= forms


NUMBERS = ["1000", "1,000", "1.000", "1 000", "1\u2009000", "1\u202f000", "1\u00a0000", "1’000", "1'000"]


@pytest.mark.parametrize("printed", NUMBERS)
@pytest.mark.parametrize("typed", NUMBERS)
def test_number_is_the_same_with_any_separator_of_thousands(typed: str, printed: str) -> None:
    assert forms_of_query(typed) & set(index_forms(f"ca. {printed} kroner", ["no"]))


def test_million_has_one_form() -> None:
    assert all("1000000" in index_forms(text, ["en"]) for text in ("1,000,000", "1 000 000", "1’000’000", "1000000"))


def test_neighbours_that_are_no_thousands_stay_apart() -> None:
    assert "186712" not in index_forms("1867 12", ["en"])
    assert "11867" not in index_forms("1 1867", ["en"])


@pytest.mark.parametrize(("numeral", "other"), [("XII", "XI"), ("VII", "VI"), ("II", "I"), ("III", "II"), ("XX", "X")])
def test_roman_numerals_have_no_form_in_common(numeral: str, other: str) -> None:
    assert not set(query_forms(numeral).all) & set(index_forms(f"Karl {other}", ["no"]))
    assert not set(query_forms(other).all) & set(index_forms(f"Karl {numeral}", ["no"]))


def test_only_letters_in_the_order_of_a_numeral_are_one() -> None:
    assert all(map(is_roman_numeral, ["XII", "xii", "MDCCCLXVII", "IV"]))
    assert not any(map(is_roman_numeral, ["MILD", "Civil", "I", "IIX", "ILD", ""]))
