"""Large scans are decoded in a process of their own, with the same pixels, and a run survives what they do to it."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import FileUnavailable, ProblemCode
from core.geometry import PixelBox
from core.settings import Settings
from indexer.images import scan_decoding
from indexer.images.crops import Cropper
from indexer.images.fetching import Fetcher
from indexer.images.scan_decoding import LargeScan
from indexer.records import Leaf
from tests.picture_files import noise, picture_file, stored_picture

pytestmark = pytest.mark.slow

BOX = PixelBox(10, 20, 30, 50)


def crop(folder: Path, data: bytes) -> tuple[Image.Image, list[tuple[str, str]]]:
    (folder / "scan.img").write_bytes(data)
    settings = Settings(cache=folder)
    with Fetcher(settings) as fetcher, Cropper(settings, fetcher) as crops:
        return crops.crop(Leaf(id="p", number=1, scan=str(folder / "scan.img")), BOX), crops.take_warnings()


@pytest.mark.parametrize(
    "data",
    [
        picture_file(stored_picture(6, noise(90, 120)), "JPEG", 6),
        picture_file(noise(90, 120), "TIFF"),
        picture_file(noise(300, 400), "JPEG")[:-20],
        picture_file(Image.linear_gradient("L").convert("F"), "TIFF"),
    ],
    ids=["turned", "TIFF", "without its end", "32 bits"],
)
def test_a_large_scan_has_the_same_pixels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    expected_image, expected_warnings = crop(tmp_path, data)
    monkeypatch.setattr("indexer.images.crops.LARGE_PIXELS", 100)
    monkeypatch.setattr(scan_decoding, "BLOCK_PIXELS", 200)
    image, warnings = crop(tmp_path, data)
    assert np.array_equal(np.asarray(image), np.asarray(expected_image))
    assert warnings == expected_warnings


def test_what_cannot_be_decoded_is_reported(tmp_path: Path) -> None:
    (tmp_path / "scan.jpg").write_bytes(b"no picture")
    with pytest.raises(FileUnavailable, match="is read") as error:
        LargeScan(tmp_path / "scan.jpg", "scan.jpg", 10**6, None, upright=True)
    assert error.value.code == ProblemCode.UNREADABLE


def test_a_process_that_takes_too_long_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_decoding, "MAX_CPU_SECONDS", 1)
    scan = LargeScan(picture_file(noise(90, 120), "PNG"), "scan.png", 10**6, None, upright=True)
    try:
        with pytest.raises(FileUnavailable, match="processor time") as error:
            scan._ask(eval, "[0 for _ in iter(int, 1)]")
    finally:
        scan.close()
    assert error.value.code == ProblemCode.OUT_OF_MEMORY
