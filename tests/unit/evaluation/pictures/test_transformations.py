"""The alterations: the paper's are reproduced exactly, the harder ones are deterministic."""

import csv
from dataclasses import astuple

import numpy as np
import pytest
from PIL import Image

from evaluation.pictures.transformations import (
    HARDER_TRANSFORMATIONS,
    Alteration,
    Transformation,
    draw_paper_alterations,
    seeded_alterations,
)
from tests.paths import SHARED
from tests.unit.evaluation.conftest import drawing

COLUMNS = ("rotation", "crop_left", "crop_right", "crop_top", "crop_bottom", "width_scale", "height_scale")


def test_the_papers_684_alterations_are_reproduced() -> None:
    with (SHARED / "images" / "nb_chr24_image_retrieval_results.csv").open(encoding="utf-8", newline="") as file:
        published = [[float(row[column]) for column in COLUMNS] for row in csv.DictReader(file)]
    assert len(published) == 684
    np.testing.assert_allclose(
        [astuple(alteration) for alteration in draw_paper_alterations(684)], published, rtol=1e-12
    )


def test_quirk_changes_the_bottom_crop_only() -> None:
    plain_alterations, quirky_alterations = draw_paper_alterations(5), draw_paper_alterations(5, quirk=True)
    assert [alteration.crop_bottom for alteration in quirky_alterations] == [
        alteration.crop_top for alteration in plain_alterations
    ]
    assert [astuple(alteration)[:4] for alteration in quirky_alterations] == [
        astuple(alteration)[:4] for alteration in plain_alterations
    ]
    assert [astuple(alteration)[5:] for alteration in quirky_alterations] == [
        astuple(alteration)[5:] for alteration in plain_alterations
    ]


def test_alteration_rotates_then_crops_then_scales() -> None:
    image = Image.new("RGB", (100, 200), "black")
    unrotated_image = Alteration(0, 0.1, 0.0, 0.0, 0.15, 1.2, 0.8)(image)
    assert unrotated_image.size == (round(90 * 1.2), round(170 * 0.8))
    rotated_image = Alteration(10, 0, 0, 0, 0, 1, 1)(image)
    assert rotated_image.size[0] > 100
    assert rotated_image.getpixel((0, 0)) == (255, 255, 255)
    assert rotated_image.getpixel((rotated_image.width // 2, rotated_image.height // 2)) == (0, 0, 0)


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 2)])
@pytest.mark.parametrize(
    "alter",
    [
        *draw_paper_alterations(2),
        *(seeded_alterations(transformation, 1)[0] for transformation in HARDER_TRANSFORMATIONS),
    ],
)
def test_tiny_pictures_stay_valid(size: tuple[int, int], alter: Alteration) -> None:
    image = alter(Image.new("RGB", size, "grey"))
    assert min(image.size) >= 1
    assert image.mode == "RGB"


@pytest.mark.parametrize("harder", HARDER_TRANSFORMATIONS, ids=lambda transformation: transformation.name)
def test_harder_alterations_are_deterministic(harder: Transformation) -> None:
    image = drawing(3)
    first_image, repeated_image, reseeded_image = (
        seeded_alterations(harder, 2)[1](image),
        seeded_alterations(harder, 5)[1](image),
        seeded_alterations(harder, 2, seed=7)[1](image),
    )
    assert first_image.tobytes() == repeated_image.tobytes()
    assert first_image.tobytes() != image.tobytes()
    assert harder.name == "grey" or first_image.tobytes() != reseeded_image.tobytes()


def test_half_crop_is_the_left_right_top_or_bottom_half() -> None:
    image = drawing(2)
    (half,) = (transformation for transformation in HARDER_TRANSFORMATIONS if transformation.name == "half")
    sizes = {alter(image).size for alter in seeded_alterations(half, 20)}
    assert sizes == {(image.width // 2, image.height), (image.width, image.height // 2)}


def test_bleed_through_only_darkens() -> None:
    image = drawing(1)
    (bleed,) = (transformation for transformation in HARDER_TRANSFORMATIONS if transformation.name == "bleed-through")
    bleed_pixels = np.asarray(seeded_alterations(bleed, 1)[0](image)).astype(int)
    assert (bleed_pixels <= np.asarray(image)).all()
    assert bleed_pixels.mean() < np.asarray(image).mean() - 3
