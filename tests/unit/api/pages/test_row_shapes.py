"""Pictures in rows: the class of their shape, and the style sheet that has all classes."""

import re

from hypothesis import given
from hypothesis import strategies as st

from api.pages.row_shapes import MAX_RATIO, MIN_RATIO, STYLE_FILE, row_shape, shape_styles

RATIOS = {name: float(ratio) for name, ratio in re.findall(r"\.(s\d+) \{ --ratio: ([\d.]+); \}", shape_styles())}


def test_the_style_sheet_has_the_classes_of_the_code() -> None:
    """If this fails, run `python -m api.pages.row_shapes`."""
    assert STYLE_FILE.read_text("utf-8") == shape_styles()


@given(width=st.integers(1, 20_000), height=st.integers(1, 20_000))
def test_a_class_is_within_one_percent_of_the_shape(width: int, height: int) -> None:
    shape, ratio = row_shape(width, height), width / height
    frame = RATIOS[shape.css_class]
    assert MIN_RATIO * 0.99 <= frame <= MAX_RATIO * 1.01
    if shape.fit == "full":
        assert abs(frame / ratio - 1) < 0.011


def test_a_rule_takes_no_more_room_than_a_picture() -> None:
    assert RATIOS[row_shape(1200, 20).css_class] < 1.5


def test_a_small_picture_keeps_its_size_and_an_unknown_shape_is_a_square() -> None:
    assert row_shape(60, 50).is_small
    assert not row_shape(600, 500).is_small
    assert not row_shape(0, 0).is_small
    assert abs(RATIOS[row_shape(0, 0).css_class] - 1) < 0.011
