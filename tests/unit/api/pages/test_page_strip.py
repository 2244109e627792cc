"""The strip of a book's pages: a mark wherever pictures stand, also in books of any length."""

from hypothesis import given
from hypothesis import strategies as st

from api.pages.page_strip import MAX_MARKS, MAX_WIDTH, WIDTH, build_marks
from api.responses import Hit
from tests.hit_factory import make_hit


def hits_on(*pages: int) -> list[Hit]:
    return [make_hit(f"{page}:{number}", page=page) for number, page in enumerate(sorted(pages))]


@given(st.lists(st.integers(min_value=0, max_value=5_000), max_size=60), st.integers(min_value=0, max_value=5_000))
def test_every_picture_has_a_mark_within_the_strip(pages: list[int], last_page: int) -> None:
    marks = build_marks(hits_on(*pages), last_page, size=24)
    assert len(marks) <= MAX_MARKS
    assert sum(mark.count for mark in marks) == len(pages)
    assert all(0 <= mark.x <= mark.x + mark.width <= WIDTH + MAX_WIDTH for mark in marks)
    assert [mark.x for mark in marks] == sorted({mark.x for mark in marks}), "no mark hides another"
    assert all(0 < mark.height <= 1 for mark in marks)


def test_a_book_of_three_thousand_pictures_has_few_marks() -> None:
    marks = build_marks(hits_on(*range(1, 3001)), 3000, size=24)
    assert len(marks) == MAX_MARKS
    assert (marks[0].first_page, marks[0].last_page, marks[0].count) == (1, 15, 15)
    assert marks[-1].list_page == 2986 // 24 + 1, "it leads to the page of the list that has its first picture"


def test_a_mark_of_pages_with_the_words_is_a_match() -> None:
    marks = build_marks(hits_on(2, 2, 9), 10, size=24, matches={2: True})
    assert [(mark.count, mark.is_match) for mark in marks] == [(2, True), (1, False)]


def test_a_book_without_pictures_has_no_marks() -> None:
    assert build_marks([], 100, size=24) == []
