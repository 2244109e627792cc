"""Boxes of a page on a scan that it shows in part, turned, or as part of something larger."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.geometry import Box
from indexer.context.page_placement import place_on_scan, select_part
from indexer.page_records import Page, PictureBlock, TextBlock, TextLine, Word
from indexer.page_selection import ImageSelection


def make_page(width: float, height: float, *boxes: Box) -> Page:
    blocks = tuple(TextBlock("t", box, (TextLine(box, (Word.in_box("ord", box),)),)) for box in boxes)
    pictures = tuple(PictureBlock("i", "Illustration", box, polygon=((box.x, box.y),)) for box in boxes)
    return Page(id="p", width=width, height=height, blocks=blocks, pictures=pictures)


def test_a_box_is_moved_and_scaled_to_the_region_that_the_page_shows() -> None:
    page = make_page(100, 200, Box(10, 20, 30, 40))
    placed, scale = place_on_scan(page, ImageSelection(region="500,0,200,400"), (1000, 400))
    assert placed.pictures[0].box == placed.blocks[0].lines[0].words[0].box == Box(520, 40, 60, 80)
    assert placed.pictures[0].polygon == ((520, 40),)
    assert (placed.width, placed.height) == (1000, 400)
    assert (scale.factor, scale.scan_size, scale.warning) == (1.0, (1000, 400), "")


@given(
    st.sampled_from([0, 90, 180, 270]),
    st.integers(1, 12),
    st.integers(1, 9),
    st.data(),
)
def test_a_box_on_a_turned_page_surrounds_the_same_pixels(
    rotation: int, width: int, height: int, data: st.DataObject
) -> None:
    scan = np.arange(width * height).reshape(height, width)
    turned = np.rot90(scan, k=-(rotation // 90))
    rows, columns = turned.shape
    x, y = data.draw(st.integers(0, columns - 1)), data.draw(st.integers(0, rows - 1))
    box = Box(x, y, data.draw(st.integers(1, columns - x)), data.draw(st.integers(1, rows - y)))
    placed, _ = place_on_scan(make_page(columns, rows, box), ImageSelection(rotation=rotation), (width, height))
    upright = placed.pictures[0].box.to_pixel_box()
    expected = set(turned[y : y + int(box.height), x : x + int(box.width)].flat)
    assert set(scan[upright.y : upright.y + upright.height, upright.x : upright.x + upright.width].flat) == expected


def test_a_part_of_a_page_has_its_own_origin_and_only_what_lies_in_it() -> None:
    page = make_page(100, 100, Box(10, 10, 20, 20), Box(60, 10, 20, 20))
    part = select_part(page, Box(0.5, 0, 0.5, 1))
    assert [picture.box for picture in part.pictures] == [Box(10, 10, 20, 20)]
    assert [block.box for block in part.blocks] == [Box(10, 10, 20, 20)]
    assert (part.width, part.height) == (50, 100)


@pytest.mark.parametrize("boxes", [[Box(0, 0, 100, 10)], [Box(x, x, 10, 10) for x in range(0, 100, 10)]])
def test_parts_share_out_what_is_on_the_page(boxes: list[Box]) -> None:
    page = make_page(100, 100, *boxes)
    halves = [select_part(page, Box(0, 0, 0.5, 1)), select_part(page, Box(0.5, 0, 0.5, 1))]
    assert sum(len(half.pictures) for half in halves) == len(boxes)
