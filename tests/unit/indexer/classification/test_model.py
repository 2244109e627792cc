"""A classifier trained on the features of two models predicts, and can be saved and loaded."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.encoders import Vectors
from core.encoders.fingerprint import ModelIdentity
from core.errors import FrontispieceError
from core.picture_classes import read_classes
from indexer.classification.fitting import fit_classifier
from indexer.classification.model import Classifier

pytestmark = pytest.mark.slow

CLASSES = ("Map", "Blank page", "Musical notation")
FEATURES, VECTORS = 300, 20
IDENTITIES = {
    "sscd": ModelIdentity(model="a", revision="1", features="stages"),
    "clip": ModelIdentity(model="b", revision="2"),
}


def make_rows(count: int, seed: int, *, scaled_up: bool = False) -> Vectors:
    """Return random integer features up to 127 beside a unit vector; only the unit vector depends on the class."""
    random = np.random.default_rng(seed)
    class_indices = np.arange(count) % len(CLASSES)
    features = random.integers(-127, 128, (count, FEATURES)).astype(np.float32) * (20 if scaled_up else 1)
    vectors = random.normal(0, 0.05, (count, VECTORS))
    vectors[np.arange(count), class_indices] += 1
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.concatenate([features, vectors], axis=1).astype(np.float32)


def make_labels(count: int) -> list[str]:
    return [CLASSES[number % len(CLASSES)] for number in range(count)]


def train_on_rows(rows: Vectors, block_sizes: tuple[int, ...]) -> Classifier:
    books = [f"book {number // 4}" for number in range(len(rows))]
    return fit_classifier(
        rows,
        make_labels(len(rows)),
        books,
        class_set=read_classes(None),
        identities=IDENTITIES,
        block_sizes=block_sizes,
    )


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return train_on_rows(make_rows(72, 0), (FEATURES, VECTORS))


def accuracy(classifier: Classifier, rows: Vectors) -> float:
    prediction = classifier.predict(rows)
    assert prediction.probabilities.sum(axis=1) == pytest.approx(np.ones(len(rows)))
    return float(np.mean(np.array(prediction.labels) == make_labels(len(rows))))


def test_short_block_has_the_same_weight_as_a_long_block(classifier: Classifier) -> None:
    """`block_sizes` gives both models the same weight although one has fifteen times as many features."""
    test_rows = make_rows(60, 1)
    assert classifier.model_names == ("sscd", "clip")
    assert classifier.weights.shape == (len(CLASSES), FEATURES + VECTORS)
    assert accuracy(classifier, test_rows) > 0.9
    assert accuracy(train_on_rows(make_rows(72, 0), ()), test_rows) < accuracy(classifier, test_rows)


def test_scale_of_features_does_not_change_predictions(classifier: Classifier) -> None:
    scaled_prediction = train_on_rows(make_rows(72, 0, scaled_up=True), (FEATURES, VECTORS)).predict(
        make_rows(60, 1, scaled_up=True)
    )
    prediction = classifier.predict(make_rows(60, 1))
    assert scaled_prediction.labels == prediction.labels
    assert scaled_prediction.probabilities == pytest.approx(prediction.probabilities, abs=1e-3)


def test_saved_classifier_predicts_the_same_after_loading(classifier: Classifier, tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "classifier.npz"
    classifier.save(file)
    loaded, test_rows = Classifier.load(file), make_rows(60, 1)
    assert np.array_equal(loaded.predict(test_rows).probabilities, classifier.predict(test_rows).probabilities)
    assert loaded.predict(test_rows).labels == classifier.predict(test_rows).labels
    assert (loaded.id, loaded.model_names, loaded.provenance) == (
        classifier.id,
        classifier.model_names,
        classifier.provenance,
    )
    assert loaded.hidden_classes == classifier.hidden_classes
    assert list(file.parent.iterdir()) == [file]


def test_id_changes_with_the_weights(classifier: Classifier) -> None:
    assert replace(classifier, weights=classifier.weights + 1e-9).id != classifier.id


def test_invalid_files_are_refused(classifier: Classifier, tmp_path: Path) -> None:
    file = tmp_path / "classifier.npz"
    replace(classifier, intercepts=classifier.intercepts[1:]).save(file)
    with pytest.raises(FrontispieceError, match="its arrays do not match in size"):
        Classifier.load(file)
    incomplete_archive = io.BytesIO()
    np.savez(incomplete_archive, weights=classifier.weights)
    for content in (incomplete_archive.getvalue(), b"PK\x03\x04", b"", b"no archive"):
        file.write_bytes(content)
        with pytest.raises(FrontispieceError, match="not a classifier of Frontispiece"):
            Classifier.load(file)
    with pytest.raises(FrontispieceError, match="No such file"):
        Classifier.load(tmp_path / "nowhere.npz")
