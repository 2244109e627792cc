"""Labels on their way to the index: from the classifier, unless a person has said something."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from core.encoders import Vectors
from core.errors import ContractBroken, FrontispieceError
from indexer.classification.applying import accept, labelled
from indexer.classification.classes import read_classes
from indexer.classification.examples import Example
from indexer.classification.learning import Gathered, learnt
from indexer.classification.model import Classifier
from indexer.documents.hybrid import HybridDocument
from indexer.elasticsearch.labelled_pictures import IDENTITY
from tests.node import dozen

AT = "2026-01-01T00:00:00+00:00"
BLOCKS = {"id": "tests/blocks", "revision": "1", "preprocessing": "8 x 8 colours", "traits": "none"}


def vector(kind: int, seed: int) -> Vectors:
    """Of a kind that its first numbers tell; of unit length."""
    row = np.random.default_rng(seed).normal(0, 0.05, 8).astype(np.float32)
    row[kind] += 1
    return row / np.linalg.norm(row)


def gathered(*labels: str, each: int = 12) -> Gathered:
    examples = [
        Example(
            picture=f"{label} {number}",
            label=label,
            book=f"book {number % 6}",
            vectors={"sscd": vector(kind, 100 * kind + number)},
        )
        for kind, label in enumerate(labels)
        for number in range(each)
    ]
    return Gathered(examples=examples, models={"sscd": BLOCKS})


def no_report(sentence: str) -> None:
    pytest.fail(sentence)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return learnt(gathered("Map", "Blank page", "Musical notation"), read_classes(None), report=no_report)


def documents(kinds: Sequence[int]) -> list[HybridDocument]:
    made = [dozen.document(6, [dozen.Blocks()]) for _ in kinds]
    without = [replace(each, source={k: v for k, v in each.source.items() if k != "label"}) for each in made]
    return [each.with_vectors({"sscd": vector(kind, kind)}) for each, kind in zip(without, kinds, strict=True)]


def test_a_document_is_labelled_and_the_blank_one_set_aside(classifier: Classifier) -> None:
    written = labelled(documents([0, 1, 2]), classifier, AT)
    labels = [each.source["label"] for each in written]
    assert [each["name"] for each in labels] == ["Map", "Blank page", "Musical notation"]
    assert [each.source["set_aside"] for each in written] == [False, True, False]
    assert {(each["source"], each["at"], each["model"]) for each in labels} == {("classifier", AT, classifier.id)}
    assert all(0.5 < each["confidence"] <= 1 for each in labels)
    assert written[0].fingerprint == documents([0])[0].fingerprint


@pytest.mark.parametrize(
    ("label", "more"),
    [
        ({"name": "Map", "source": "catalogue"}, {}),
        ({"name": "Blank page", "source": "catalogue"}, {}),
        ({"name": "Map", "source": "librarian", "by": "Anna"}, {}),
        ({"name": "Blank page", "source": "librarian", "by": "Anna"}, {"set_aside": True}),
    ],
)
def test_a_persons_label_stays(classifier: Classifier, label: dict[str, str], more: dict[str, bool]) -> None:
    """A librarian's also says what is set aside."""
    [document] = documents([1])
    [written] = labelled([document.labelled(label)], classifier, AT)
    assert written.source == {**document.source, "label": label, **more}


def test_nothing_to_label(classifier: Classifier) -> None:
    assert labelled([], classifier, AT) == []


def test_the_same_models_are_accepted(classifier: Classifier) -> None:
    accept(classifier, {"sscd": {**BLOCKS, "canary": [0.1], "dimensions": 8}, "clip": {}}, "the index")


@pytest.mark.parametrize("fact", IDENTITY)
def test_another_model_is_refused_with_what_to_do(classifier: Classifier, fact: str) -> None:
    with pytest.raises(ContractBroken, match=rf"sscd with {fact} '.*', and the index has 'other': learn again"):
        accept(classifier, {"sscd": {**BLOCKS, fact: "other"}}, "the index")


def test_a_model_that_the_index_lacks_is_refused(classifier: Classifier) -> None:
    with pytest.raises(ContractBroken, match="needs vectors of sscd, which the index does not have"):
        accept(classifier, {"clip": BLOCKS}, "the index")


def test_labels_that_are_no_class_are_told_and_left_out() -> None:
    told: list[str] = []
    found = learnt(gathered("Map", "Blank page", "Gryphon"), read_classes(None), report=told.append)
    assert set(found.classes) >= {"Map", "Blank page"}
    assert "Gryphon" not in found.classes
    assert len(told) == 1
    assert told[0].startswith("12 pictures called 'Gryphon' are left out")


def test_one_class_is_too_little_to_learn_from() -> None:
    with pytest.raises(FrontispieceError, match="fewer than two classes"):
        learnt(gathered("Map"), read_classes(None), report=no_report)
