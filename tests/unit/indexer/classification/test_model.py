"""A classifier is its numbers: what it learnt from two models, how it is written, and that it is read the same."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.encoders import Vectors
from core.errors import FrontispieceError
from indexer.classification.classes import read_classes
from indexer.classification.model import Classifier

CLASSES = ("Map", "Blank page", "Musical notation")
TRAITS, VECTORS = 300, 20
MODELS = {"sscd": {"id": "a", "revision": "1", "traits": "stages"}, "clip": {"id": "b", "revision": "2"}}


def rows(pictures: int, seed: int, *, loud: bool = False) -> Vectors:
    """Traits as whole numbers to 127 beside a unit vector, whose first numbers alone tell the class."""
    chance = np.random.default_rng(seed)
    kinds = np.arange(pictures) % len(CLASSES)
    traits = chance.integers(-127, 128, (pictures, TRAITS)).astype(np.float32) * (20 if loud else 1)
    vectors = chance.normal(0, 0.05, (pictures, VECTORS))
    vectors[np.arange(pictures), kinds] += 1
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.concatenate([traits, vectors], axis=1).astype(np.float32)


def names(pictures: int) -> list[str]:
    return [CLASSES[each % len(CLASSES)] for each in range(pictures)]


def fitted(seen: Vectors, parts: tuple[int, ...]) -> Classifier:
    books = [f"book {each // 4}" for each in range(len(seen))]
    return Classifier.fit(seen, names(len(seen)), books, class_set=read_classes(None), models=MODELS, parts=parts)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return fitted(rows(72, 0), (TRAITS, VECTORS))


def right(classifier: Classifier, seen: Vectors) -> float:
    said = classifier.predict(seen)
    assert said.probabilities.sum(axis=1) == pytest.approx(np.ones(len(seen)))
    return float(np.mean(np.array(said.labels) == names(len(seen))))


def test_few_numbers_that_know_are_heard_beside_many_that_do_not(classifier: Classifier) -> None:
    """Without its parts the small model is one of sixteen voices; with them it is one of two."""
    unseen = rows(60, 1)
    assert classifier.needs == ("sscd", "clip")
    assert classifier.weights.shape == (len(CLASSES), TRAITS + VECTORS)
    assert right(classifier, unseen) > 0.9
    assert right(fitted(rows(72, 0), ()), unseen) < right(classifier, unseen)


def test_how_loud_a_model_speaks_changes_nothing(classifier: Classifier) -> None:
    loud = fitted(rows(72, 0, loud=True), (TRAITS, VECTORS)).predict(rows(60, 1, loud=True))
    plain = classifier.predict(rows(60, 1))
    assert loud.labels == plain.labels
    assert loud.probabilities == pytest.approx(plain.probabilities, abs=1e-3)


def test_saved_and_loaded_it_says_the_same_to_the_last_bit(classifier: Classifier, tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "classifier.npz"
    classifier.save(file)
    loaded, unseen = Classifier.load(file), rows(60, 1)
    assert np.array_equal(loaded.predict(unseen).probabilities, classifier.predict(unseen).probabilities)
    assert loaded.predict(unseen).labels == classifier.predict(unseen).labels
    assert (loaded.id, loaded.needs, loaded.provenance) == (classifier.id, classifier.needs, classifier.provenance)
    assert loaded.set_aside == classifier.set_aside
    assert list(file.parent.iterdir()) == [file]


def test_other_weights_are_another_classifier(classifier: Classifier) -> None:
    assert replace(classifier, weights=classifier.weights + 1e-9).id != classifier.id


def test_what_save_did_not_write_is_not_loaded(classifier: Classifier, tmp_path: Path) -> None:
    file = tmp_path / "classifier.npz"
    replace(classifier, intercepts=classifier.intercepts[1:]).save(file)
    with pytest.raises(FrontispieceError, match="its arrays do not fit each other"):
        Classifier.load(file)
    other = io.BytesIO()
    np.savez(other, weights=classifier.weights)
    for wrong in (other.getvalue(), b"PK\x03\x04", b"", b"no archive"):
        file.write_bytes(wrong)
        with pytest.raises(FrontispieceError, match="not a classifier of Frontispiece"):
            Classifier.load(file)
    with pytest.raises(FrontispieceError, match="No such file"):
        Classifier.load(tmp_path / "nowhere.npz")
