"""The checksums that say whether a picture has to be encoded again."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.geometry import PixelBox
from indexer.documents.pictures import Picture
from indexer.ingest.encoding import image_digest, image_origin
from indexer.page_selection import ImageSelection
from indexer.records import Book, GraphicalElement, Leaf

PICTURE = Picture(
    book=Book(id="b", title="Fyr"),
    leaf=Leaf(id="b_1", number=1),
    element=GraphicalElement(alto_id="GE1", block_type="Illustration", box=PixelBox(0, 0, 90, 90)),
    scan_width=900,
    scan_height=1400,
)


@pytest.mark.parametrize(
    "other_picture",
    [
        replace(PICTURE, leaf=replace(PICTURE.leaf, frame=1)),
        replace(PICTURE, leaf=replace(PICTURE.leaf, is_upright=False)),
        replace(PICTURE, leaf=replace(PICTURE.leaf, selection=ImageSelection(rotation=90))),
        replace(PICTURE, element=replace(PICTURE.element, box=PixelBox(0, 0, 90, 91))),
        replace(PICTURE, element=replace(PICTURE.element, line_height=20.0)),
    ],
    ids=["another frame", "not turned", "rotated", "another box", "other lines, which decide about initials"],
)
def test_origin_changes_with_all_that_decides_the_pixels_or_the_decoration(other_picture: Picture) -> None:
    assert image_origin("scan", other_picture) != image_origin("scan", PICTURE)


def test_origin_is_that_of_the_scan_and_not_of_the_book() -> None:
    moved_picture = replace(PICTURE, book=Book(id="c", title="Om Fyr"), leaf=replace(PICTURE.leaf, id="c_1"))
    assert image_origin("scan", moved_picture) == image_origin("scan", PICTURE)
    assert image_origin("another", PICTURE) != image_origin("scan", PICTURE)


@given(st.binary(min_size=12, max_size=12), st.binary(min_size=12, max_size=12))
def test_digests_are_equal_if_and_only_if_the_pixels_are(pixels: bytes, other_pixels: bytes) -> None:
    digests = [image_digest(Image.frombytes("RGB", (2, 2), data)) for data in (pixels, other_pixels)]
    assert (digests[0] == digests[1]) == (pixels == other_pixels)
    assert image_digest(Image.frombytes("RGB", (4, 1), pixels)) != digests[0], "the size counts"
