"""Decoration and empty paper are told from figures by pixels, shape and place on the page."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

from core.geometry import PixelBox
from core.settings import Settings
from indexer import sources
from indexer.images.crops import Cropper
from indexer.images.decoration import Placement, classify_decoration
from indexer.images.fetching import Fetcher
from indexer.ingest.reader import LeafReader
from indexer.ingest.report import RunReportBuilder
from indexer.records import Volume
from tests.paths import SHARED, SPECIMEN, SPECIMEN_TRUTH

PAGE_WIDTH, PAGE_HEIGHT = 1000, 1480
DECORATION_LABELS = ("ornament", "blank")
EMPTY_LABELS, PALE_LABELS = ("blank", "blank_margin"), ("page_drawing", "map_plan", "nb_crop", "music", "page_photo")
FIGURE_LABELS = ("illustration", "map", "chart", "music")


def place(x: int, y: int, width: int, height: int, **fields: Any) -> Placement:
    box = PixelBox(x, y, width, height)
    return Placement(box=box, page_width=PAGE_WIDTH, page_height=PAGE_HEIGHT, **{"line_height": 30.0, **fields})


def paper(width: int, height: int) -> Image.Image:
    return Image.new("RGB", (width, height), (236, 228, 208))


def draw_letter(size: int = 110) -> Image.Image:
    image = paper(size, size)
    ImageDraw.Draw(image).rectangle((size // 3, 8, size // 2 + 8, size - 8), fill=(30, 25, 20))
    return image


def draw_pattern(width: int, height: int) -> Image.Image:
    """A row of equal type ornaments."""
    image = paper(width, height)
    for x in range(0, width, 20):
        ImageDraw.Draw(image).ellipse((x + 3, height // 14, x + 17, height - height // 14), fill=(30, 25, 20))
    return image


def draw_coast(width: int, height: int) -> Image.Image:
    """The profile of a coast, as pilots print it: an outline, with sky above."""
    image = paper(width, height)
    ImageDraw.Draw(image).polygon([(0, height), (width // 2, height // 2), (width, height)], fill=(30, 25, 20))
    return image


def draw_staff(width: int, height: int) -> Image.Image:
    image = paper(width, height)
    for line in range(5):
        y = height // 4 + line * height // 8
        ImageDraw.Draw(image).line((0, y, width, y), fill=(30, 25, 20), width=3)
    return image


def draw_photograph(width: int, height: int) -> Image.Image:
    return Image.linear_gradient("L").resize((width, height)).convert("RGB")


def draw_shadow(width: int, height: int) -> Image.Image:
    """The spine of a book between two pages: from the level of the paper to black."""
    return Image.linear_gradient("L").rotate(90).resize((width, height)).convert("RGB")


def draw_pencil(width: int, height: int) -> Image.Image:
    """A pale drawing: strokes hardly darker than the paper."""
    image = paper(width, height)
    for x in range(40, width - 40, 40):
        ImageDraw.Draw(image).line((x, 40, x + 10, height - 40), fill=(212, 204, 186), width=2)
    return image


@pytest.mark.parametrize(
    ("image", "placement", "kind"),
    [
        (paper(300, 400), place(200, 300, 300, 400), "blank"),
        (paper(996, 1470), place(2, 5, 996, 1470), "blank"),
        (draw_shadow(60, 1300), place(940, 80, 60, 1300), "blank"),
        (
            Image.effect_noise((60, 1300), 20).point(lambda level: level // 4).convert("RGB"),
            place(0, 80, 60, 1300),
            "blank",
        ),
        (draw_pattern(250, 10), place(370, 1150, 250, 10), "rule"),
        (draw_pattern(10, 900), place(500, 200, 10, 900), "rule"),
        (draw_letter(), place(120, 480, 110, 110), "initial"),
        (draw_letter(), place(445, 1200, 110, 110), "ornament"),
        (draw_pattern(660, 110), place(170, 150, 660, 110), "ornament"),
        (draw_coast(300, 260), place(120, 480, 300, 260, block_type="DropCapitalZone"), "initial"),
        (draw_coast(300, 260), place(120, 480, 300, 260, block_type="GraphicZone:ornamentation"), "ornament"),
    ],
    ids=[
        *(
            "blank piece",
            "blank page",
            "shadow of the spine",
            "edge of the scan",
            "rule",
            "column rule",
            "initial",
            "fleuron",
            "headpiece",
        ),
        *("initial by its type", "ornament by its type"),
    ],
)
def test_decoration_is_told_from_figures(image: Image.Image, placement: Placement, kind: str) -> None:
    assert classify_decoration(image, placement) == kind


@pytest.mark.parametrize(
    ("image", "placement"),
    [
        (draw_letter(), place(120, 480, 110, 110, has_caption=True)),
        (draw_letter(), place(120, 480, 110, 110, line_height=12.0)),
        (draw_letter(), place(120, 480, 110, 110, line_height=0.0)),
        (draw_photograph(110, 120), place(120, 480, 110, 120)),
        (draw_coast(700, 120), place(150, 400, 700, 120)),
        (draw_staff(700, 120), place(150, 400, 700, 120)),
        (draw_pattern(660, 200), place(170, 150, 660, 200)),
        (draw_pencil(400, 500), place(200, 300, 400, 500)),
        (draw_letter(1000).resize((1000, 1480)), place(0, 0, 1000, 1480)),
        (draw_coast(1000, 180), place(0, 0, 1000, 180)),
        (draw_shadow(180, 1000).rotate(90, expand=True), place(0, 1300, 1000, 180, has_caption=True)),
        (draw_pattern(1000, 80), Placement(box=PixelBox(0, 0, 1000, 80), page_width=1000, page_height=80)),
    ],
    ids=[
        *("captioned", "high against the text, as in a newspaper", "on a page without text", "small photograph"),
        *("profile of a coast", "music", "too high for a headpiece", "pencil drawing", "whole page"),
        *("panorama at the head of the page", "captioned panorama at its foot"),
        "panorama that is a file of its own",
    ],
)
def test_figures_are_not_decoration(image: Image.Image, placement: Placement) -> None:
    assert classify_decoration(image, placement) == ""


@given(
    st.integers(1, 1000),
    st.integers(1, 1480),
    st.integers(0, 999),
    st.integers(0, 1479),
    st.sampled_from([0, 90, 255]),
)
def test_no_size_place_or_tone_is_an_error(width: int, height: int, x: int, y: int, level: int) -> None:
    image = Image.new("RGB", (min(width, 60), min(height, 60)), (level, level, level))
    assert classify_decoration(image, place(x, y, width, height)) in ("", "blank", "rule", "initial", "ornament")


def specimen_pictures(data: Path) -> Iterator[tuple[str, str, str]]:
    """Yield label, subject and measured kind of each picture of the specimen books."""
    truth_rows = [row for file in SPECIMEN_TRUTH.glob("*.json") for row in json.loads(file.read_text("utf-8"))]
    truth = {
        (Path(row["scan"]).stem, row["picture"]["alto_id"]): row["picture"] for row in truth_rows if row["picture"]
    }
    settings = Settings(data=data)
    with Fetcher(settings) as fetcher, Cropper(settings, fetcher) as cropper:
        reader = LeafReader(cropper, fetcher, RunReportBuilder())
        for volume in sources.find_volumes(str(SPECIMEN), fetcher.get, settings.unpacked_folder):
            if not isinstance(volume, Volume):
                continue
            pages = [page for leaf in volume.leaves for page in reader.read_pages(volume.book, leaf)]
            for picture in (picture for page in pages for picture in page.pictures):
                picture_truth = truth[Path(str(picture.leaf.scan)).stem, picture.element.alto_id]
                crop = cropper.crop(picture.leaf, picture.element.box)
                yield picture_truth["label"], picture_truth["subject"], classify_decoration(crop, picture.placement)


def test_no_figure_of_the_specimen_books_is_decoration_and_nearly_all_decoration_is(tmp_path: Path) -> None:
    pictures = list(specimen_pictures(tmp_path))
    assert [row for row in pictures if row[0] in FIGURE_LABELS and row[2]] == []
    assert [row for row in pictures if row[0] in DECORATION_LABELS and not row[2]] == [
        ("ornament", "printer's flower", "")
    ]


def test_no_labelled_picture_but_empty_paper_is_blank() -> None:
    """Pale drawings and maps of libraries, as files of their own, are figures; three of five empty ones are blank."""
    rows = (SHARED / "images" / "labels.csv").read_text("utf-8").splitlines()[1:]
    found: dict[str, list[str]] = {"": [], "blank": []}
    for row in rows:
        path, label = row.split(",")[:2]
        if label not in (*EMPTY_LABELS, *PALE_LABELS):
            continue
        image = Image.open(SHARED / path)
        image.draft("RGB", (512, 512))
        box = PixelBox(0, 0, *image.size)
        placement = Placement(box=box, page_width=box.width, page_height=box.height, block_type="Image")
        found[classify_decoration(image.convert("RGB"), placement)].append(label)
    assert set(found["blank"]) == set(EMPTY_LABELS)
    assert len(found["blank"]) > 55


def test_a_blurred_picture_is_not_blank() -> None:
    image = draw_coast(400, 300).filter(ImageFilter.GaussianBlur(20))
    assert classify_decoration(image, place(200, 300, 400, 300)) == ""
