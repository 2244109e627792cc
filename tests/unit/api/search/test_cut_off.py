"""The cut-off between similar pictures and the rest."""

import random

import pytest

from api.search.cut_off import count_outliers

UNRELATED_SIMILARITIES = [
    0.21,
    0.2,
    0.2,
    0.19,
    0.19,
    0.19,
    0.18,
    0.18,
    0.18,
    0.18,
    0.17,
    0.17,
    0.17,
    0.17,
    0.17,
    0.16,
    0.16,
    0.16,
]


@pytest.mark.parametrize(
    ("copies", "stand_out"),
    [([0.95], 1), ([0.95, 0.8, 0.6], 3), ([], 0)],
    ids=["one copy", "three copies", "none: nothing is close"],
)
def test_copies_are_separated_from_the_rest(copies: list[float], stand_out: int) -> None:
    assert count_outliers(copies + UNRELATED_SIMILARITIES + [0.15] * 3) == stand_out


def test_the_absolute_level_of_similarities_does_not_matter() -> None:
    assert count_outliers([similarity + 0.3 for similarity in [0.6, *UNRELATED_SIMILARITIES, 0.15, 0.15]]) == 1


@pytest.mark.parametrize("similarities", [[], [0.9], [0.9] * 11])
def test_no_cut_off_for_too_few_pictures(similarities: list[float]) -> None:
    assert count_outliers(similarities) is None


def test_no_cut_off_on_a_page_of_copies() -> None:
    """Similarities that fall evenly have no gap to cut at."""
    assert count_outliers([0.99 - index / 1000 for index in range(24)]) is None


def test_no_cut_off_where_not_even_an_identical_picture_would_be_an_outlier() -> None:
    """Twelve pictures of one small collection."""
    assert count_outliers([1.0, 0.13, 0.12, 0.1, 0.06, 0.05, 0.03, 0.03, 0.0, -0.02, -0.11, -0.12]) is None


def test_random_similarities_rarely_have_outliers() -> None:
    """Of a thousand unrelated cosines, the 24 largest have an outlier on few pages of a hundred."""
    generator = random.Random(42)
    pages = [sorted((generator.gauss(0, 0.1) for _ in range(1000)), reverse=True)[:24] for _ in range(300)]
    assert sum(bool(count_outliers(page)) for page in pages) <= 6
