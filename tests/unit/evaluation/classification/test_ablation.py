"""The ablation of features, measured with the same protocol as the classifier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL.Image import Image

from core.encoders.protocols import FeatureFunction, Features
from core.settings import Settings
from evaluation.classification import nested_cross_validation as classification
from evaluation.classification.nested_cross_validation import BY_BOOK
from evaluation.classification.tables import tables
from evaluation.pictures.folder import read_folder
from tests.unit.evaluation.classification.drawings import FOLDS, make_folder
from tests.unit.evaluation.thumbnail_encoder import ThumbnailEncoder

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quick")]


@dataclass
class StripedEncoder(ThumbnailEncoder):
    """A model with a useless vector; of its features, widths are all equal and stripes identify the class."""

    name: str = "striped"
    side: int = 1
    features: str = "width, stripes"

    def encode_features(self, images: Sequence[Image]) -> Features:
        return np.concatenate([make_part(images) for make_part in self.feature_parts.values()], axis=1)

    @property
    def feature_parts(self) -> Mapping[str, FeatureFunction]:
        return {"width": widths, "stripes": stripes}


def widths(images: Sequence[Image]) -> Features:
    return np.array([[image.width] for image in images], np.int8).reshape(len(images), 1)


def stripes(images: Sequence[Image]) -> Features:
    pixels = [np.asarray(image.convert("L").resize((1, 3))).ravel().astype(int) - 128 for image in images]
    return np.array(pixels, np.int8).reshape(len(images), 3)


def test_useful_part_raises_the_accuracy_and_a_useless_one_does_not(tmp_path: Path, settings: Settings) -> None:
    results = classification.evaluate_classification(
        read_folder(make_folder(tmp_path / "pictures")), [StripedEncoder()], settings, folds=FOLDS
    )

    vector_step, first_step, last_step = results.ablations["striped"]
    assert [step.dimensions for step in (vector_step, first_step, last_step)] == [1, 1, 4]
    assert max(vector_step.predictions.accuracy, first_step.predictions.accuracy) < 0.6
    split_result = results.by_book_result("striped")
    assert split_result is not None
    assert last_step.predictions is split_result.predictions
    assert last_step.predictions.accuracy > 0.9
    assert 0 < first_step.milliseconds_per_picture < last_step.milliseconds_per_picture

    table = next(candidate for candidate in tables(results) if candidate.title.startswith("striped: features"))
    assert [row[0] for row in table.rows] == ["the vector", "width", "and stripes"]
    assert table.cell("and stripes", "macro-F1") == tables(results)[0].cell(f"striped, {BY_BOOK}", "macro-F1")


def test_ablation_is_left_out_for_a_single_book(tmp_path: Path, settings: Settings) -> None:
    results = classification.evaluate_classification(
        read_folder(make_folder(tmp_path / "pictures", books=1)), [StripedEncoder()], settings, folds=FOLDS
    )
    assert results.ablations == {}
