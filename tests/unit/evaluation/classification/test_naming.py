"""Labels mean classes; those that mean none are counted, and a folder with its own words is measured by these."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import FrontispieceError
from evaluation.classification.naming import named
from evaluation.pictures.folder import LabelledPicture

PICTURE = LabelledPicture(path=Path("a.jpg"), name="a.jpg", label="", book="a", width=1, height=1, digest="0")


def labelled(*labels: str) -> list[LabelledPicture]:
    return [replace(PICTURE, label=label) for label in labels]


@pytest.fixture
def classes(tmp_path: Path) -> Path:
    file = tmp_path / "classes.json"
    content = {"classes": ["Plate", "Noise"], "set_aside": ["Noise"], "other_names": {"print": "Plate"}}
    file.write_text(json.dumps(content), "utf-8")
    return file


def test_labels_that_mean_no_class_are_left_out_and_counted() -> None:
    naming = named(labelled("map", "Print", "dog", "", "dog", "blank"))
    assert naming.names == ["Map", "Illustration or photograph", "", "", "", "Blank page"]
    assert naming.left_out == {"dog": 2}
    assert "Left out are pictures whose label means none of the classes: dog (2)." in naming.notes
    assert any("Musical notation" in note for note in naming.notes)


def test_a_file_says_which_classes_there_are(classes: Path) -> None:
    naming = named(labelled("print", "noise", "map"), classes)
    assert (naming.names, naming.left_out) == (["Plate", "Noise", ""], {"map": 1})
    assert naming.class_set.set_aside == ("Noise",)


def test_a_folder_whose_labels_are_all_unknown_has_them_as_its_classes() -> None:
    naming = named(labelled("Cat", "dog", "cat ", ""))
    assert naming.names == ["Cat", "dog", "Cat", ""]
    assert naming.class_set.classes == ("Cat", "dog")
    assert naming.notes == ["None of the labels is known: each is a class of its own, and none is set aside."]


def test_a_file_of_which_no_label_means_a_class_is_refused_with_both(classes: Path) -> None:
    with pytest.raises(FrontispieceError, match=r"labels are cat, dog, the classes Plate, Noise: `other_names`"):
        named(labelled("cat", "dog"), classes)


def test_without_labels_it_is_said_where_they_are_read() -> None:
    with pytest.raises(FrontispieceError, match=r"no picture has a label.*labels\.csv"):
        named(labelled("", " "))
