"""One request for a page in place of one for each of its pictures."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import image_api
from core.geometry import PixelBox
from core.settings import Settings
from indexer.images.crops import Cropper
from indexer.images.fetching import Fetcher
from indexer.images.image_info import ImageInfo
from indexer.images.page_images import choose_page_size
from indexer.records import Leaf
from tests.iiif_server import CannedResponse, IIIFServer, run_iiif_server
from tests.picture_files import noise

SIZE = (2400, 3200)
SIZES = ((2400, 3200), (1200, 1600), (600, 800), (300, 400))
BOXES = [PixelBox(100, 100 + 700 * row, 1100, 600) for row in range(4)]


def make_info(sizes: tuple[tuple[int, int], ...] = SIZES) -> ImageInfo:
    return ImageInfo(width=SIZE[0], height=SIZE[1], version=3, can_crop=True, sizes=sizes)


@pytest.mark.parametrize(
    ("sizes", "boxes", "chosen"),
    [
        (SIZES, BOXES, (1200, 1600)),
        (SIZES, BOXES[:2], None),
        ((), BOXES, None),
        (SIZES[2:], BOXES, None),
        (SIZES[:1], BOXES, None),
        (SIZES, [*BOXES, PixelBox(2500, 0, 50, 50)], None),
    ],
    ids=["smallest that is large enough", "two pictures", "no sizes", "too small", "too expensive", "outside"],
)
def test_a_page_is_fetched_where_that_is_cheaper(
    sizes: tuple[tuple[int, int], ...], boxes: list[PixelBox], chosen: tuple[int, int] | None
) -> None:
    assert choose_page_size(make_info(sizes), boxes) == chosen


boxes_inside = st.builds(
    PixelBox, st.integers(0, 1000), st.integers(0, 1000), st.integers(8, 1400), st.integers(8, 2200)
)


@given(st.lists(boxes_inside, min_size=1, max_size=12))
def test_the_page_has_the_pixels_of_every_picture(boxes: list[PixelBox]) -> None:
    if size := choose_page_size(make_info(), boxes):
        for box in boxes:
            assert image_api.crop_size(box.width, box.height)[0] <= box.width * size[0] / SIZE[0] + 1


@pytest.fixture
def server() -> Iterator[IIIFServer]:
    with run_iiif_server() as server:
        server.scans["page"] = noise(*SIZE)
        info = {
            "@context": "http://iiif.io/api/image/2/context.json",
            "width": SIZE[0],
            "height": SIZE[1],
            "profile": ["http://iiif.io/api/image/2/level1.json"],
            "sizes": [{"width": width, "height": height} for width, height in SIZES],
        }
        server.documents["/image/page/info.json"] = json.dumps(info).encode()
        yield server


@pytest.fixture
def cropper(tmp_path: Path) -> Iterator[Cropper]:
    settings = Settings(cache=tmp_path)
    with Fetcher(settings) as fetcher, Cropper(settings, fetcher) as cropper:
        yield cropper


@pytest.mark.network
def test_one_request_serves_every_picture_of_a_page(server: IIIFServer, cropper: Cropper) -> None:
    leaf = cropper.resolve(Leaf(id="p", number=1, image_service=server.service_url("page")))
    single_crops = [cropper.crop(leaf, box) for box in BOXES]
    server.requested_paths.clear()
    cropper.prepare_page(leaf, BOXES)
    crops = [cropper.crop(leaf, box) for box in BOXES]
    assert server.requested_paths == ["/image/page/full/1200,/0/default.jpg"]
    for crop, single_crop in zip(crops, single_crops, strict=True):
        assert crop.size == single_crop.size
        assert np.abs(np.asarray(crop, np.int16) - np.asarray(single_crop, np.int16)).mean() < 3
    cropper.release()
    cropper.crop(leaf, BOXES[0])
    assert len(server.requested_paths) == 2


@pytest.mark.network
def test_pictures_are_requested_one_by_one_if_the_page_is_refused(server: IIIFServer, cropper: Cropper) -> None:
    leaf = cropper.resolve(Leaf(id="p", number=1, image_service=server.service_url("page")))
    server.queue_responses("/image/page/full", CannedResponse(403))
    cropper.prepare_page(leaf, BOXES)
    assert [cropper.crop(leaf, box).size for box in BOXES] == [image_api.crop_size(1100, 600)] * 4
