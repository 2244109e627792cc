"""Labels that people gave: from CSV, from JSON, and from what Label Studio exports."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from core.errors import SourceError

PICTURES = ("path", "file", "filename", "file_name", "image", "picture", "url", "name", "id")
LABELS = ("label", "class", "category", "type", "choice")
BOOKS = ("book", "book_id", "work", "document", "volume", "group", "source_id", "ark", "urn", "isbn")
PEOPLE = ("by", "labelled_by", "annotator")
TIMES = ("at", "labelled_at", "updated_at", "created_at")
"""Headings, in small letters, of a table's columns and of the fields of a JSON object."""

UPLOAD = re.compile(r"^/data/upload/(?:\d+/)?(?:[0-9a-f]{8}-)?(.+)$")
"""Where Label Studio keeps a file that was uploaded: a number of its own, eight digits and the file's name."""
SERVED = re.compile(r"(?:^|/)crops/([0-9a-f]{2}/[0-9a-f]+)(?:-large)?\.jpg$")
"""A picture's address in this service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A picture and what somebody called it."""

    picture: str
    """A path, a URL, or the picture's id in the index, as the file writes it."""
    label: str
    by: str = ""
    at: str = ""
    """When, as the file writes it."""
    book: str = ""
    """The printed source, where the file names it."""


def read_labels(path: Path) -> tuple[Labelled, ...]:
    """Every label of a file, in its order; `SourceError` says which file and where in it."""
    text = _text(path)
    placed = _from_json(path, text) if text.lstrip()[:1] in ("[", "{") else _from_table(path, text)
    return _each_once(path, placed)


Placed = tuple[str, Labelled]
"""Where in the file, and what it says there."""


def _from_table(path: Path, text: str) -> Iterator[Placed]:
    first = text.partition("\n")[0]
    lines = csv.DictReader(text.splitlines(keepends=True), delimiter=max("\t,;|", key=first.count))
    headings = [(heading or "").strip().lower() for heading in lines.fieldnames or ()]
    for wanted in (PICTURES, LABELS):
        if not set(wanted) & set(headings):
            raise SourceError(str(path), f"none of its columns is called {', '.join(wanted)}", "line 1")
    try:
        for row in lines:
            place = f"line {lines.line_num}"
            found = {(name or "").strip().lower(): value for name, value in row.items() if isinstance(value, str)}
            if labelled := _row(path, place, found):
                yield place, labelled
    except csv.Error as error:
        raise SourceError(str(path), str(error), f"line {lines.line_num}") from error


def _from_json(path: Path, text: str) -> Iterator[Placed]:
    try:
        content = json.loads(text)
    except ValueError as error:
        raise SourceError(str(path), f"not JSON ({error})") from error
    if isinstance(content, dict):
        yield from _by_label(path, content)
        return
    for number, each in enumerate(content, start=1):
        place = f"item {number}"
        if not isinstance(each, dict):
            raise SourceError(str(path), "expected an object with a picture and its label", place)
        found = _task(path, place, each) if "annotations" in each else _row(path, place, _lower(each))
        if found:
            yield place, found


def _by_label(path: Path, content: Mapping[str, Any]) -> Iterator[Placed]:
    """`{label: {picture: whether}}`, the form in which the paper's labels are published."""
    for label, pictures in content.items():
        if not isinstance(pictures, dict) or not all(isinstance(each, bool) for each in pictures.values()):
            raise SourceError(str(path), "expected pictures with true or false below each label", label)
        for picture, so in pictures.items():
            if so:
                yield label, Labelled(picture=picture, label=label)


def _row(path: Path, place: str, row: Mapping[str, str]) -> Labelled | None:
    """None for a row whose label is empty: nobody has looked at the picture yet."""
    picture, label = _first(row, PICTURES), _first(row, LABELS)
    if not label:
        return None
    if not picture:
        raise SourceError(str(path), f"a label, {label!r}, of no picture", place)
    facts = {"by": _first(row, PEOPLE), "at": _first(row, TIMES), "book": _first(row, BOOKS)}
    return Labelled(picture=_name(picture), label=label, **facts)


def _task(path: Path, place: str, task: Mapping[str, Any]) -> Labelled | None:
    """One task of a Label Studio export; None where nobody finished it."""
    data = _lower(task.get("data") or {})
    picture = _first(data, PICTURES)
    done = [each for each in _list(path, place, task["annotations"]) if not each.get("was_cancelled")]
    if not done:
        return None
    if not picture:
        raise SourceError(str(path), f"the task's data has none of {', '.join(PICTURES)}", place)
    last = max(enumerate(done), key=lambda each: (_when(each[1]), each[0]))[1]
    choices = [
        str(choice)
        for result in _list(path, place, last.get("result") or [])
        for choice in (result.get("value") or {}).get("choices", ())
    ]
    if len(choices) > 1:
        raise SourceError(str(path), f"one label expected, and there are {', '.join(choices)}", place)
    if not choices:
        return None
    facts = {"by": _person(last.get("completed_by")), "at": _when(last), "book": _first(data, BOOKS)}
    return Labelled(picture=_name(picture), label=choices[0].strip(), **facts)


def _list(path: Path, place: str, value: object) -> Sequence[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise SourceError(str(path), "not as Label Studio exports it: a list of objects expected", place)
    return value


def _when(annotation: Mapping[str, Any]) -> str:
    return str(annotation.get("updated_at") or annotation.get("created_at") or "")


def _person(value: object) -> str:
    """Label Studio's number of the person, or the mail address where the export has it."""
    if isinstance(value, dict):
        return str(value.get("email") or value.get("id") or "")
    return "" if value is None else str(value)


def _name(written: str) -> str:
    """The picture's own name below the addresses that Label Studio and this service give it."""
    written = written.replace("\\", "/").removeprefix("./")
    if local := parse_qs(urlsplit(written).query).get("d"):
        return local[0]
    if upload := UPLOAD.match(written):
        return upload[1]
    served = SERVED.search(urlsplit(written).path)
    return f"{served[1]}.jpg" if served else written


def _each_once(path: Path, placed: Iterable[Placed]) -> tuple[Labelled, ...]:
    found: dict[str, Placed] = {}
    for place, each in placed:
        there = found.setdefault(each.picture, (place, each))
        if there[1].label != each.label:
            raise SourceError(
                str(path), f"{each.picture} is {each.label} here and {there[1].label} in {there[0]}", place
            )
    if not found:
        raise SourceError(str(path), "no picture in it has a label")
    return tuple(each for _, each in found.values())


def _lower(row: Mapping[str, Any]) -> dict[str, str]:
    kept = (str, int)
    return {str(name).strip().lower(): str(value) for name, value in row.items() if isinstance(value, kept)}


def _first(row: Mapping[str, str], headings: tuple[str, ...]) -> str:
    return next((value for heading in headings if (value := row.get(heading, "").strip())), "")


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(str(path), error.strerror or str(error)) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:  # Excel on a Western Windows
        return data.decode("cp1252", errors="replace")
