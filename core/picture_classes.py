"""The set of classes: their names, which of them are hidden from readers, and synonyms in other collections."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from core.errors import FrontispieceError
from core.text import clean_text

PAPER_CLASSES = Path(__file__).with_name("picture_classes.json")
"""The seven classes of arXiv 2410.14969, and the names that other collections use for them."""


@dataclass(frozen=True, slots=True)
class ClassSet:
    """The classes that a classifier can assign."""

    classes: tuple[str, ...]
    hidden: tuple[str, ...] = ()
    """Classes whose pictures are hidden from results but stay in the index, such as blank pages."""
    other_names: Mapping[str, str] = field(default_factory=dict)
    """Synonym in lower case → class."""
    decoration: Mapping[str, str] = field(default_factory=dict)
    """Class that words around a picture say nothing about → kind of decoration."""

    def find_class(self, label: str) -> str | None:
        """Return the class that a label or synonym names, in any case, with `_` or spaces; None if there is none."""
        names = {**self.other_names, **{class_name: class_name for class_name in self.classes}}
        return {_fold_label(name): class_name for name, class_name in names.items()}.get(_fold_label(label))

    def name_label(self, label: str) -> str:
        """Return the class that a catalogue's label names, or the label as `display_label` writes it.

        A word of another meaning than the hidden class that it stands for in other collections (`text`, `crossword`)
        is kept: a catalogue names what is printed there.
        """
        class_name = self.find_class(label)
        if class_name is None or (class_name in self.hidden and not _share_a_word(label, class_name)):
            return display_label(label)
        return class_name


def display_label(label: str) -> str:
    """Return a label as all outputs write it: `Map` for `map` and `MAP`, `Map plan` for `map_plan`."""
    text = " ".join(clean_text(label).replace("_", " ").split())
    return text[:1].upper() + text[1:].lower() if text.islower() or text.isupper() else text


def display_labels(labels: Iterable[str]) -> tuple[str, ...]:
    """Return different labels, each as `display_label` writes it."""
    return tuple(dict.fromkeys(map(display_label, labels)))


def label_alternatives(label: str) -> tuple[str, ...]:
    """Return the values that a filter by this label finds: itself, and the class that it names."""
    class_name = _paper_classes().find_class(label)
    return tuple(dict.fromkeys((label, class_name or label)))


@lru_cache(1000)
def decoration_kind(label: str) -> str:
    """Return the kind of decoration that a label means, `ornament` or `blank`; empty for a label of a figure."""
    return _paper_classes().decoration.get(_paper_classes().find_class(label) or "", "")


def decoration_labels() -> tuple[str, ...]:
    """Return the labels that mean decoration, in the spellings that a keyword field, which compares capitals, has."""
    names = [*_paper_classes().classes, *_paper_classes().other_names]
    return tuple(
        dict.fromkeys(
            variant
            for name in names
            if decoration_kind(name)
            for variant in (name, display_label(name), display_label(name).lower())
        )
    )


@cache
def _paper_classes() -> ClassSet:
    return read_classes(None)


def _fold_label(label: str) -> str:
    return " ".join(label.replace("_", " ").casefold().split())


def _share_a_word(label: str, class_name: str) -> bool:
    return bool(set(_fold_label(label).split()) & set(_fold_label(class_name).split()))


def read_classes(path: Path | None) -> ClassSet:
    """Read a file in the format of `picture_classes.json`, or the paper's seven classes if `path` is None.

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
    """Parse the content of such a file; raise `ValueError` if another part of it names an unknown class."""
    classes = tuple(str(class_name) for class_name in content["classes"])
    hidden = tuple(str(class_name) for class_name in content.get("hidden", ()))
    other_names = {str(label).lower(): str(class_name) for label, class_name in content.get("other_names", {}).items()}
    decoration = {str(class_name): str(kind) for class_name, kind in content.get("decoration", {}).items()}
    if len(classes) < 2 or len(set(classes)) < len(classes):
        raise ValueError("`classes` needs two or more different names")
    if unknown := sorted({*hidden, *other_names.values(), *decoration} - set(classes)):
        raise ValueError(f"{', '.join(unknown)} not in `classes`")
    return ClassSet(classes, hidden, other_names, decoration)
