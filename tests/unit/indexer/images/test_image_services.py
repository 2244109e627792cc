"""Image servers that only have prepared pictures, and what only their info.json tells."""

import json
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.errors import FileUnavailable
from core.geometry import PixelBox
from core.image_api import resolve_region
from core.settings import Settings
from indexer.images.crops import Cropper
from indexer.images.fetching import Fetcher
from indexer.images.image_info import ImageInfo
from indexer.page_selection import ImageSelection
from indexer.records import Leaf
from tests.iiif_server import CannedResponse, IIIFServer, run_iiif_server

pytestmark = pytest.mark.network

SIZE = (120, 90)
CONTEXT_3 = "http://iiif.io/api/image/3/context.json"
CONTEXT_2 = "http://iiif.io/api/image/2/context.json"


def gradient() -> Image.Image:
    """Return a picture whose every region is different."""
    x, y = np.meshgrid(np.linspace(0, 255, SIZE[0]), np.linspace(0, 255, SIZE[1]))
    return Image.fromarray(np.dstack([x, y, np.full_like(x, 128)]).astype(np.uint8))


def png(image: Image.Image) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def server() -> Iterator[IIIFServer]:
    with run_iiif_server() as server:
        yield server


@pytest.fixture
def cropper(tmp_path: Path) -> Iterator[Cropper]:
    settings = Settings(cache=tmp_path / "cache")
    with Fetcher(settings, sleep=lambda _: None) as fetcher, Cropper(settings, fetcher) as cropper:
        yield cropper


def serve_info(server: IIIFServer, **fields: Any) -> str:
    info = {"width": SIZE[0], "height": SIZE[1], **fields}
    server.documents["/static/a/info.json"] = json.dumps(info).encode()
    return f"{server.url}/static/a"


def serve_picture(server: IIIFServer, request: str, image: Image.Image) -> None:
    server.documents[f"/static/a/{request}"] = png(image)


def make_leaf(service: str, **fields: Any) -> Leaf:
    return Leaf(id="p", number=1, image_service=service, **{"needs_info": True, **fields})


def assert_same_picture(image: Image.Image, expected: Image.Image, tolerance: int = 2) -> None:
    assert image.size == expected.size
    assert np.abs(np.asarray(image, np.int16) - np.asarray(expected.convert("RGB"), np.int16)).max() <= tolerance


BOX = PixelBox(30, 40, 50, 20)


def test_level_0_that_only_info_json_tells_is_cut_from_the_whole_picture(server: IIIFServer, cropper: Cropper) -> None:
    service = serve_info(server, **{"@context": CONTEXT_2, "profile": ["http://iiif.io/api/image/2/level0.json"]})
    serve_picture(server, "full/full/0/default.jpg", gradient())
    leaf = cropper.resolve(make_leaf(service))
    assert leaf.image_service is None
    assert cropper.scan_size(leaf) == SIZE
    assert_same_picture(cropper.crop(leaf, BOX), gradient().crop((30, 40, 80, 60)))
    assert server.requested_paths == ["/static/a/info.json", "/static/a/full/full/0/default.jpg"]


def test_level_0_is_noticed_although_the_manifest_says_level_1(server: IIIFServer, cropper: Cropper) -> None:
    service = serve_info(server, profile="level0", **{"@context": CONTEXT_3})
    serve_picture(server, "full/max/0/default.jpg", gradient())
    scan = f"{service}/full/max/0/default.jpg"
    leaf = cropper.resolve(make_leaf(service, needs_info=False, width=SIZE[0], height=SIZE[1], scan=scan))
    assert (leaf.image_service, leaf.scan) == (None, scan)


def test_one_info_json_is_enough_for_a_folder_whose_sizes_are_known(server: IIIFServer, cropper: Cropper) -> None:
    serve_info(server, profile="level1")
    leaves = [make_leaf(f"{server.url}/static/{name}", needs_info=False, width=9, height=9) for name in ("a", "b", "c")]
    assert [cropper.resolve(leaf) for leaf in leaves] == leaves
    assert server.requested_paths == ["/static/a/info.json"]


def test_a_folder_without_info_json_is_asked_once(server: IIIFServer, cropper: Cropper) -> None:
    """As the levels in the manifest are all that is known, they are believed."""
    leaves = [make_leaf(f"{server.url}/static/{name}", needs_info=False, width=9, height=9) for name in ("b", "c")]
    assert [cropper.resolve(leaf) for leaf in leaves] == leaves
    assert server.requested_paths == ["/static/b/info.json"]


def test_level_0_with_region_features_is_asked_for_regions(server: IIIFServer, cropper: Cropper) -> None:
    service = serve_info(server, profile="level0", extraFeatures=["regionByPx"], **{"@context": CONTEXT_3})
    leaf = cropper.resolve(make_leaf(service))
    assert (leaf.image_service, leaf.image_api_version) == (service, 3)


def test_a_service_without_info_json_gives_way_to_the_picture(server: IIIFServer, cropper: Cropper) -> None:
    leaf = cropper.resolve(make_leaf(f"{server.url}/static/b", scan=f"{server.url}/b.jpg"))
    assert (leaf.image_service, leaf.scan) == (None, f"{server.url}/b.jpg")


def test_the_address_of_a_region_without_info_json_is_the_region(server: IIIFServer, cropper: Cropper) -> None:
    scan = f"{server.url}/static/b/1,2,3,4/full/0/default.jpg"
    leaf = cropper.resolve(make_leaf(f"{server.url}/static/b", scan=scan, selection=ImageSelection(region="1,2,3,4")))
    assert (leaf.image_service, leaf.scan, leaf.selection.region) == (None, scan, "")


@pytest.mark.parametrize("version", [2, 3])
def test_tiles_are_put_together(server: IIIFServer, cropper: Cropper, version: int) -> None:
    """As `vips dzsave --layout iiif` writes them: no whole picture in full size."""
    tiles = [{"width": 50, "height": 40, "scaleFactors": [1, 2]}]
    service = serve_info(
        server, profile="level0", tiles=tiles, **{"@context": CONTEXT_3 if version == 3 else CONTEXT_2}
    )
    for x in range(0, SIZE[0], 50):
        for y in range(0, SIZE[1], 40):
            width, height = min(50, SIZE[0] - x), min(40, SIZE[1] - y)
            size = f"{width},{height}" if version == 3 else f"{width},"
            tile = gradient().crop((x, y, x + width, y + height))
            serve_picture(server, f"{x},{y},{width},{height}/{size}/0/default.jpg", tile)
    leaf = cropper.resolve(make_leaf(service))
    assert cropper.scan_size(leaf) == SIZE
    assert_same_picture(cropper.crop(leaf, BOX), gradient().crop((30, 40, 80, 60)))


def test_the_largest_prepared_size_is_used_if_there_is_nothing_else(server: IIIFServer, cropper: Cropper) -> None:
    sizes = [{"width": 30, "height": 22}, {"width": 60, "height": 45}]
    service = serve_info(server, profile="level0", sizes=sizes, **{"@context": CONTEXT_3})
    serve_picture(server, "full/60,45/0/default.jpg", gradient().resize((60, 45)))
    assert cropper.scan_size(cropper.resolve(make_leaf(service))) == (60, 45)


def test_error_for_a_server_without_any_picture_names_its_info_json(server: IIIFServer, cropper: Cropper) -> None:
    service = serve_info(server, profile="level0")
    with pytest.raises(FileUnavailable, match="none of its prepared pictures can be fetched") as error:
        cropper.scan_size(cropper.resolve(make_leaf(service)))
    assert error.value.file == f"{service}/info.json"


def test_the_listed_picture_of_a_level_0_server_may_be_missing(server: IIIFServer, cropper: Cropper) -> None:
    """The manifest names `full/max`, which the server does not have."""
    service = serve_info(server, profile="level0", sizes=[{"width": 60, "height": 45}])
    serve_picture(server, "full/60,/0/default.jpg", gradient().resize((60, 45)))
    leaf = Leaf(id="p", number=1, scan=f"{service}/full/max/0/default.jpg")
    assert cropper.scan_size(leaf) == (60, 45)


@pytest.mark.parametrize("is_declared", [True, False])
def test_a_region_of_a_server_with_only_smaller_pictures_is_scaled(
    server: IIIFServer, cropper: Cropper, *, is_declared: bool
) -> None:
    """The region is in pixels of the image, as info.json measures it."""
    half_size = (SIZE[0] // 2, SIZE[1] // 2)
    service = serve_info(
        server, profile="level0", sizes=[{"width": half_size[0], "height": half_size[1]}], **{"@context": CONTEXT_3}
    )
    serve_picture(server, f"full/{half_size[0]},{half_size[1]}/0/default.jpg", gradient().resize(half_size))
    selection = ImageSelection(region="20,40,60,20")
    scan = f"{service}/full/max/0/default.jpg"
    leaf = make_leaf(service, selection=selection, scan=scan)
    leaf = cropper.resolve(replace(leaf, image_service=None, needs_info=False) if is_declared else leaf)
    assert resolve_region(leaf.selection.region, *cropper.scan_size(leaf)) == PixelBox(10, 20, 30, 10)


@given(st.integers(1, 30_000), st.integers(1, 30_000), st.data())
def test_a_region_in_percent_is_the_same_region(width: int, height: int, data: st.DataObject) -> None:
    x, y = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    box = PixelBox(x, y, data.draw(st.integers(1, width - x)), data.draw(st.integers(1, height - y)))
    info = ImageInfo(width=width, height=height, version=3, can_crop=False)
    assert resolve_region(info.in_percent(str(box)), width, height) == box


def test_huge_tiles_are_refused(server: IIIFServer, cropper: Cropper) -> None:
    tiles = [{"width": 2**30, "scaleFactors": [1]}]
    serve_info(server, profile="level0", tiles=tiles, width=2**30, height=2**30)
    leaf = cropper.resolve(make_leaf(f"{server.url}/static/a"))
    with pytest.raises(FileUnavailable, match="too many"):
        cropper.scan_size(leaf)


def test_a_region_is_fetched_at_the_size_that_the_server_allows(server: IIIFServer, cropper: Cropper) -> None:
    service = serve_info(server, profile=["http://iiif.io/api/image/2/level2.json", {"maxWidth": 20}])
    serve_picture(server, "30,40,50,20/20,/0/default.jpg", gradient().crop((30, 40, 80, 60)).resize((20, 8)))
    server.queue_responses("/static/a/30,40,50,20/50,", CannedResponse(400), CannedResponse(400))
    leaf = cropper.resolve(make_leaf(service))
    assert cropper.crop(leaf, BOX).size == (20, 8)


def test_a_picture_that_a_manifest_turns_is_turned_clockwise(server: IIIFServer, cropper: Cropper) -> None:
    server.documents["/a.png"] = png(gradient())
    leaf = Leaf(id="p", number=1, scan=f"{server.url}/a.png", selection=ImageSelection(rotation=90))
    turned = cropper.crop(leaf, PixelBox(0, 0, *SIZE))
    assert turned.size == (SIZE[1], SIZE[0])
    # The upper left corner, without red and green, comes to the upper right.
    assert max(turned.getpixel((SIZE[1] - 1, 0))[:2]) <= 2


@given(
    st.integers(1, 20_000),
    st.integers(1, 20_000),
    st.integers(1, 1024),
    st.integers(1, 1024),
    st.sampled_from([1, 2, 4, 8, 16, 32]),
)
def test_tiles_cover_the_image_exactly_once(
    width: int, height: int, tile_width: int, tile_height: int, factor: int
) -> None:
    info = ImageInfo.from_json(
        {
            "width": width,
            "height": height,
            "tiles": [{"width": tile_width, "height": tile_height, "scaleFactors": [factor]}],
        },
        "u",
    )
    tiles, _ = info.tile_requests()
    assert len(tiles) <= 256
    if tiles:
        assert sum(tile.region.width * tile.region.height for tile in tiles) == width * height
        assert len({(tile.region.x, tile.region.y) for tile in tiles}) == len(tiles)


@given(st.integers(1, 9000), st.integers(1, 9000), *[st.none() | st.integers(1, 9000)] * 2)
def test_an_allowed_size_keeps_the_limits(width: int, height: int, max_width: int | None, max_area: int | None) -> None:
    info = ImageInfo.from_json({"width": 9, "height": 9, "maxWidth": max_width, "maxArea": max_area}, "u")
    allowed_width, allowed_height = info.fit(width, height)
    assert 1 <= allowed_width <= min(width, max_width or width)
    assert 1 <= allowed_height <= height
    assert max_area is None or min(allowed_width, allowed_height) == 1 or allowed_width * allowed_height <= max_area
