"""Pages of a list, within what Elasticsearch can page to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.search.paging import page_count, page_window
from api.search.parameters import MAX_PAGE, MAX_PAGE_SIZE, MAX_RESULT_WINDOW


@pytest.mark.parametrize(
    ("page", "size", "window"),
    [
        (1, 24, (0, 24)),
        (3, 24, (48, 24)),
        (417, 24, (9984, 16)),
        (418, 24, (0, 0)),
        (100, 100, (9900, 100)),
        (101, 100, (0, 0)),
        (999_999, 24, (0, 0)),
    ],
)
def test_a_page_beyond_what_can_be_paged_to_is_empty(page: int, size: int, window: tuple[int, int]) -> None:
    assert page_window(page, size) == window


@given(st.integers(1, MAX_PAGE), st.integers(1, MAX_PAGE_SIZE))
def test_no_page_asks_elasticsearch_for_more_than_it_can_page_to(page: int, size: int) -> None:
    offset, shown = page_window(page, size)
    assert 0 <= shown <= size
    assert offset + shown <= MAX_RESULT_WINDOW
    assert (shown > 0) == (page <= page_count(MAX_RESULT_WINDOW, size))
