"""The numbers of pages that a list links to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pages.page_numbers import page_numbers


@pytest.mark.parametrize(
    ("page", "pages", "numbers"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (5, 10, [1, 2, 3, 4, 5, 6, 7, None, 10]),
        (20, 40, [1, None, 18, 19, 20, 21, 22, None, 40]),
        (40, 40, [1, None, 38, 39, 40]),
    ],
)
def test_the_first_the_last_and_the_pages_around_are_linked(page: int, pages: int, numbers: list[int | None]) -> None:
    assert page_numbers(page, pages) == numbers


@given(pages=st.integers(1, 500), page=st.integers(1, 500))
def test_a_gap_hides_at_least_two_pages(page: int, pages: int) -> None:
    numbers = page_numbers(min(page, pages), pages)
    shown = [number for number in numbers if number is not None]
    assert shown == sorted(set(shown))
    for before, gap, after in zip(numbers, numbers[1:], numbers[2:], strict=False):
        if gap is None:
            assert before is not None
            assert after is not None
            assert after - before > 2
