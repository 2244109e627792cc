"""The class of each picture, from its label; labels that mean no class are counted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import FrontispieceError
from core.picture_classes import ClassSet, read_classes
from evaluation.pictures.folder import LabelledPicture


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassAssignment:
    """The class of each picture, in the order of the pictures."""

    class_set: ClassSet
    class_names: Sequence[str]
    """An empty string for a picture without a class."""
    unknown_labels: Mapping[str, int] = field(default_factory=dict)
    """Label that means no class → number of pictures."""
    uses_folder_labels: bool = False
    """Whether the labels themselves are the classes, because none of them is known."""

    @property
    def notes(self) -> list[str]:
        """Sentences about the assignment that a reader of the figures must know."""
        sentences = []
        if self.uses_folder_labels:
            sentences.append("None of the labels is known, so each label is a class, and no class is hidden.")
        if self.unknown_labels:
            label_list = ", ".join(f"{label} ({count})" for label, count in self.unknown_labels.items())
            sentences.append(f"Pictures whose label means no class are left out: {label_list}.")
        if (
            absent_classes := []
            if self.uses_folder_labels
            else [class_name for class_name in self.class_set.classes if class_name not in self.class_names]
        ):
            sentences.append(f"No picture belongs to {', '.join(absent_classes)}.")
        return sentences


def assign_classes(pictures: Sequence[LabelledPicture], classes_file: Path | None = None) -> ClassAssignment:
    """Assign each picture to a class of the file, or of the paper if no file is given.

    Without a file, and if no label means a class of the paper, each label is a class.
    """
    label_counts = Counter(picture.label.strip() for picture in pictures if picture.label.strip())
    if not label_counts:
        raise FrontispieceError(
            "no picture has a label; labels are read from the column `label` of the table that --labels names, "
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
            f"the classes are {', '.join(class_set.classes)}; `other_names` in the file assigns labels to classes"
        )
    return _assign_folder_labels(pictures)


def _assign_folder_labels(pictures: Sequence[LabelledPicture]) -> ClassAssignment:
    # Labels are compared without regard to case, as for the classes of a file.
    spellings = {picture.label.strip().lower(): picture.label.strip() for picture in reversed(pictures)}
    class_names = [spellings[picture.label.strip().lower()] for picture in pictures]
    return ClassAssignment(
        class_set=ClassSet(tuple(sorted(set(class_names) - {""}))), class_names=class_names, uses_folder_labels=True
    )
