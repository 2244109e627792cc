"""The recipe for scans without any layout: what Tesseract's ALTO gives, with the scans it was made from."""

import shutil
from pathlib import Path

import pytest

from core.settings import Settings
from indexer.images.crops import Cropper
from indexer.images.fetching import Fetcher
from indexer.ingest.reader import LeafReader
from indexer.ingest.report import RunReportBuilder
from indexer.records import Volume
from indexer.sources import find_volumes
from tests.paths import SHARED

MARGIN = {
    "ulb_148811035_320805": "2024,0,140,2448",
    "ulb_88120_10": "2118,0,171,3058",
    "ulb_148811035_320809": "1956,0,208,2448",
}
"""The dark margin beside each page, which Tesseract takes for an image."""


@pytest.mark.parametrize(
    ("name", "picture_counts"),
    [("ulb_148811035_320805", (6, 1)), ("ulb_88120_10", (1, 0)), ("ulb_148811035_320809", (1, 2))],
)
def test_image_regions_of_tesseract_become_pictures_of_the_scan(
    name: str, picture_counts: tuple[int, int], tmp_path: Path
) -> None:
    shutil.copy(SHARED / "alto" / f"{name}.xml", tmp_path / "page_0001.xml")
    shutil.copy(SHARED / "pages" / f"{name}.jpg", tmp_path / "page_0001.jpg")
    (volume,) = (item for item in find_volumes(tmp_path) if isinstance(item, Volume))
    report_builder, settings = RunReportBuilder(), Settings(cache=tmp_path / "cache")
    with Fetcher(settings) as fetcher, Cropper(settings, fetcher) as crops:
        reader = LeafReader(crops, fetcher, report_builder)
        (page,) = (page for leaf in volume.leaves for page in reader.read_pages(volume.book, leaf))
    block_types = [picture.element.block_type for picture in page.pictures]
    assert (block_types.count("Illustration"), block_types.count("GraphicalElement")) == picture_counts
    assert MARGIN[name] in [str(picture.element.box) for picture in page.pictures]
    assert page.ocr_page is not None
    assert page.ocr_page.text.text
