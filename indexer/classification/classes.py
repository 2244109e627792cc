"""The set of classes: their names, which of them are hidden from readers, and synonyms in other collections."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.errors import FrontispieceError
from core.text import clean_text

PAPER_CLASSES = Path(__file__).with_name("classes.json")
"""The seven classes of arXiv 2410.14969, and the names that other collections use for them."""


@dataclass(frozen=True, slots=True)
class ClassSet:
    """The classes that a classifier can assign."""

    classes: tuple[str, ...]
    hidden: tuple[str, ...] = ()
    """Classes whose pictures are hidden from results but stay in the index, such as blank pages."""
    other_names: Mapping[str, str] = field(default_factory=dict)
    """Synonym in lower case → class."""

    def find_class(self, label: str) -> str | None:
        """Return the class that a label or synonym names, ignoring case; None if there is none."""
        classes_by_name = {class_name.lower(): class_name for class_name in self.classes}
        return {**self.other_names, **classes_by_name}.get(label.strip().lower())


def read_classes(path: Path | None) -> ClassSet:
    """Read a file in the format of `classes.json`, or the paper's seven classes if `path` is None.

    Raise `FrontispieceError` if the file is missing or invalid.
    """
    path = path or PAPER_CLASSES
    try:
        return parse_classes(json.loads(clean_text(path.read_text("utf-8"))))
    except OSError as error:
        raise FrontispieceError(f"{path}: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FrontispieceError(f"{path}: not a set of classes: {error}") from error


def parse_classes(content: Mapping[str, Any]) -> ClassSet:
    """Parse the content of such a file; raise `ValueError` if `hidden` or `other_names` names an unknown class."""
    classes = tuple(str(class_name) for class_name in content["classes"])
    hidden = tuple(str(class_name) for class_name in content.get("hidden", ()))
    other_names = {str(label).lower(): str(class_name) for label, class_name in content.get("other_names", {}).items()}
    if len(classes) < 2 or len(set(classes)) < len(classes):
        raise ValueError("`classes` needs two or more different names")
    if unknown := sorted({*hidden, *other_names.values()} - set(classes)):
        raise ValueError(f"{', '.join(unknown)} not in `classes`")
    return ClassSet(classes, hidden, other_names)
