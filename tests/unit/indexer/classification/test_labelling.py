"""The classifier labels new documents, except those with a label from a person."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from core.encoders import Vectors
from core.encoders.fingerprint import ModelIdentity
from core.errors import FingerprintMismatch, FrontispieceError
from core.picture_classes import read_classes
from indexer.classification.classifier_training import TrainingSet, train_classifier
from indexer.classification.examples import TrainingExample
from indexer.classification.labelling import add_labels, check_models, name_catalogue_label
from indexer.classification.model import Classifier
from indexer.documents.hybrid import HybridDocument
from indexer.documents.stored import Correction
from tests.node import twelve_pictures

AT = "2026-01-01T00:00:00+00:00"
BLOCKS_IDENTITY = ModelIdentity(model="tests/blocks", revision="1", preprocessing="8 x 8 colours", features="none")


def class_vector(class_index: int, seed: int) -> Vectors:
    """Return a unit vector whose first numbers tell the class."""
    row = np.random.default_rng(seed).normal(0, 0.05, 8).astype(np.float32)
    row[class_index] += 1
    return row / np.linalg.norm(row)


def training_set(*labels: str, per_class: int = 12) -> TrainingSet:
    examples = [
        TrainingExample(
            picture=f"{label} {number}",
            label=label,
            book=f"book {number % 6}",
            vectors={"sscd": class_vector(class_index, 100 * class_index + number)},
        )
        for class_index, label in enumerate(labels)
        for number in range(per_class)
    ]
    return TrainingSet(examples=examples, identities={"sscd": BLOCKS_IDENTITY})


def fail_on_report(sentence: str) -> None:
    pytest.fail(sentence)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return train_classifier(
        training_set("Map", "Blank page", "Musical notation"), read_classes(None), report_skipped=fail_on_report
    )


def unlabelled_documents(class_indices: Sequence[int]) -> list[HybridDocument]:
    labelled = [twelve_pictures.picture_document(6, [twelve_pictures.ColourGridEncoder()]) for _ in class_indices]
    unlabelled = [
        replace(document, source={k: v for k, v in document.source.items() if k != "label"}) for document in labelled
    ]
    return [
        document.with_vectors({"sscd": class_vector(class_index, class_index)})
        for document, class_index in zip(unlabelled, class_indices, strict=True)
    ]


def test_documents_are_labelled_and_blank_page_is_hidden(classifier: Classifier) -> None:
    labelled_documents = add_labels(unlabelled_documents([0, 1, 2]), classifier, AT)
    labels = [document.source["label"] for document in labelled_documents]
    assert [label["name"] for label in labels] == ["Map", "Blank page", "Musical notation"]
    assert [document.source["hidden"] for document in labelled_documents] == [False, True, False]
    assert {(label["source"], label["at"], label["model"]) for label in labels} == {("classifier", AT, classifier.id)}
    assert all(0.5 < label["confidence"] <= 1 for label in labels)
    assert labelled_documents[0].fingerprint == unlabelled_documents([0])[0].fingerprint


@pytest.mark.parametrize(
    ("label", "extra_fields"),
    [
        ({"name": "Map", "source": "catalogue"}, {}),
        ({"name": "Blank page", "source": "catalogue"}, {}),
        ({"name": "Map", "source": "librarian", "by": "Anna"}, {}),
        ({"name": "Blank page", "source": "librarian", "by": "Anna"}, {"hidden": True}),
    ],
)
def test_label_of_a_person_is_not_overwritten(
    classifier: Classifier, label: dict[str, str], extra_fields: dict[str, bool]
) -> None:
    """A librarian's label also hides the picture if its class is a hidden one."""
    [document] = unlabelled_documents([1])
    [labelled_document] = add_labels([document.with_fields({"label": label})], classifier, AT)
    assert labelled_document.source == {**document.source, "label": label, **extra_fields}


@pytest.mark.parametrize(
    ("word", "name", "fields"),
    [("map", "Map", {}), ("MAP_PLAN", "Map", {}), ("blank", "Blank page", {"hidden": True}), ("text", "Text", {})],
)
def test_a_catalogue_label_is_one_value_with_the_class_and_hides_as_it_does(
    classifier: Classifier, word: str, name: str, fields: dict[str, bool]
) -> None:
    [document] = unlabelled_documents([0])
    labelled = document.with_fields({"label": {"name": word, "source": "catalogue"}})
    named = name_catalogue_label(labelled, read_classes(None))
    label = {"name": name, "source": "catalogue", "catalogued": word}
    assert named.source == {**document.source, "label": label, **fields}
    assert named.fingerprint == document.fingerprint
    [after_classifier] = add_labels([named], classifier, AT)
    assert after_classifier.source == named.source
    corrected = named.with_correction(Correction(label={"name": "Map", "source": "librarian"}))
    assert not corrected.source.get("hidden", False), "a librarian can show what the catalogue hid"


def test_empty_batch_of_documents(classifier: Classifier) -> None:
    assert add_labels([], classifier, AT) == []


def test_same_models_are_accepted(classifier: Classifier) -> None:
    check_models(classifier, {"sscd": BLOCKS_IDENTITY, "clip": ModelIdentity()}, "the index")


@pytest.mark.parametrize(
    ("key", "attribute"),
    [("id", "model"), ("revision", "revision"), ("preprocessing", "preprocessing"), ("features", "features")],
)
def test_other_model_is_refused(classifier: Classifier, key: str, attribute: str) -> None:
    with pytest.raises(FingerprintMismatch, match=rf"sscd {key} '.*', but the index has 'other': train again"):
        check_models(classifier, {"sscd": replace(BLOCKS_IDENTITY, **{attribute: "other"})}, "the index")


def test_model_missing_from_index_is_refused(classifier: Classifier) -> None:
    with pytest.raises(FingerprintMismatch, match="needs vectors of sscd, which the index does not have"):
        check_models(classifier, {"clip": BLOCKS_IDENTITY}, "the index")


def test_labels_of_unknown_classes_are_reported_and_left_out() -> None:
    reports: list[str] = []
    trained = train_classifier(
        training_set("Map", "Blank page", "Gryphon"), read_classes(None), report_skipped=reports.append
    )
    assert set(trained.classes) >= {"Map", "Blank page"}
    assert "Gryphon" not in trained.classes
    assert len(reports) == 1
    assert reports[0].startswith("12 pictures labelled 'Gryphon' are left out")


def test_training_needs_two_classes() -> None:
    with pytest.raises(FrontispieceError, match="at least two classes"):
        train_classifier(training_set("Map"), read_classes(None), report_skipped=fail_on_report)
