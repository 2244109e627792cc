"""Which files an image is cut from."""

from pathlib import Path
from typing import Any

import pytest

from api.elasticsearch.stored_images import read_stored_image
from api.image_service.sources import ServedImage, find_source
from core.crop_folder import FolderCropStore
from core.geometry import PixelBox
from core.scan_folders import NO_SCAN_FOLDERS, ScanFolders
from tests.picture_files import noise, picture_file

PICTURE: dict[str, Any] = {
    "document": "picture",
    "scan": {"width": 1000, "height": 1500, "file": "books/1.jpg", "frame": 0, "upright": True},
    "box": {"x": 100, "y": 200, "width": 800, "height": 600},
    "image": {"crop": "ab/1.jpg", "large": "ab/1-large.jpg"},
    "licence": "CC0",
}
PAGE = {"document": "page", "scan": PICTURE["scan"]}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name, size in (
        ("books/1.jpg", (1000, 1500)),
        ("crops/ab/1.jpg", (400, 300)),
        ("crops/ab/1-large.jpg", (800, 600)),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture_file(noise(*size), "JPEG"))
    return tmp_path


def find(data: Path, source: dict[str, Any], *, with_scans: bool = True) -> ServedImage | None:
    folders = ScanFolders([data / "books"]) if with_scans else NO_SCAN_FOLDERS
    return find_source(read_stored_image({"_source": source}), folders, FolderCropStore(data / "crops"), 10**8)


def test_a_page_is_its_whole_scan(data: Path) -> None:
    page = find(data, PAGE)
    assert page is not None
    assert (page.width, page.height) == (1000, 1500)
    assert [file.path.name for file in page.files] == ["1.jpg"]
    assert page.files[0].region == PixelBox(0, 0, 1000, 1500)
    assert find(data, PAGE, with_scans=False) is None


def test_a_picture_is_a_part_of_its_scan_and_its_crops_serve_small_sizes(data: Path) -> None:
    picture = find(data, PICTURE)
    assert picture is not None
    assert (picture.width, picture.height, picture.licence) == (800, 600, "CC0")
    scan, large, crop = picture.files
    assert scan.region == PixelBox(100, 200, 800, 600)
    whole = PixelBox(0, 0, 800, 600)
    chosen = [picture.choose_file(whole, *size) for size in ((800, 600), (700, 525), (400, 300), (100, 75))]
    assert chosen == [scan, large, crop, crop]
    assert picture.choose_file(PixelBox(0, 0, 100, 100), 50, 50) == scan


def test_without_its_scan_a_picture_is_its_largest_crop(data: Path) -> None:
    for source, with_scans in ((PICTURE, False), ({**PICTURE, "scan": {"width": 9, "height": 9}}, True)):
        picture = find(data, source, with_scans=with_scans)
        assert picture is not None
        assert (picture.width, picture.height) == (800, 600)
    (data / "crops" / "ab" / "1-large.jpg").unlink()
    (data / "books" / "1.jpg").unlink()
    picture = find(data, PICTURE)
    assert picture is not None
    assert (picture.width, picture.height) == (400, 300)
    (data / "crops" / "ab" / "1.jpg").write_bytes(b"")
    assert find(data, PICTURE) is None


@pytest.mark.parametrize("name", ["../books/1.jpg", "/etc/passwd", "books/../../etc/passwd", "crops/ab/1.jpg", ""])
def test_a_document_cannot_name_a_file_elsewhere(data: Path, name: str) -> None:
    assert find(data, {**PAGE, "scan": {**PAGE["scan"], "file": name}}) is None  # type: ignore[dict-item]
    image = {"crop": name, "large": name}
    assert find(data, {**PICTURE, "image": image}, with_scans=False) is None


def test_a_box_beyond_the_scan_is_clipped(data: Path) -> None:
    picture = find(data, {**PICTURE, "box": {"x": 900, "y": -50, "width": 800, "height": 600}})
    assert picture is not None
    assert picture.files[0].region == PixelBox(900, 0, 100, 550)
    outside = find(data, {**PICTURE, "box": {"x": 2000, "y": 0, "width": 800, "height": 600}})
    assert outside is not None
    assert outside.files[0].path.name == "1-large.jpg"


def test_the_stamp_changes_with_the_file(data: Path) -> None:
    first = find(data, PAGE)
    (data / "books" / "1.jpg").write_bytes(picture_file(noise(1000, 1500, seed=9), "JPEG", quality=50))
    second = find(data, PAGE)
    assert first is not None
    assert second is not None
    assert first.stamp != second.stamp
