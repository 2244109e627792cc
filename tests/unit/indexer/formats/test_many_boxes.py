"""Many boxes that are parsed at once are those that are parsed one by one."""

from itertools import starmap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.geometry import Box
from indexer.formats.hocr import properties
from indexer.formats.ocr.bulk import parse_numbers
from indexer.formats.page_xml import coordinates

COORDINATES = st.one_of(
    st.integers(-5, 9000).map(str),
    st.floats(0, 9000).map(lambda number: f"{number:.2f}"),
    st.sampled_from(["007", "+3", "x", "1e9", "NaN", ""]),
)
CORNERS = st.tuples(COORDINATES, COORDINATES, COORDINATES, COORDINATES)
USUAL_CORNERS = st.tuples(*[st.integers(0, 9000).map(str)] * 4)


def outline_of(left: str, top: str, right: str, bottom: str) -> str:
    return f"{left},{top} {right},{top} {right},{bottom} {left},{bottom}"


@given(st.lists(USUAL_CORNERS | CORNERS, max_size=5))
def test_many_outlines_have_the_boxes_of_each(corners: list[tuple[str, str, str, str]]) -> None:
    outlines = list(starmap(outline_of, corners))
    assert list(coordinates.parse_boxes(outlines)) == list(map(coordinates.parse_box, outlines))


@given(st.lists(USUAL_CORNERS, min_size=1, max_size=5))
def test_usual_outlines_have_the_boxes_of_each(corners: list[tuple[str, str, str, str]]) -> None:
    outlines = list(starmap(outline_of, corners))
    boxes = list(starmap(Box, zip(*coordinates.parse_outlines(outlines), strict=True)))
    for box, written_box in zip(boxes, map(coordinates.parse_box, outlines), strict=True):
        # A word whose corners are exchanged keeps its negative size, so that the box of its line is used.
        assert box == written_box or box.width < 0 or box.height < 0


@given(st.lists(USUAL_CORNERS | CORNERS, max_size=5))
def test_many_titles_of_hocr_have_the_boxes_of_each(corners: list[tuple[str, str, str, str]]) -> None:
    titles = [f"bbox {' '.join(corner)}; baseline 0 -5" for corner in corners]
    assert list(properties.parse_boxes(titles)) == list(map(properties.parse_box, titles))


@given(st.lists(st.tuples(USUAL_CORNERS, st.integers(0, 100)), min_size=1, max_size=5))
def test_many_words_of_hocr_have_the_boxes_and_confidences_of_each(
    words: list[tuple[tuple[str, str, str, str], int]],
) -> None:
    titles = [f"bbox {' '.join(corner)}; x_wconf {confidence}" for corner, confidence in words]
    sides, confidences = properties.parse_titles(titles)
    assert list(starmap(Box, zip(*sides, strict=True))) == list(map(properties.parse_box, titles))
    assert confidences == list(map(properties.parse_confidence, titles))


def test_a_title_with_too_many_corners_takes_none_from_its_neighbour() -> None:
    titles = ["bbox 1 2 3 4; x_wconf 90", "bbox 1 2 3; x_wconf 90", "bbox 1 2 3 4 5; x_wconf 90"]
    sides, _ = properties.parse_titles(titles)
    assert next(zip(*sides, strict=True)) == (1, 2, 2, 2)
    assert properties.parse_boxes(titles)[:2] == [Box(1, 2, 2, 2), None]


@given(st.lists(st.floats(-1e7, 1e7)))
def test_numbers_are_read_to_their_last_digit(numbers: list[float]) -> None:
    assert parse_numbers(",".join(map(repr, numbers))) == numbers


@pytest.mark.parametrize("text", ["NaN", "1,[2]", '"3"', "true", "null", "1,,2", "[" * 100_000, "1e999", "1 2"])
def test_what_is_no_list_of_numbers_gives_none(text: str) -> None:
    assert parse_numbers(text) == []
