"""Reprints are one result, and few pictures of a book come before those of others."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from api.search.collapse import (
    PICTURES_PER_BOOK,
    WINDOW,
    ResultKey,
    collapse_results,
    collapsed_page_count,
    page_bounds,
    window_pages,
)
from api.search.request import SearchRequest


def make_keys(books: str, families: str = "", exact: str = "") -> list[ResultKey]:
    families, exact = families.ljust(len(books)), exact.ljust(len(books))
    return [
        ResultKey(id=str(number), book_id=book, family_id=family.strip(), is_exact=is_exact == "x")
        for number, (book, family, is_exact) in enumerate(zip(books, families, exact, strict=True))
    ]


def positions(keys: list[ResultKey], limit: int = PICTURES_PER_BOOK) -> list[int]:
    return [result.position for result in collapse_results(keys, limit)]


def test_pictures_of_a_book_beyond_the_limit_follow_those_of_other_books() -> None:
    results = collapse_results(make_keys("aaabac"), 2)
    assert [result.position for result in results] == [0, 1, 3, 5, 2, 4]
    assert [result.position for result in results if result.more_of_book] == [1]


def test_one_book_alone_stays_in_order_and_has_no_more_elsewhere() -> None:
    results = collapse_results(make_keys("aaaaa"), 2)
    assert [result.position for result in results] == [0, 1, 2, 3, 4]
    assert not any(result.more_of_book for result in results)


def test_reprints_are_told_by_the_best_result_of_their_print() -> None:
    results = collapse_results(make_keys("abcde", "p p q"))
    assert [(result.position, result.reprints) for result in results] == [(0, ("2",)), (1, ()), (3, ()), (4, ())]


def test_exact_matches_stay_first_and_apart() -> None:
    assert positions(make_keys("aaab", "pppp", "xxx "), 1) == [0, 1, 2, 3]


results_strategy = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from(["", "", "p", "q"]), st.booleans()), max_size=WINDOW
)


@given(results_strategy, st.integers(1, 5))
def test_every_result_is_shown_or_named_once(entries: list[tuple[str, str, bool]], limit: int) -> None:
    keys = [
        ResultKey(id=str(number), book_id=book, family_id=family, is_exact=is_exact)
        for number, (book, family, is_exact) in enumerate(entries)
    ]
    shown = collapse_results(keys, limit)
    ids = [keys[result.position].id for result in shown] + [id_ for result in shown for id_ in result.reprints]
    assert Counter(ids) == Counter(key.id for key in keys)


@given(st.integers(0, WINDOW), st.integers(0, 3 * WINDOW), st.integers(1, 100))
def test_the_pages_of_the_window_repeat_nothing_and_lose_nothing(count: int, total: int, size: int) -> None:
    """`count` results are left of the window after reprints were folded."""
    count = min(count, total)
    results = list(range(count))
    pages = collapsed_page_count(count, total, size) or window_pages(size)
    slices = [results[slice(*page_bounds(count, total, page, size))] for page in range(1, pages + 1)]
    if total <= window_pages(size) * size or count <= window_pages(size) * size:
        assert [result for part in slices for result in part] == results
    assert slices[0] or not count, "the first page has the best result"
    assert all(len(part) <= size for part in slices) or count > window_pages(size) * size


def test_only_searches_by_words_are_collapsed() -> None:
    words = SearchRequest(query_text="fyr")
    assert words.collapsed_page == (1, 24)
    assert words.with_changes(page=4).collapsed_page == (4, 24)
    for changes in (
        {"query_text": ""},
        {"like": ("a",)},
        {"sort": "year"},
        {"group": "book"},
        {"book": ("b",)},
        {"family": ("f",)},
        {"document": ("page",)},
        {"collapse": "none"},
        {"page": 5},
        {"fusion": "rrf"},
    ):
        assert words.with_changes(**changes).collapsed_page is None, changes
