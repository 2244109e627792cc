"""Pixels from scans of every kind on disk, and from a server that is sometimes in trouble."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.errors import AltoError, CropUnavailable
from core.geometry import PixelBox
from core.settings import Settings
from indexer.images import fetching
from indexer.images.crops import Crops, is_whole, keep, shrink
from indexer.images.fetching import Fetcher
from indexer.records import Leaf
from tests.iiif_server import Answer, IIIFServer, iiif_server
from tests.paths import SHARED

WHOLE = PixelBox(0, 0, 60, 40)
SCAN = SHARED / "pages" / "bnf_5628146_06.jpg"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache=tmp_path / "cache", contact="library@example.org")


@pytest.fixture
def waits() -> list[float]:
    """Seconds that the client slept between requests."""
    return []


@pytest.fixture
def crops(settings: Settings, waits: list[float]) -> Iterator[Crops]:
    with Crops(settings, Fetcher(settings, sleep=waits.append)) as crops:
        yield crops


@pytest.fixture
def server() -> Iterator[IIIFServer]:
    with iiif_server() as server:
        server.scans["page"] = Image.open(SCAN).convert("RGB")
        yield server


def leaf_of(path: Path) -> Leaf:
    return Leaf(id="p", number=1, scan=str(path))


def gradient() -> Image.Image:
    return Image.fromarray(np.tile(np.linspace(0, 255, 60, dtype=np.uint8), (40, 1)))


def sixteen_bits() -> Image.Image:
    return Image.fromarray(np.asarray(gradient()).astype(np.uint16) * 257)


def cmyk_of_white() -> Image.Image:
    return Image.new("RGB", (60, 40), "white").convert("CMYK")


def transparent() -> Image.Image:
    return Image.new("RGBA", (60, 40), (0, 0, 0, 0))


def transparent_palette() -> Image.Image:
    image = Image.new("P", (60, 40), 0)
    image.putpalette([0, 0, 0] * 256)
    image.info["transparency"] = 0
    return image


KINDS: dict[str, tuple[Callable[[], Image.Image], str, int, int]] = {
    "grey": (gradient, "scan.png", 0, 255),
    "16-bit PNG": (sixteen_bits, "scan.png", 0, 255),
    "16-bit TIFF": (sixteen_bits, "scan.tif", 0, 255),
    "floating point": (lambda: gradient().convert("F").point(lambda v: v / 255 + 0), "scan.tif", 0, 255),
    "one bit": (lambda: gradient().convert("1"), "scan.tif", 0, 255),
    "palette": (lambda: gradient().convert("P"), "scan.gif", 0, 255),
    "CMYK": (cmyk_of_white, "scan.jpg", 250, 255),
    "transparent": (transparent, "scan.png", 255, 255),
    "transparent palette": (transparent_palette, "scan.png", 255, 255),
    "grey with alpha": (lambda: transparent().convert("LA"), "scan.png", 255, 255),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_scan_becomes_rgb_with_its_blacks_and_whites(kind: str, tmp_path: Path, crops: Crops) -> None:
    make, name, darkest, lightest = KINDS[kind]
    make().save(tmp_path / name)
    leaf = leaf_of(tmp_path / name)
    image = crops.crop(leaf, WHOLE)
    pixels = np.asarray(image)
    assert (crops.size(leaf), image.mode, image.size) == ((60, 40), "RGB", (60, 40))
    assert abs(int(pixels.min()) - darkest) <= 6
    assert abs(int(pixels.max()) - lightest) <= 6


def test_a_box_is_cut_to_the_pixel(tmp_path: Path, crops: Crops) -> None:
    image = Image.new("RGB", (60, 40), "white")
    image.paste("black", (10, 5, 30, 25))
    image.save(tmp_path / "scan.png")
    cut = np.asarray(crops.crop(leaf_of(tmp_path / "scan.png"), PixelBox(10, 5, 20, 20)))
    assert cut.max() == 0


def test_the_orientation_tag_is_left_alone(tmp_path: Path, crops: Crops) -> None:
    """ALTO counts the pixels as they are stored."""
    exif = Image.Exif()
    exif[274] = 6
    gradient().save(tmp_path / "scan.jpg", exif=exif)
    assert crops.size(leaf_of(tmp_path / "scan.jpg")) == (60, 40)


def test_a_page_is_decoded_once_for_all_its_pictures(tmp_path: Path, crops: Crops) -> None:
    leaf = leaf_of(tmp_path / "scan.png")
    gradient().save(tmp_path / "scan.png")
    crops.crop(leaf, WHOLE)
    (tmp_path / "scan.png").unlink()
    assert crops.crop(leaf, WHOLE).size == (60, 40)


def truncated(path: Path) -> None:
    file = BytesIO()
    Image.effect_noise((400, 400), 90).save(file, "JPEG")
    path.write_bytes(file.getvalue()[: len(file.getvalue()) // 2])


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda _: None, "no such file"),
    "empty": (lambda path: path.write_bytes(b""), "not a picture that can be opened"),
    "text": (lambda path: path.write_text("no picture"), "not a picture that can be opened"),
    "truncated": (truncated, "truncated"),
    "a folder": (lambda path: path.mkdir(), "directory"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_an_unreadable_scan_is_named_with_the_reason(kind: str, tmp_path: Path, crops: Crops) -> None:
    make, reason = BROKEN[kind]
    path = tmp_path / "scan.jpg"
    make(path)
    with pytest.raises(CropUnavailable, match=reason) as caught:
        crops.crop(leaf_of(path), WHOLE)
    assert caught.value.file == str(path)


def test_a_picture_beyond_the_cap_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    Image.new("1", (2000, 1000)).save(tmp_path / "bomb.png")
    crops = Crops(Settings(image_pixels=1_000_000, cache=tmp_path))
    with pytest.raises(CropUnavailable, match="2000 × 1000 pixels are more than FRONTISPIECE_IMAGE_PIXELS=1000000"):
        crops.size(leaf_of(tmp_path / "bomb.png"))


def test_a_scan_above_pillows_own_limit_and_below_ours_is_opened(tmp_path: Path, crops: Crops) -> None:
    Image.new("1", (10_000, 9_100)).save(tmp_path / "map.png")
    assert crops.crop(leaf_of(tmp_path / "map.png"), WHOLE).size == (60, 40)


def test_a_region_outside_the_scan_is_told_and_a_region_over_its_edge_is_cut(tmp_path: Path, crops: Crops) -> None:
    gradient().save(tmp_path / "scan.png")
    leaf = leaf_of(tmp_path / "scan.png")
    assert crops.crop(leaf, PixelBox(50, 30, 100, 100)).size == (10, 10)
    with pytest.raises(CropUnavailable, match="outside the scan of 60 × 40"):
        crops.crop(leaf, PixelBox(60, 0, 5, 5))


def test_a_page_without_a_scan_says_so(crops: Crops) -> None:
    with pytest.raises(CropUnavailable, match=r"x\.xml: the page has no scan"):
        crops.size(Leaf(id="p", number=1, alto="x.xml"))


def test_shrinking_is_what_the_paper_did_and_a_second_time_nothing() -> None:
    small = shrink(Image.new("RGB", (1667, 1100)))
    assert small.size == (416, 275)
    assert shrink(small) is small


def test_the_stamp_changes_with_the_scan(tmp_path: Path, crops: Crops) -> None:
    leaf = leaf_of(tmp_path / "scan.png")
    gradient().save(tmp_path / "scan.png")
    before = crops.stamp(leaf)
    Image.new("L", (60, 41)).save(tmp_path / "scan.png")
    assert crops.stamp(leaf) != before


def test_a_missing_alto_is_an_alto_error(crops: Crops, tmp_path: Path) -> None:
    with pytest.raises(AltoError, match="No such file"):
        crops.read_alto(Leaf(id="p", number=1, alto=str(tmp_path / "x.xml")))


# Over the Image API


def remote(server: IIIFServer, name: str = "page", version: int = 2) -> Leaf:
    return Leaf(id="p", number=1, image_service=server.service(name), image_api=version)


def test_a_remote_crop_is_asked_for_at_the_papers_size_and_shows_the_same(server: IIIFServer, crops: Crops) -> None:
    scan = server.scans["page"]
    box = PixelBox(0, 0, scan.width, scan.height // 2)
    image = crops.crop(remote(server), box)
    assert server.asked == [f"/image/page/{box}/{image.width},{image.height}/0/default.jpg"]
    assert shrink(image) is image
    here = shrink(scan.crop((0, 0, box.width, box.height)))
    difference = np.abs(np.asarray(here, dtype=int) - np.asarray(image.resize(here.size), dtype=int))
    assert difference.mean() < 12


def test_the_size_is_asked_for_once_and_kept_for_the_next_run(server: IIIFServer, settings: Settings) -> None:
    for _ in range(2):
        with Crops(settings) as crops:
            assert crops.size(remote(server)) == server.scans["page"].size
            assert crops.size(remote(server)) == server.scans["page"].size
    assert server.asked == ["/image/page/info.json"]


def test_a_damaged_cache_is_done_without(server: IIIFServer, settings: Settings) -> None:
    settings.cache.mkdir()
    (settings.cache / "iiif.sqlite").write_bytes(b"no database" * 1000)
    with Crops(settings) as crops:
        assert crops.size(remote(server)) == server.scans["page"].size


def test_a_cache_that_cannot_be_made_is_done_without(server: IIIFServer, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with Crops(Settings(cache=tmp_path / "file" / "cache")) as crops:
        assert crops.size(remote(server)) == server.scans["page"].size


def test_an_endless_answer_is_cut_off(server: IIIFServer, crops: Crops, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LIMIT", 2**20)
    server.documents["/large"] = bytes(2**20 + 1)
    with pytest.raises(CropUnavailable, match="larger than 1 MiB"):
        crops.fetch(f"{server.url}/large")


def test_a_known_size_is_not_asked_for(server: IIIFServer, crops: Crops) -> None:
    leaf = Leaf(id="p", number=1, image_service=server.service("page"), width=7, height=5)
    assert crops.size(leaf) == (7, 5)
    assert server.asked == []


def test_a_server_of_level_1_is_asked_by_width(server: IIIFServer, crops: Crops) -> None:
    server.only_widths = True
    assert crops.crop(remote(server), PixelBox(0, 0, 400, 300)).size == (400, 300)
    assert [path.split("/")[4] for path in server.asked] == ["400,300", "400,"]


def test_a_picture_without_a_service_is_fetched_whole_and_once(server: IIIFServer, crops: Crops) -> None:
    leaf = Leaf(id="p", number=1, scan=f"{server.service('page')}/full/full/0/default.jpg")
    assert crops.size(leaf) == server.scans["page"].size
    assert crops.crop(leaf, WHOLE).size == (60, 40)
    assert len(server.asked) == 1


def test_a_busy_server_is_asked_again_when_it_says_so(server: IIIFServer, crops: Crops, waits: list[float]) -> None:
    """429 and 503 with Retry-After are obeyed; afterwards requests come more slowly."""
    server.trouble("/image", Answer(429, {"Retry-After": "0"}), Answer(503, {"Retry-After": "0"}))
    crops.crop(remote(server), PixelBox(0, 0, 100, 100))
    crops.crop(remote(server), PixelBox(0, 0, 100, 90))
    assert len(server.asked) == 4
    assert len(waits) == 1
    assert 0.5 < waits[0] < 2


def test_one_broken_picture_does_not_slow_down_the_others(server: IIIFServer, crops: Crops, waits: list[float]) -> None:
    server.trouble("/image/page/", Answer(500))
    crops.crop(remote(server), WHOLE)
    crops.crop(remote(server), PixelBox(0, 0, 61, 41))
    assert waits == []


def test_a_server_that_is_down_is_not_asked_500_times(
    server: IIIFServer, crops: Crops, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "ATTEMPTS", 1)
    server.trouble("/image/", *[Answer(500)] * 50)
    told = []
    for width in range(50, 60):
        with pytest.raises(CropUnavailable) as error:
            crops.crop(remote(server), PixelBox(0, 0, width, 40))
        told.append(error.value.file)
    assert len([each for each in server.asked if "/0,0," in each]) == fetching.GIVEN_UP_AFTER
    assert set(told[fetching.GIVEN_UP_AFTER :]) == {server.url}


def test_a_server_that_wants_an_hour_is_not_waited_for(server: IIIFServer, crops: Crops) -> None:
    server.trouble("/image", Answer(429, {"Retry-After": "3600"}))
    with pytest.raises(CropUnavailable, match="429 Too Many Requests and asks to wait 3600 seconds"):
        crops.crop(remote(server), WHOLE)
    assert len(server.asked) == 1


def test_a_picture_that_is_not_there_is_told_with_its_url(server: IIIFServer, crops: Crops) -> None:
    with pytest.raises(CropUnavailable, match="the server answers 404 Not Found") as caught:
        crops.crop(remote(server, "none"), WHOLE)
    assert caught.value.file == f"{server.service('none')}/{WHOLE}/60,40/0/default.jpg"
    assert len(server.asked) == 1


def test_corrupt_bytes_are_told_with_their_url(server: IIIFServer, crops: Crops) -> None:
    server.trouble("/image", Answer(200, body=b"\xff\xd8\xff\xe0 no jpeg"))
    with pytest.raises(CropUnavailable, match="unreadable picture"):
        crops.crop(remote(server), WHOLE)


def test_an_info_json_that_is_none_is_told(server: IIIFServer, crops: Crops) -> None:
    server.trouble("/image", Answer(200, body=b"<html>"), Answer(200, body=b"{}"))
    with pytest.raises(CropUnavailable, match=r"info\.json: not JSON"):
        crops.size(remote(server))
    with pytest.raises(CropUnavailable, match="gives no width and height"):
        crops.size(remote(server))


def test_redirects_are_followed_to_the_web_and_nowhere_else(server: IIIFServer, crops: Crops) -> None:
    server.altos["page"] = b"<alto/>"
    server.trouble("/moved", Answer(302, {"Location": "/alto/page"}), Answer(302, {"Location": "file:///etc/hostname"}))
    assert crops.fetch(f"{server.url}/moved") == b"<alto/>"
    with pytest.raises(CropUnavailable):
        crops.fetch(f"{server.url}/moved")


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://example.org/x", "data:text/plain,x", "http://"])
def test_other_schemes_are_not_fetched(url: str, crops: Crops) -> None:
    with pytest.raises(CropUnavailable):
        crops.fetch(url)


def test_a_server_knows_who_asks(server: IIIFServer, crops: Crops) -> None:
    server.altos["page"] = b"<alto/>"
    assert crops.read_alto(Leaf(id="p", number=1, alto=f"{server.url}/alto/page")) == b"<alto/>"
    (agent,) = server.agents
    assert agent.startswith("Frontispiece/")
    assert agent.endswith("(+library@example.org)")


def test_a_crop_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """A run that is stopped in the middle leaves the old one as it was, and nothing beside it."""

    class Stopped(Image.Image):
        def save(self, fp: Any, *args: Any, **params: Any) -> None:
            Path(fp).write_bytes(b"\xff\xd8")
            raise KeyboardInterrupt

    file = tmp_path / "crop.jpg"
    with pytest.raises(KeyboardInterrupt):
        keep(Stopped(), file)
    assert list(tmp_path.iterdir()) == []
    keep(Image.new("RGB", (8, 8)), file)
    with pytest.raises(KeyboardInterrupt):
        keep(Stopped(), file)
    assert is_whole(file)
    assert list(tmp_path.iterdir()) == [file]


def test_half_a_crop_is_not_a_whole_one(tmp_path: Path) -> None:
    file = tmp_path / "crop.jpg"
    assert not is_whole(file)
    keep(Image.new("RGB", (8, 8)), file)
    for left in (len(file.read_bytes()) // 2, 1, 0):
        file.write_bytes(file.read_bytes()[:left])
        assert not is_whole(file)
