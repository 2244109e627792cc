"""Crops from scans on disk, and from a server with failures."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import FileUnavailable
from core.geometry import PixelBox
from core.image_files import EARLY_END_WARNING
from core.settings import Settings
from indexer.images import fetching, hosts
from indexer.images.crops import Cropper, shrink_to_crop_size
from indexer.images.fetching import Fetcher
from indexer.records import Leaf, Page
from tests.iiif_server import CannedResponse, IIIFServer, run_iiif_server
from tests.paths import SHARED
from tests.picture_files import (
    STORED_TURNS,
    UPRIGHT_CORNERS,
    corner_colours,
    noise,
    picture_file,
    stored_picture,
    tiff_file,
    upright_picture,
)

FULL_BOX = PixelBox(0, 0, 60, 40)
SCAN = SHARED / "pages" / "bnf_5628146_06.jpg"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache=tmp_path / "cache", contact="library@example.org")


@pytest.fixture
def crops(settings: Settings, fetcher: Fetcher) -> Iterator[Cropper]:
    with Cropper(settings, fetcher) as crops:
        yield crops


@pytest.fixture
def server() -> Iterator[IIIFServer]:
    with run_iiif_server() as server:
        server.scans["page"] = Image.open(SCAN).convert("RGB")
        yield server


def make_leaf(path: Path) -> Leaf:
    return Leaf(id="p", number=1, scan=str(path))


def gradient_image() -> Image.Image:
    return Image.fromarray(np.tile(np.linspace(0, 255, 60, dtype=np.uint8), (40, 1)))


def sixteen_bit_image() -> Image.Image:
    return Image.fromarray(np.asarray(gradient_image()).astype(np.uint16) * 257)


def white_cmyk_image() -> Image.Image:
    return Image.new("RGB", (60, 40), "white").convert("CMYK")


def transparent_image() -> Image.Image:
    return Image.new("RGBA", (60, 40), (0, 0, 0, 0))


def transparent_palette_image() -> Image.Image:
    image = Image.new("P", (60, 40), 0)
    image.putpalette([0, 0, 0] * 256)
    image.info["transparency"] = 0
    return image


SCAN_TYPES: dict[str, tuple[Callable[[], Image.Image], str, int, int]] = {
    "grey": (gradient_image, "scan.png", 0, 255),
    "16-bit PNG": (sixteen_bit_image, "scan.png", 0, 255),
    "16-bit TIFF": (sixteen_bit_image, "scan.tif", 0, 255),
    "floating point": (lambda: gradient_image().convert("F").point(lambda v: v / 255 + 0), "scan.tif", 0, 255),
    "one bit": (lambda: gradient_image().convert("1"), "scan.tif", 0, 255),
    "palette": (lambda: gradient_image().convert("P"), "scan.gif", 0, 255),
    "CMYK": (white_cmyk_image, "scan.jpg", 250, 255),
    "transparent": (transparent_image, "scan.png", 255, 255),
    "transparent palette": (transparent_palette_image, "scan.png", 255, 255),
    "grey with alpha": (lambda: transparent_image().convert("LA"), "scan.png", 255, 255),
}


@pytest.mark.parametrize("scan_type", SCAN_TYPES)
def test_every_type_of_scan_becomes_rgb_with_its_full_range(scan_type: str, tmp_path: Path, crops: Cropper) -> None:
    make_image, name, darkest, lightest = SCAN_TYPES[scan_type]
    make_image().save(tmp_path / name)
    leaf = make_leaf(tmp_path / name)
    image = crops.crop(leaf, FULL_BOX)
    pixels = np.asarray(image)
    assert (crops.scan_size(leaf), image.mode, image.size) == ((60, 40), "RGB", (60, 40))
    assert abs(int(pixels.min()) - darkest) <= 6
    assert abs(int(pixels.max()) - lightest) <= 6


def test_a_box_is_cropped_to_the_pixel(tmp_path: Path, crops: Cropper) -> None:
    image = Image.new("RGB", (60, 40), "white")
    image.paste("black", (10, 5, 30, 25))
    image.save(tmp_path / "scan.png")
    cropped_pixels = np.asarray(crops.crop(make_leaf(tmp_path / "scan.png"), PixelBox(10, 5, 20, 20)))
    assert cropped_pixels.max() == 0


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "TIFF"])
@pytest.mark.parametrize("orientation", STORED_TURNS)
def test_a_picture_without_alto_is_turned_upright(
    image_format: str, orientation: int, tmp_path: Path, crops: Cropper
) -> None:
    path = tmp_path / "picture"
    path.write_bytes(picture_file(stored_picture(orientation), image_format, orientation))
    size = crops.scan_size(make_leaf(path))
    assert size == upright_picture().size
    assert corner_colours(crops.crop(make_leaf(path), PixelBox(0, 0, *size))) == UPRIGHT_CORNERS


def alto_page(width: float, height: float) -> Page:
    return Page(id="page", width=width, height=height)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "TIFF"])
@pytest.mark.parametrize("orientation", [5, 6, 7, 8])
@pytest.mark.parametrize(
    ("page", "is_upright"),
    [
        (alto_page(48, 80), True),
        (alto_page(80, 48), False),
        (alto_page(600, 1000), True),
        (alto_page(2000, 1190), False),
    ],
)
def test_the_size_of_the_alto_page_decides_how_the_scan_is_turned(
    image_format: str, orientation: int, page: Page, *, is_upright: bool, tmp_path: Path, crops: Cropper
) -> None:
    path = tmp_path / "scan"
    stored = stored_picture(orientation)
    path.write_bytes(picture_file(stored, image_format, orientation))
    leaf, warning = crops.orient(make_leaf(path), page)
    seen = upright_picture() if is_upright else stored
    assert (crops.scan_size(leaf), warning) == (seen.size, "")
    assert corner_colours(crops.crop(leaf, PixelBox(0, 0, *seen.size))) == corner_colours(seen)


@pytest.mark.parametrize(("image_format", "is_upright"), [("JPEG", False), ("PNG", False), ("TIFF", True)])
@pytest.mark.parametrize(("orientation", "size"), [(3, (48, 80)), (2, (48, 80)), (6, (60, 60)), (8, (200, 201))])
def test_without_a_telling_size_the_format_decides_and_a_warning_says_so(
    image_format: str, orientation: int, size: tuple[int, int], *, is_upright: bool, tmp_path: Path, crops: Cropper
) -> None:
    """OCR programs ignore the orientation of a JPEG, and libtiff turns a TIFF."""
    stored = stored_picture(orientation, upright_picture(*size))
    (tmp_path / "scan").write_bytes(picture_file(stored, image_format, orientation))
    leaf, warning = crops.orient(make_leaf(tmp_path / "scan"), alto_page(0, 0))
    seen = upright_picture(*size) if is_upright else stored
    assert corner_colours(crops.crop(leaf, PixelBox(0, 0, *crops.scan_size(leaf)))) == corner_colours(seen)
    assert warning.startswith(f"the scan's EXIF orientation {orientation} turns it, and the size of the page does not")


def test_a_nearly_square_scan_is_decided_by_its_exact_size(tmp_path: Path, crops: Cropper) -> None:
    stored = stored_picture(6, upright_picture(1000, 1004))
    (tmp_path / "scan").write_bytes(picture_file(stored, "JPEG", 6))
    for page, is_upright in ((alto_page(1000, 1004), True), (alto_page(1004, 1000), False)):
        leaf, warning = crops.orient(make_leaf(tmp_path / "scan"), page)
        assert (leaf.is_upright, warning) == (is_upright, "")


def test_each_frame_of_a_tiff_is_a_scan_of_its_own(tmp_path: Path, crops: Cropper) -> None:
    frames = [upright_picture(), upright_picture(60, 90).transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    (tmp_path / "scan.tif").write_bytes(tiff_file(frames))
    for frame, image in enumerate(frames):
        leaf = replace(make_leaf(tmp_path / "scan.tif"), frame=frame)
        assert crops.scan_size(leaf) == image.size
        assert corner_colours(crops.crop(leaf, PixelBox(0, 0, *image.size))) == corner_colours(image)


def test_a_damaged_frame_is_named_and_the_others_are_read(tmp_path: Path, crops: Cropper) -> None:
    data = tiff_file([noise(200, 300), noise(200, 300, 2)], compression="tiff_lzw")
    (tmp_path / "scan.tif").write_bytes(data[: len(data) // 2 + 4000] + bytes(len(data) // 2 - 4000))
    leaf = make_leaf(tmp_path / "scan.tif")
    assert crops.crop(replace(leaf, frame=0), FULL_BOX).size == (60, 40)
    with pytest.raises(FileUnavailable, match="frame 2: unreadable picture"):
        crops.crop(replace(leaf, frame=1), FULL_BOX)


def test_a_scan_that_ends_early_is_cropped_with_one_warning(tmp_path: Path, crops: Cropper) -> None:
    path = tmp_path / "scan.jpg"
    path.write_bytes(picture_file(noise(600, 800), "JPEG")[:-200])
    for _ in range(2):
        assert crops.crop(make_leaf(path), FULL_BOX).size == (60, 40)
    assert crops.take_warnings() == [(str(path), EARLY_END_WARNING)]
    assert crops.take_warnings() == []


def test_a_page_is_decoded_once_for_all_its_pictures(tmp_path: Path, crops: Cropper) -> None:
    leaf = make_leaf(tmp_path / "scan.png")
    gradient_image().save(tmp_path / "scan.png")
    crops.crop(leaf, FULL_BOX)
    (tmp_path / "scan.png").unlink()
    assert crops.crop(leaf, FULL_BOX).size == (60, 40)


def write_truncated_jpeg(path: Path) -> None:
    file = BytesIO()
    Image.effect_noise((400, 400), 90).save(file, "JPEG")
    path.write_bytes(file.getvalue()[: len(file.getvalue()) // 2])


BROKEN_SCANS: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda _: None, "no such file"),
    "empty": (lambda path: path.write_bytes(b""), "the file is empty"),
    "text": (lambda path: path.write_text("no picture"), "not a picture that can be opened"),
    "truncated": (write_truncated_jpeg, "truncated"),
    "a folder": (lambda path: path.mkdir(), "directory"),
}


@pytest.mark.parametrize("fault", BROKEN_SCANS)
def test_error_for_an_unreadable_scan_names_file_and_reason(fault: str, tmp_path: Path, crops: Cropper) -> None:
    write_file, reason = BROKEN_SCANS[fault]
    path = tmp_path / "scan.jpg"
    write_file(path)
    with pytest.raises(FileUnavailable, match=reason) as caught:
        crops.crop(make_leaf(path), FULL_BOX)
    assert caught.value.file == str(path)


def test_a_scan_above_the_pixel_limit_is_refused_before_decoding(tmp_path: Path) -> None:
    Image.new("1", (2000, 1000)).save(tmp_path / "bomb.png")
    settings = Settings(max_image_pixels=1_000_000, cache=tmp_path)
    crops = Cropper(settings, Fetcher(settings))
    with pytest.raises(FileUnavailable, match="2000 × 1000 pixels are more than FRONTISPIECE_MAX_IMAGE_PIXELS=1000000"):
        crops.scan_size(make_leaf(tmp_path / "bomb.png"))


def test_a_scan_above_pillows_limit_and_below_ours_is_opened(tmp_path: Path, crops: Cropper) -> None:
    Image.new("1", (10_000, 9_100)).save(tmp_path / "map.png")
    assert crops.crop(make_leaf(tmp_path / "map.png"), FULL_BOX).size == (60, 40)


def test_a_region_outside_the_scan_is_refused_and_one_over_its_edge_is_clipped(tmp_path: Path, crops: Cropper) -> None:
    gradient_image().save(tmp_path / "scan.png")
    leaf = make_leaf(tmp_path / "scan.png")
    assert crops.crop(leaf, PixelBox(50, 30, 100, 100)).size == (10, 10)
    with pytest.raises(FileUnavailable, match="outside the scan of 60 × 40"):
        crops.crop(leaf, PixelBox(60, 0, 5, 5))


def test_a_page_without_a_scan_is_an_error(crops: Cropper) -> None:
    with pytest.raises(FileUnavailable, match=r"x\.xml: the page has no scan"):
        crops.scan_size(Leaf(id="p", number=1, alto="x.xml"))


def test_shrinking_matches_the_paper_and_is_idempotent() -> None:
    shrunk_image = shrink_to_crop_size(Image.new("RGB", (1667, 1100)))
    assert shrunk_image.size == (416, 275)
    assert shrink_to_crop_size(shrunk_image) is shrunk_image


def test_the_signature_changes_with_the_scan(tmp_path: Path, crops: Cropper) -> None:
    leaf = make_leaf(tmp_path / "scan.png")
    gradient_image().save(tmp_path / "scan.png")
    old_signature = crops.scan_signature(leaf)
    Image.new("L", (60, 41)).save(tmp_path / "scan.png")
    assert crops.scan_signature(leaf) != old_signature


# Over the Image API


def remote_leaf(server: IIIFServer, name: str = "page", version: int = 2) -> Leaf:
    return Leaf(id="p", number=1, image_service=server.service_url(name), image_api_version=version)


@pytest.mark.network
def test_a_remote_crop_is_requested_at_the_papers_size_and_equals_the_local_crop(
    server: IIIFServer, crops: Cropper
) -> None:
    scan = server.scans["page"]
    box = PixelBox(0, 0, scan.width, scan.height // 2)
    image = crops.crop(remote_leaf(server), box)
    assert server.requested_paths == [f"/image/page/{box}/{image.width},{image.height}/0/default.jpg"]
    assert shrink_to_crop_size(image) is image
    local_crop = shrink_to_crop_size(scan.crop((0, 0, box.width, box.height)))
    difference = np.abs(np.asarray(local_crop, dtype=int) - np.asarray(image.resize(local_crop.size), dtype=int))
    assert difference.mean() < 12


@pytest.mark.network
def test_a_remote_size_is_requested_once_and_cached_across_runs(server: IIIFServer, settings: Settings) -> None:
    for _ in range(2):
        with Fetcher(settings) as fetcher, Cropper(settings, fetcher) as crops:
            assert crops.scan_size(remote_leaf(server)) == server.scans["page"].size
            assert crops.scan_size(remote_leaf(server)) == server.scans["page"].size
    assert server.requested_paths == ["/image/page/info.json"]


@pytest.mark.network
def test_a_damaged_cache_is_not_used(server: IIIFServer, settings: Settings) -> None:
    settings.cache.mkdir()
    (settings.cache / "iiif.sqlite").write_bytes(b"no database" * 1000)
    with Fetcher(settings) as fetcher, Cropper(settings, fetcher) as crops:
        assert crops.scan_size(remote_leaf(server)) == server.scans["page"].size


@pytest.mark.network
def test_a_cache_that_cannot_be_created_is_not_used(server: IIIFServer, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = Settings(cache=tmp_path / "file" / "cache")
    with Fetcher(settings) as fetcher, Cropper(settings, fetcher) as crops:
        assert crops.scan_size(remote_leaf(server)) == server.scans["page"].size


@pytest.mark.network
def test_a_response_above_the_size_limit_is_refused(
    server: IIIFServer, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MAX_RESPONSE_BYTES", 2**20)
    server.documents["/large"] = bytes(2**20 + 1)
    with pytest.raises(FileUnavailable, match="larger than 1 MiB"):
        fetcher.get(f"{server.url}/large")


@pytest.mark.network
def test_a_known_size_is_not_requested(server: IIIFServer, crops: Cropper) -> None:
    leaf = Leaf(id="p", number=1, image_service=server.service_url("page"), width=7, height=5)
    assert crops.scan_size(leaf) == (7, 5)
    assert server.requested_paths == []


@pytest.mark.network
def test_a_level_1_server_is_requested_by_width(server: IIIFServer, crops: Cropper) -> None:
    server.accepts_width_only = True
    assert crops.crop(remote_leaf(server), PixelBox(0, 0, 400, 300)).size == (400, 300)
    assert [path.split("/")[4] for path in server.requested_paths] == ["400,300", "400,"]


@pytest.mark.network
def test_a_picture_without_an_image_service_is_fetched_once(server: IIIFServer, crops: Cropper) -> None:
    leaf = Leaf(id="p", number=1, scan=f"{server.service_url('page')}/full/full/0/default.jpg")
    assert crops.scan_size(leaf) == server.scans["page"].size
    assert crops.crop(leaf, FULL_BOX).size == (60, 40)
    assert len(server.requested_paths) == 1


@pytest.mark.network
def test_retry_after_of_a_busy_server_is_obeyed(server: IIIFServer, crops: Cropper, waits: list[float]) -> None:
    """This holds for 429 and 503; later requests are sent more slowly."""
    server.queue_responses(
        "/image", CannedResponse(429, {"Retry-After": "0"}), CannedResponse(503, {"Retry-After": "0"})
    )
    crops.crop(remote_leaf(server), PixelBox(0, 0, 100, 100))
    crops.crop(remote_leaf(server), PixelBox(0, 0, 100, 90))
    assert len(server.requested_paths) == 4
    assert len(waits) == 2
    assert waits[0] < waits[1] < 2


@pytest.mark.network
def test_one_broken_picture_does_not_slow_down_the_others(
    server: IIIFServer, crops: Cropper, waits: list[float]
) -> None:
    server.queue_responses("/image/page/", CannedResponse(500))
    crops.crop(remote_leaf(server), FULL_BOX)
    crops.crop(remote_leaf(server), PixelBox(0, 0, 61, 41))
    assert waits == []


@pytest.mark.network
def test_requests_stop_after_the_maximum_number_of_failures(
    server: IIIFServer, crops: Cropper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MAX_ATTEMPTS", 1)
    server.queue_responses("/image/", *[CannedResponse(503)] * 50)
    failed_files = []
    for width in range(50, 60):
        with pytest.raises(FileUnavailable) as error:
            crops.crop(remote_leaf(server), PixelBox(0, 0, width, 40))
        failed_files.append(error.value.file)
    assert len([path for path in server.requested_paths if "/0,0," in path]) == hosts.MAX_FAILURES
    assert set(failed_files[hosts.MAX_FAILURES :]) == {server.url}


@pytest.mark.network
def test_a_long_retry_after_is_reported_without_waiting(server: IIIFServer, crops: Cropper) -> None:
    server.queue_responses("/image", CannedResponse(429, {"Retry-After": "3600"}))
    with pytest.raises(FileUnavailable, match="429 Too Many Requests and asks to wait 3600 seconds"):
        crops.crop(remote_leaf(server), FULL_BOX)
    assert len(server.requested_paths) == 1


@pytest.mark.network
def test_a_missing_picture_is_reported_with_its_url(server: IIIFServer, crops: Cropper) -> None:
    with pytest.raises(FileUnavailable, match="the server answers 404 Not Found") as caught:
        crops.crop(remote_leaf(server, "none"), FULL_BOX)
    assert caught.value.file == f"{server.service_url('none')}/{FULL_BOX}/60,40/0/default.jpg"
    assert len(server.requested_paths) == 1


@pytest.mark.network
def test_corrupt_bytes_are_reported_with_their_url(server: IIIFServer, crops: Cropper) -> None:
    server.queue_responses("/image", CannedResponse(200, body=b"\xff\xd8\xff\xe0 no jpeg"))
    with pytest.raises(FileUnavailable, match="unreadable picture"):
        crops.crop(remote_leaf(server), FULL_BOX)


@pytest.mark.network
def test_an_invalid_info_json_is_reported(server: IIIFServer, crops: Cropper) -> None:
    server.queue_responses("/image", CannedResponse(200, body=b"<html>"), CannedResponse(200, body=b"{}"))
    with pytest.raises(FileUnavailable, match=r"info\.json: not JSON"):
        crops.scan_size(remote_leaf(server))
    with pytest.raises(FileUnavailable, match="gives no width and height"):
        crops.scan_size(remote_leaf(server))


@pytest.mark.network
def test_only_redirects_to_http_urls_are_followed(server: IIIFServer, fetcher: Fetcher) -> None:
    server.alto_files["page"] = b"<alto/>"
    server.queue_responses(
        "/moved",
        CannedResponse(302, {"Location": "/alto/page"}),
        CannedResponse(302, {"Location": "file:///etc/hostname"}),
    )
    assert fetcher.get(f"{server.url}/moved") == b"<alto/>"
    with pytest.raises(FileUnavailable):
        fetcher.get(f"{server.url}/moved")


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://example.org/x", "data:text/plain,x", "http://"])
def test_other_schemes_are_not_fetched(url: str, fetcher: Fetcher) -> None:
    with pytest.raises(FileUnavailable):
        fetcher.get(url)


@pytest.mark.network
def test_requests_have_a_user_agent_with_the_contact(server: IIIFServer, fetcher: Fetcher) -> None:
    server.alto_files["page"] = b"<alto/>"
    assert fetcher.get(f"{server.url}/alto/page") == b"<alto/>"
    (agent,) = server.user_agents
    assert agent.startswith("Frontispiece/")
    assert agent.endswith("(+library@example.org)")
