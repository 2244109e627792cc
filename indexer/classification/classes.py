"""Which classes there are, which of them readers are not shown, and what other labels mean the same."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.errors import FrontispieceError

PAPER = Path(__file__).with_name("classes.json")
"""The seven classes of arXiv 2410.14969, and what other collections call them."""


@dataclass(frozen=True, slots=True)
class ClassSet:
    classes: tuple[str, ...]
    set_aside: tuple[str, ...] = ()
    """Blank pages and segmentation anomalies: hidden from results, never deleted."""
    other_names: Mapping[str, str] = field(default_factory=dict)
    """Other label, in small letters → class."""

    def name(self, label: str) -> str | None:
        """The class that a label means; None where it means none of them."""
        own = {each.lower(): each for each in self.classes}
        return {**self.other_names, **own}.get(label.strip().lower())


def read_classes(path: Path | None) -> ClassSet:
    """A file like `classes.json`; without one the paper's seven. `FrontispieceError` says what is wrong in it."""
    path = path or PAPER
    try:
        return parsed(json.loads(path.read_text("utf-8")))
    except OSError as error:
        raise FrontispieceError(f"{path}: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FrontispieceError(f"{path}: not a set of classes: {error}") from error


def parsed(given: Mapping[str, Any]) -> ClassSet:
    """`ValueError` where a name that it speaks of is no class."""
    classes = tuple(str(each) for each in given["classes"])
    set_aside = tuple(str(each) for each in given.get("set_aside", ()))
    others = {str(label).lower(): str(name) for label, name in given.get("other_names", {}).items()}
    if len(classes) < 2 or len(set(classes)) < len(classes):
        raise ValueError("`classes` needs two or more names, each once")
    if unknown := sorted({*set_aside, *others.values()} - set(classes)):
        raise ValueError(f"{', '.join(unknown)} is none of `classes`")
    return ClassSet(classes, set_aside, others)
