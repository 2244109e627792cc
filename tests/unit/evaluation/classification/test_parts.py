"""What the parts of traits buy is measured part by part, by the protocol of all the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL.Image import Image
from tests.unit.evaluation.classification.drawings import FOLDS, folder
from tests.unit.evaluation.thumbnails import Thumbnail

from core.encoders.features import MakeTraits, Traits
from core.settings import Settings
from evaluation.classification import command as classification
from evaluation.classification.nested import BY_BOOK
from evaluation.classification.tables import tables
from evaluation.pictures.folder import read_folder

pytestmark = pytest.mark.usefixtures("quick")


@dataclass
class Striped(Thumbnail):
    """Its vector is blind; its traits are a width, which all have, and the stripes, which tell kinds apart."""

    name: str = "striped"
    side: int = 1
    traits: str = "width, stripes"

    def encode_traits(self, images: Sequence[Image]) -> Traits:
        return np.concatenate([make(images) for make in self.trait_parts.values()], axis=1)

    @property
    def trait_parts(self) -> Mapping[str, MakeTraits]:
        return {"width": widths, "stripes": stripes}


def widths(images: Sequence[Image]) -> Traits:
    return np.array([[image.width] for image in images], np.int8).reshape(len(images), 1)


def stripes(images: Sequence[Image]) -> Traits:
    made = [np.asarray(image.convert("L").resize((1, 3))).ravel().astype(int) - 128 for image in images]
    return np.array(made, np.int8).reshape(len(images), 3)


def test_a_part_that_tells_kinds_is_told_from_one_that_does_not(tmp_path: Path, settings: Settings) -> None:
    measured = classification.measured_of(
        read_folder(folder(tmp_path / "pictures")), [Striped()], settings, folds=FOLDS
    )

    vector, first, both = measured.bought["striped"]
    assert [each.numbers for each in (vector, first, both)] == [1, 1, 4]
    assert max(vector.found.accuracy, first.found.accuracy) < 0.6
    outcome = measured.by_book("striped")
    assert outcome is not None
    assert both.found is outcome.found
    assert both.found.accuracy > 0.9
    assert 0 < first.milliseconds < both.milliseconds

    table = next(each for each in tables(measured) if each.title.startswith("striped: what is learnt from"))
    assert [row[0] for row in table.rows] == ["the vector", "width", "and stripes"]
    assert table.cell("and stripes", "macro-F1") == tables(measured)[0].cell(f"striped, {BY_BOOK}", "macro-F1")


def test_of_one_book_no_part_can_be_measured(tmp_path: Path, settings: Settings) -> None:
    measured = classification.measured_of(
        read_folder(folder(tmp_path / "pictures", books=1)), [Striped()], settings, folds=FOLDS
    )
    assert measured.bought == {}
