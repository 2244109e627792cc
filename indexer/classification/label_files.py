"""Read files of labelled pictures: CSV, JSON, and Label Studio's export."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from core.errors import SourceError
from indexer.formats.tables import parse_table, read_text

PICTURE_HEADINGS = ("path", "file", "filename", "file_name", "image", "picture", "url", "name", "id")
LABEL_HEADINGS = ("label", "class", "category", "type", "choice")
BOOK_HEADINGS = ("book", "book_id", "work", "document", "volume", "group", "source_id", "ark", "urn", "isbn")
SOURCE_HEADINGS = ("repo", "repository", "library", "institution", "collection", "source")
PERSON_HEADINGS = ("by", "labelled_by", "annotator")
TIME_HEADINGS = ("at", "labelled_at", "updated_at", "created_at")
"""Lower-case names of a table's columns and of a JSON object's fields, in order of preference."""

UPLOADED_FILE = re.compile(r"^/data/upload/(?:\d+/)?(?:[0-9a-f]{8}-)?(.+)$")
"""Label Studio's path of an uploaded file: a project number, eight hexadecimal digits, and the file's name."""
CROP_PATH = re.compile(r"(?:^|/)crops/([0-9a-f]{2}/[0-9a-f]+)(?:-large)?\.jpg$")
"""The path of a crop as this service serves it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelEntry:
    """One picture with the label that a person gave it."""

    picture: str
    """A path, a URL, or the picture's id in the index, as the file writes it."""
    label: str
    by: str = ""
    at: str = ""
    """The time of labelling, as the file writes it."""
    book: str = ""
    """The book that the picture comes from; empty if the file does not say."""
    source: str = ""
    """The library or data set that the picture comes from; empty if the file does not say."""


def read_labels(path: Path) -> tuple[LabelEntry, ...]:
    """Read every label of a file, in order.

    Raise `SourceError`, with the place in the file, if a label is malformed or contradicts another one.
    """
    text = read_text(path)
    located_labels = _read_json(path, text) if text.lstrip()[:1] in ("[", "{") else _read_table(path, text)
    return _deduplicate(path, located_labels)


LocatedLabel = tuple[str, LabelEntry]
"""The place in the file, and the label there."""


def _read_table(path: Path, text: str) -> Iterator[LocatedLabel]:
    table = parse_table(text, str(path))
    for required_headings in (PICTURE_HEADINGS, LABEL_HEADINGS):
        if not set(required_headings) & set(table.headings):
            raise SourceError(str(path), f"none of its columns is called {', '.join(required_headings)}", "line 1")
    for row in table.rows:
        location = f"line {row.line}"
        if label := _parse_row(path, location, row.values):
            yield location, label


def _read_json(path: Path, text: str) -> Iterator[LocatedLabel]:
    try:
        content = json.loads(text)
    except ValueError as error:
        raise SourceError(str(path), f"not JSON ({error})") from error
    if isinstance(content, dict):
        yield from _read_label_groups(path, content)
        return
    for number, item in enumerate(content, start=1):
        location = f"item {number}"
        if not isinstance(item, dict):
            raise SourceError(str(path), "expected an object with a picture and its label", location)
        label = (
            _parse_task(path, location, item)
            if "annotations" in item
            else _parse_row(path, location, _lowercase_headings(item))
        )
        if label:
            yield location, label


def _read_label_groups(path: Path, content: Mapping[str, Any]) -> Iterator[LocatedLabel]:
    """Read `{label: {picture: true or false}}`, the format in which the labels of arXiv 2410.14969 are published."""
    for label, pictures in content.items():
        if not isinstance(pictures, dict) or not all(isinstance(flag, bool) for flag in pictures.values()):
            raise SourceError(str(path), "expected pictures with true or false below each label", label)
        for picture, is_labelled in pictures.items():
            if is_labelled:
                yield label, LabelEntry(picture=picture, label=label)


def _parse_row(path: Path, location: str, row: Mapping[str, str]) -> LabelEntry | None:
    """Return None if the label is empty, which means that nobody has looked at the picture yet."""
    picture, label = _first_value(row, PICTURE_HEADINGS), _first_value(row, LABEL_HEADINGS)
    if not label:
        return None
    if not picture:
        raise SourceError(str(path), f"the label {label!r} has no picture", location)
    details = {
        "by": _first_value(row, PERSON_HEADINGS),
        "at": _first_value(row, TIME_HEADINGS),
        "book": _first_value(row, BOOK_HEADINGS),
        "source": _first_value(row, SOURCE_HEADINGS),
    }
    return LabelEntry(picture=_picture_name(picture), label=label, **details)


def _parse_task(path: Path, location: str, task: Mapping[str, Any]) -> LabelEntry | None:
    """Parse one task of a Label Studio export; return None if nobody completed it."""
    data = _lowercase_headings(task.get("data") or {})
    picture = _first_value(data, PICTURE_HEADINGS)
    annotations = [
        annotation
        for annotation in _check_list(path, location, task["annotations"])
        if not annotation.get("was_cancelled")
    ]
    if not annotations:
        return None
    if not picture:
        raise SourceError(str(path), f"the task's data has none of {', '.join(PICTURE_HEADINGS)}", location)
    last_annotation = max(enumerate(annotations), key=lambda item: (_annotation_time(item[1]), item[0]))[1]
    choices = [
        str(choice)
        for result in _check_list(path, location, last_annotation.get("result") or [])
        for choice in (result.get("value") or {}).get("choices", ())
    ]
    if len(choices) > 1:
        raise SourceError(str(path), f"expected one label, found {', '.join(choices)}", location)
    if not choices:
        return None
    details = {
        "by": _annotator(last_annotation.get("completed_by")),
        "at": _annotation_time(last_annotation),
        "book": _first_value(data, BOOK_HEADINGS),
        "source": _first_value(data, SOURCE_HEADINGS),
    }
    return LabelEntry(picture=_picture_name(picture), label=choices[0].strip(), **details)


def _check_list(path: Path, location: str, value: object) -> Sequence[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise SourceError(str(path), "expected a list of objects, as Label Studio exports it", location)
    return value


def _annotation_time(annotation: Mapping[str, Any]) -> str:
    return str(annotation.get("updated_at") or annotation.get("created_at") or "")


def _annotator(value: object) -> str:
    """Return the person's e-mail address, or Label Studio's number of the person if the export has no address."""
    if isinstance(value, dict):
        return str(value.get("email") or value.get("id") or "")
    return "" if value is None else str(value)


def _picture_name(reference: str) -> str:
    """Strip what Label Studio or this service puts in front of a picture's own name."""
    reference = reference.replace("\\", "/").removeprefix("./")
    if local_paths := parse_qs(urlsplit(reference).query).get("d"):
        return local_paths[0]
    if upload_match := UPLOADED_FILE.match(reference):
        return upload_match[1]
    crop_match = CROP_PATH.search(urlsplit(reference).path)
    return f"{crop_match[1]}.jpg" if crop_match else reference


def _deduplicate(path: Path, located_labels: Iterable[LocatedLabel]) -> tuple[LabelEntry, ...]:
    entries: dict[str, LocatedLabel] = {}
    for location, label in located_labels:
        first_entry = entries.setdefault(label.picture, (location, label))
        if first_entry[1].label != label.label:
            raise SourceError(
                str(path),
                f"{label.picture} is {label.label} here and {first_entry[1].label} in {first_entry[0]}",
                location,
            )
    if not entries:
        raise SourceError(str(path), "none of its pictures has a label")
    return tuple(label for _, label in entries.values())


def _lowercase_headings(row: Mapping[str, Any]) -> dict[str, str]:
    scalar_types = (str, int)
    return {str(name).strip().lower(): str(value) for name, value in row.items() if isinstance(value, scalar_types)}


def _first_value(row: Mapping[str, str], headings: tuple[str, ...]) -> str:
    return next((value for heading in headings if (value := row.get(heading, "").strip())), "")
