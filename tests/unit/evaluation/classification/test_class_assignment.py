"""Assignment of labels to classes."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import FrontispieceError
from evaluation.classification.class_assignment import assign_classes
from evaluation.pictures.folder import LabelledPicture

PICTURE = LabelledPicture(path=Path("a.jpg"), name="a.jpg", label="", book="a", width=1, height=1, digest="0")


def labelled_pictures(*labels: str) -> list[LabelledPicture]:
    return [replace(PICTURE, label=label) for label in labels]


@pytest.fixture
def classes(tmp_path: Path) -> Path:
    file = tmp_path / "classes.json"
    content = {"classes": ["Plate", "Noise"], "hidden": ["Noise"], "other_names": {"print": "Plate"}}
    file.write_text(json.dumps(content), "utf-8")
    return file


def test_unknown_labels_are_left_out_and_counted() -> None:
    assignment = assign_classes(labelled_pictures("map", "Print", "dog", "", "dog", "blank"))
    assert assignment.class_names == ["Map", "Illustration or photograph", "", "", "", "Blank page"]
    assert assignment.unknown_labels == {"dog": 2}
    assert "Pictures whose label means no class are left out: dog (2)." in assignment.notes
    assert any("Musical notation" in note for note in assignment.notes)


def test_classes_are_read_from_a_file(classes: Path) -> None:
    assignment = assign_classes(labelled_pictures("print", "noise", "map"), classes)
    assert (assignment.class_names, assignment.unknown_labels) == (["Plate", "Noise", ""], {"map": 1})
    assert assignment.class_set.hidden == ("Noise",)


def test_unknown_labels_become_classes_if_no_label_is_known() -> None:
    assignment = assign_classes(labelled_pictures("Cat", "dog", "cat ", ""))
    assert assignment.class_names == ["Cat", "dog", "Cat", ""]
    assert assignment.class_set.classes == ("Cat", "dog")
    assert assignment.notes == ["None of the labels is known, so each label is a class, and no class is hidden."]


def test_file_whose_classes_match_no_label_is_refused(classes: Path) -> None:
    with pytest.raises(FrontispieceError, match=r"labels are cat, dog, the classes are Plate, Noise; `other_names`"):
        assign_classes(labelled_pictures("cat", "dog"), classes)


def test_error_for_missing_labels_names_their_sources() -> None:
    with pytest.raises(FrontispieceError, match=r"no picture has a label.*labels\.csv"):
        assign_classes(labelled_pictures("", " "))
