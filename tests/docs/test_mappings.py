"""The table of fields in es-mappings/README.md is that of the mappings."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from indexer.elasticsearch.mappings import INDEX_KINDS, IndexKind, index_body
from tests.paths import ROOT

TABLE = (ROOT / "es-mappings" / "README.md").read_text("utf-8").partition("## Fields")[2].partition("\n\n##")[0]
ROWS = re.findall(r"^\| (`[^|]+`) \| ([^|]+) \|", TABLE, re.MULTILINE)
"""The names of the fields, and the indices that have them."""


def field_paths(properties: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Yield the path of each field that has no fields of its own, `image.crop`."""
    for name, field in properties.items():
        if "properties" in field:
            yield from field_paths(field["properties"], f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def paths_of(kind: IndexKind) -> list[str]:
    return list(field_paths(index_body(kind)["mappings"]["properties"]))


def documented_names(kind: IndexKind) -> list[str]:
    """Return the names in the rows of an index; `….folded` is a form of several fields, and no field."""
    names = [name for cell, kinds in ROWS if kinds == "all" or kind in kinds for name in re.findall(r"`([^`]+)`", cell)]
    return [name for name in names if not name.startswith("…")]


def is_named(path: str, name: str) -> bool:
    """Return whether a name is that of the field or of one above it; `<model>` and `<part>` stand for any name."""
    pattern = re.sub(r"<\w+>", r"\\w+", name.replace(".", r"\."))
    return re.fullmatch(rf"{pattern}(\..+)?", path) is not None


@pytest.mark.parametrize("kind", INDEX_KINDS)
def test_every_field_of_the_mappings_is_in_the_table(kind: IndexKind) -> None:
    # The mapping of `page_text` is shared with books, which have no text.
    not_of_books = {"page_text.text", "page_text.confidence"} if kind == "books" else set()
    names = documented_names(kind)
    assert {path for path in paths_of(kind) if not any(is_named(path, name) for name in names)} == not_of_books


@pytest.mark.parametrize("kind", INDEX_KINDS)
def test_every_field_of_the_table_is_in_the_mappings(kind: IndexKind) -> None:
    paths = paths_of(kind)
    assert [name for name in documented_names(kind) if not any(is_named(path, name) for path in paths)] == []
