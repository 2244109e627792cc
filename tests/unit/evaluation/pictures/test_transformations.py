"""The queries are the paper's to the last digit, and what is worse than the paper's is the same each time."""

import csv
from dataclasses import astuple

import numpy as np
import pytest
from PIL import Image
from tests.unit.evaluation.conftest import drawing

from evaluation.pictures.transformations import HARDER, Alteration, Transformation, of, paper
from tests.paths import SHARED

COLUMNS = ("rotation", "crop_left", "crop_right", "crop_top", "crop_bottom", "width_scale", "height_scale")


def test_the_papers_684_queries_are_drawn_again() -> None:
    with (SHARED / "images" / "nb_chr24_image_retrieval_results.csv").open(encoding="utf-8", newline="") as file:
        published = [[float(row[column]) for column in COLUMNS] for row in csv.DictReader(file)]
    assert len(published) == 684
    np.testing.assert_allclose([astuple(each) for each in paper(684)], published, rtol=1e-12)


def test_the_papers_quirk_cuts_the_bottom_like_the_top_and_nothing_else() -> None:
    right, quirky = paper(5), paper(5, quirk=True)
    assert [each.crop_bottom for each in quirky] == [each.crop_top for each in right]
    assert [astuple(each)[:4] for each in quirky] == [astuple(each)[:4] for each in right]
    assert [astuple(each)[5:] for each in quirky] == [astuple(each)[5:] for each in right]


def test_a_picture_is_turned_on_white_then_cut_then_scaled() -> None:
    image = Image.new("RGB", (100, 200), "black")
    still = Alteration(0, 0.1, 0.0, 0.0, 0.15, 1.2, 0.8)(image)
    assert still.size == (round(90 * 1.2), round(170 * 0.8))
    turned = Alteration(10, 0, 0, 0, 0, 1, 1)(image)
    assert turned.size[0] > 100
    assert turned.getpixel((0, 0)) == (255, 255, 255)
    assert turned.getpixel((turned.width // 2, turned.height // 2)) == (0, 0, 0)


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 2)])
@pytest.mark.parametrize("alter", [*paper(2), *(of(each, 1)[0] for each in HARDER)])
def test_specks_and_rules_stay_pictures(size: tuple[int, int], alter: Alteration) -> None:
    image = alter(Image.new("RGB", size, "grey"))
    assert min(image.size) >= 1
    assert image.mode == "RGB"


@pytest.mark.parametrize("harder", HARDER, ids=lambda each: each.name)
def test_what_is_worse_changes_the_picture_in_the_same_way_each_time(harder: Transformation) -> None:
    image = drawing(3)
    first, again, other = of(harder, 2)[1](image), of(harder, 5)[1](image), of(harder, 2, seed=7)[1](image)
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != image.tobytes()
    assert harder.name == "grey" or first.tobytes() != other.tobytes()


def test_half_is_one_of_the_four_halves() -> None:
    image = drawing(2)
    (half,) = (each for each in HARDER if each.name == "half")
    sizes = {alter(image).size for alter in of(half, 20)}
    assert sizes == {(image.width // 2, image.height), (image.width, image.height // 2)}


def test_print_that_shines_through_only_darkens() -> None:
    image = drawing(1)
    (bleed,) = (each for each in HARDER if each.name == "bleed-through")
    through = np.asarray(of(bleed, 1)[0](image)).astype(int)
    assert (through <= np.asarray(image)).all()
    assert through.mean() < np.asarray(image).mean() - 3
