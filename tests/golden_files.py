"""Golden files: JSON that a query builder must return exactly, printed compactly with one clause a line.

Each file holds one body, or one part of a body, and can be pasted into Kibana's Dev Tools. After an intended change
of a query, write the files again and read the difference:

    pytest tests/unit/api/elasticsearch/queries --write-golden
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LINE_LENGTH = 120
"""Characters: a value that fits is printed on one line."""

LEAF_CLAUSES = frozenset({"combined_fields", "multi_match"})
"""Clauses that hold no other clause: each is one line, however long its list of fields is."""


class GoldenFiles:
    """The golden files of one folder, compared with bodies or, with `write`, replaced by them."""

    def __init__(self, folder: Path, *, write: bool) -> None:
        self.folder = folder
        self.write = write

    def check(self, name: str, body: Mapping[str, Any]) -> None:
        """Assert that `<name>.json` holds the body, character by character."""
        path = self.folder / f"{name}.json"
        if self.write:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(to_json_text(body), "utf-8")
        assert to_json_text(body) == path.read_text("utf-8"), f"{path} differs: see tests/golden_files.py"

    def check_names(self, names: set[str]) -> None:
        """Assert that the folder holds files of these names and no others."""
        paths_by_name = {path.stem: path for path in self.folder.glob("*.json")}
        if self.write:
            for name in set(paths_by_name) - names:
                paths_by_name.pop(name).unlink()
        assert set(paths_by_name) == names


def to_json_text(body: Mapping[str, Any]) -> str:
    return _print_value(body, indent=0, used=0) + "\n"


def _print_value(value: Any, *, indent: int, used: int) -> str:
    """Return the value as JSON; `used` characters of its first line are taken by its key."""
    line = json.dumps(value, ensure_ascii=False)
    if _is_leaf(value) or indent + used + len(line) <= LINE_LENGTH:
        return line
    if isinstance(value, dict) and len(value) == 1:
        ((key, only_value),) = value.items()
        key_text = json.dumps(key, ensure_ascii=False)
        return f"{{{key_text}: {_print_value(only_value, indent=indent, used=used + len(key_text) + 3)}}}"
    if isinstance(value, dict):
        return _print_lines(
            "{", [(json.dumps(key, ensure_ascii=False) + ": ", item) for key, item in value.items()], "}", indent
        )
    return _print_lines("[", [("", item) for item in value], "]", indent)


def _print_lines(opening: str, items: list[tuple[str, Any]], closing: str, indent: int) -> str:
    margin = " " * (indent + 1)
    lines = [f"{margin}{key}{_print_value(item, indent=indent + 1, used=len(key))}" for key, item in items]
    return opening + "\n" + ",\n".join(lines) + "\n" + " " * indent + closing


def _is_leaf(value: Any) -> bool:
    if isinstance(value, dict):
        return not value or set(value) <= LEAF_CLAUSES
    return not isinstance(value, list) or not any(isinstance(item, dict | list) for item in value)
