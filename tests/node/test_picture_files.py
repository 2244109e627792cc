"""Pictures of a folder are indexed as they are seen, and their files find themselves."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.library import ServedLibrary, index_library
from tests.paths import CASES
from tests.picture_files import noise, picture_file

TURNED = CASES / "exif-rotated-picture" / "phone_rotated.jpg"
TIFF = CASES / "multipage-tiff" / "multi.tif"

MIN_SIMILARITY = 0.94
"""Cosine of a file with the crop that was made of it; only the compression of the crop is between them."""


@pytest.fixture(scope="module")
def library(node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedLibrary]:
    folder = tmp_path_factory.mktemp("pictures")
    shutil.copy(TURNED, folder)
    shutil.copy(TIFF, folder)
    with Image.open(TURNED) as image:
        image.save(folder / "photo.jp2", quality_mode="dB", quality_layers=[40])
        (folder / "short.jpg").write_bytes(picture_file(noise(600, 800), "JPEG")[:-20])
    yield from index_library(node_url, folder, tmp_path_factory.mktemp("data"))


def test_every_page_and_picture_is_indexed(library: ServedLibrary) -> None:
    names = sorted(source["page_id"].partition(":")[2] for source in library.documents().values())
    assert names == ["multi.tif:1", "multi.tif:2", "multi.tif:3", "phone_rotated.jpg", "photo.jp2", "short.jpg"]
    assert library.report.problems == ()
    assert [(Path(warning.file).name, warning.reason) for warning in library.report.warnings] == [
        ("short.jpg", "the file ends early; its last rows may be grey")
    ]


def test_a_turned_picture_is_upright_and_its_file_finds_itself(library: ServedLibrary) -> None:
    (source,) = (source for source in library.documents().values() if source["page_id"].endswith("phone_rotated.jpg"))
    box = source["box"]
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 700, 900)
    crop = library.open_crop(source)
    assert crop.width < crop.height
    response = library.api_client.post("/api/search", files={"image": (TURNED.name, TURNED.read_bytes(), "image/jpeg")})
    assert response.status_code == 200, response.text
    hit = response.json()["hits"][0]
    assert hit["page_id"].endswith("phone_rotated.jpg")
    assert hit["similarities"]["sscd"] >= MIN_SIMILARITY


def test_a_jpeg_2000_is_found_by_its_upload(library: ServedLibrary, tmp_path: Path) -> None:
    file = tmp_path / "upload.jp2"
    with Image.open(TURNED) as image:
        image.save(file)
    response = library.api_client.post("/api/search", files={"image": (file.name, file.read_bytes())})
    assert response.json()["hits"][0]["page_id"].endswith("photo.jp2")


def test_the_form_offers_the_files_that_can_be_read(library: ServedLibrary) -> None:
    page = library.api_client.get("/", headers={"Accept": "text/html"}).text
    for suffix in ("image/*", ".jp2", ".tif", ".avif", ".heic"):
        assert suffix in page
