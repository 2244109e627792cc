"""Labels of a folder → the classes that are learnt, and which labels mean none of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from core.errors import FrontispieceError
from evaluation.pictures.folder import LabelledPicture
from indexer.classification.classes import ClassSet, read_classes

classes_option = click.option(
    "--classes",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of classes, as `frontispiece classify train` takes it; without it the paper's seven.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassAssignment:
    """The class of each picture, in the pictures' order."""

    class_set: ClassSet
    class_names: Sequence[str]
    """Empty where a picture has none."""
    unknown_labels: Mapping[str, int] = field(default_factory=dict)
    """Label that means no class → pictures."""
    uses_folder_labels: bool = False
    """The classes are the folder's own labels."""

    @property
    def notes(self) -> list[str]:
        """What one must know of it, a sentence each."""
        sentences = []
        if self.uses_folder_labels:
            sentences.append("None of the labels is known: each is a class of its own, and none is set aside.")
        if self.unknown_labels:
            label_list = ", ".join(f"{label} ({count})" for label, count in self.unknown_labels.items())
            sentences.append(f"Left out are pictures whose label means none of the classes: {label_list}.")
        if (
            absent_classes := []
            if self.uses_folder_labels
            else [class_name for class_name in self.class_set.classes if class_name not in self.class_names]
        ):
            sentences.append(f"No picture here is of the class {', '.join(absent_classes)}.")
        return sentences


def assign_classes(pictures: Sequence[LabelledPicture], classes_file: Path | None = None) -> ClassAssignment:
    """By a file of classes; without one by the paper's, and where no label means any of these, by the labels."""
    label_counts = Counter(picture.label.strip() for picture in pictures if picture.label.strip())
    if not label_counts:
        raise FrontispieceError(
            "no picture has a label: they are read from a column `label` of what --labels names, "
            "or of labels.csv beside the pictures"
        )
    class_set = read_classes(classes_file)
    unknown_labels = {
        label: count for label, count in sorted(label_counts.items()) if class_set.find_class(label) is None
    }
    if len(unknown_labels) < len(label_counts):
        class_names = [class_set.find_class(picture.label) or "" for picture in pictures]
        return ClassAssignment(class_set=class_set, class_names=class_names, unknown_labels=unknown_labels)
    if classes_file:
        raise FrontispieceError(
            f"{classes_file}: no label of the pictures means one of its classes; the labels are "
            f"{', '.join(unknown_labels)}, "
            f"the classes {', '.join(class_set.classes)}: `other_names` in it may say which label means which"
        )
    return _assign_folder_labels(pictures)


def _assign_folder_labels(pictures: Sequence[LabelledPicture]) -> ClassAssignment:
    # As with the classes of a file, capitals make no difference.
    spellings = {picture.label.strip().lower(): picture.label.strip() for picture in reversed(pictures)}
    class_names = [spellings[picture.label.strip().lower()] for picture in pictures]
    return ClassAssignment(
        class_set=ClassSet(tuple(sorted(set(class_names) - {""}))), class_names=class_names, uses_folder_labels=True
    )
