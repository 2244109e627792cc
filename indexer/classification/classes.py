"""Which classes there are, which of them readers are not shown, and what other labels mean the same."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.errors import FrontispieceError

PAPER_CLASSES = Path(__file__).with_name("classes.json")
"""The seven classes of arXiv 2410.14969, and what other collections call them."""


@dataclass(frozen=True, slots=True)
class ClassSet:
    classes: tuple[str, ...]
    hidden: tuple[str, ...] = ()
    """Blank pages and segmentation anomalies: hidden from results, never deleted."""
    other_names: Mapping[str, str] = field(default_factory=dict)
    """Other label, in small letters → class."""

    def find_class(self, label: str) -> str | None:
        """The class that a label means; None where it means none of them."""
        classes_by_name = {class_name.lower(): class_name for class_name in self.classes}
        return {**self.other_names, **classes_by_name}.get(label.strip().lower())


def read_classes(path: Path | None) -> ClassSet:
    """A file like `classes.json`; without one the paper's seven. `FrontispieceError` says what is wrong in it."""
    path = path or PAPER_CLASSES
    try:
        return parse_classes(json.loads(path.read_text("utf-8")))
    except OSError as error:
        raise FrontispieceError(f"{path}: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FrontispieceError(f"{path}: not a set of classes: {error}") from error


def parse_classes(content: Mapping[str, Any]) -> ClassSet:
    """`ValueError` where a name that it speaks of is no class."""
    classes = tuple(str(class_name) for class_name in content["classes"])
    hidden = tuple(str(class_name) for class_name in content.get("hidden", ()))
    other_names = {str(label).lower(): str(class_name) for label, class_name in content.get("other_names", {}).items()}
    if len(classes) < 2 or len(set(classes)) < len(classes):
        raise ValueError("`classes` needs two or more names, each once")
    if unknown := sorted({*hidden, *other_names.values()} - set(classes)):
        raise ValueError(f"{', '.join(unknown)} is none of `classes`")
    return ClassSet(classes, hidden, other_names)
