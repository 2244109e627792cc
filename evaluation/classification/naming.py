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
class Naming:
    """The class of each picture, in the pictures' order."""

    class_set: ClassSet
    names: Sequence[str]
    """Empty where a picture has none."""
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Label that means no class → pictures."""
    own: bool = False
    """The classes are the folder's own labels."""

    @property
    def notes(self) -> list[str]:
        """What one must know of it, a sentence each."""
        said = []
        if self.own:
            said.append("None of the labels is known: each is a class of its own, and none is set aside.")
        if self.left_out:
            counted = ", ".join(f"{label} ({count})" for label, count in self.left_out.items())
            said.append(f"Left out are pictures whose label means none of the classes: {counted}.")
        if absent := [] if self.own else [each for each in self.class_set.classes if each not in self.names]:
            said.append(f"No picture here is of the class {', '.join(absent)}.")
        return said


def named(pictures: Sequence[LabelledPicture], classes: Path | None = None) -> Naming:
    """By a file of classes; without one by the paper's, and where no label means any of these, by the labels."""
    counted = Counter(picture.label.strip() for picture in pictures if picture.label.strip())
    if not counted:
        raise FrontispieceError(
            "no picture has a label: they are read from a column `label` of what --labels names, "
            "or of labels.csv beside the pictures"
        )
    class_set = read_classes(classes)
    unknown = {label: count for label, count in sorted(counted.items()) if class_set.name(label) is None}
    if len(unknown) < len(counted):
        names = [class_set.name(picture.label) or "" for picture in pictures]
        return Naming(class_set=class_set, names=names, left_out=unknown)
    if classes:
        raise FrontispieceError(
            f"{classes}: no label of the pictures means one of its classes; the labels are {', '.join(unknown)}, "
            f"the classes {', '.join(class_set.classes)}: `other_names` in it may say which label means which"
        )
    return _own(pictures)


def _own(pictures: Sequence[LabelledPicture]) -> Naming:
    # As with the classes of a file, capitals make no difference.
    written = {picture.label.strip().lower(): picture.label.strip() for picture in reversed(pictures)}
    names = [written[picture.label.strip().lower()] for picture in pictures]
    return Naming(class_set=ClassSet(tuple(sorted(set(names) - {""}))), names=names, own=True)
