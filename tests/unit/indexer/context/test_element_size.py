"""Rules, specks and empty boxes are no pictures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.geometry import Box, PixelBox
from indexer.context.element_size import is_too_small

PAGE = (4006, 5812)
"""Width and height of a newspaper page in pixels."""


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (Box(0, 0, 0, 0), True),
        (Box(100, 100, 0, 900), True),
        (PixelBox(0, 0, 900, 7), True),
        (PixelBox(1200, 300, 14, 2687), True),
        (PixelBox(300, 900, 1884, 17), True),
        (PixelBox(300, 900, 90, 90), False),
        (PixelBox(300, 900, 226, 25), False),
        (PixelBox(300, 900, 1378, 43), False),
        (PixelBox(0, 0, 4006, 5812), False),
    ],
    ids=["empty", "no width", "seven pixels", "column rule", "rule", "vignette", "dash", "row of ornaments", "plate"],
)
def test_rules_of_a_newspaper_are_too_small_and_ornaments_are_not(box: Box, expected: bool) -> None:  # noqa: FBT001
    assert is_too_small(box, PAGE) is expected


def test_eight_pixels_are_enough_where_the_page_is_small_or_unknown() -> None:
    assert not is_too_small(PixelBox(0, 0, 300, 8), (999, 1600))
    assert not is_too_small(PixelBox(0, 0, 300, 8), (0, 0))


@given(width=st.integers(1, 9000), height=st.integers(1, 9000), factor=st.integers(2, 8), turned=st.booleans())
def test_a_larger_scan_never_makes_a_picture_a_rule(width: int, height: int, factor: int, turned: bool) -> None:  # noqa: FBT001
    page = (max(width, 4000), max(height, 6000))
    box = PixelBox(0, 0, height, width) if turned else PixelBox(0, 0, width, height)
    larger_box = PixelBox(0, 0, box.width * factor, box.height * factor)
    if is_too_small(larger_box, (page[0] * factor, page[1] * factor)):
        assert is_too_small(box, page)
