"""The specimen's ground truth against what the index holds: every picture, every box, every context, every record."""

import json
from typing import Any

import pytest
from PIL import Image

from tests.library import Library
from tests.paths import SPECIMEN

Documents = dict[str, dict[str, Any]]

NEAR = 2
"""Pixels that a box's edge may be off."""


def text_at(source: dict[str, Any], *path: str) -> str:
    for key in path:
        source = source.get(key, {})
    return str(source.get("text", ""))


@pytest.fixture(scope="module")
def documents(specimen: Library) -> Documents:
    """By ALTO id, of which these books have no two alike."""
    return {source["alto_id"]: source for source in specimen.documents().values()}


def truth() -> list[dict[str, Any]]:
    return [
        entry["picture"]
        for file in sorted(SPECIMEN.glob("*/truth.json"))
        for entry in json.loads(file.read_text("utf-8"))
    ]


def test_every_picture_is_found_and_no_other(documents: Documents, specimen: Library) -> None:
    assert sorted(entry["alto_id"] for entry in truth()) == sorted(documents)
    assert specimen.report.written == len(documents)
    report = specimen.report
    assert (report.problems, report.rejected, report.too_small) == ([], [], 0)


def test_every_box_lies_where_the_picture_is(documents: Documents) -> None:
    off = []
    for entry in truth():
        box = documents[entry["alto_id"]]["box"]
        x, y, width, height = entry["box"]
        edges = (box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"])
        if max(abs(a - b) for a, b in zip(edges, (x, y, x + width, y + height), strict=True)) > NEAR:
            off.append((entry["alto_id"], entry["box"], box))
    assert off == []


def test_every_context_is_as_printed(documents: Documents) -> None:
    for entry in truth():
        source = documents[entry["alto_id"]]
        read = (text_at(source, "caption"), text_at(source, "context", "before"), text_at(source, "context", "after"))
        assert read == (entry["caption"], entry["before"], entry["after"]), entry["alto_id"]


def test_every_record_came_along(documents: Documents) -> None:
    needed = {"title", "authors", "subjects", "year", "publisher", "place", "language", "licence", "identifiers"}
    assert [key for key, source in documents.items() if not needed <= source.keys()] == []
    assert {source["year"] for source in documents.values()} == {1843, 1867, 1891}


def test_a_reader_can_look_closely(documents: Documents, specimen: Library) -> None:
    """A scan that is larger than what the models see is kept larger."""
    images = [source["image"] for source in documents.values() if "large" in source["image"]]
    assert images
    for image in images:
        with Image.open(specimen.settings.crops / image["large"]) as large:
            assert large.size > specimen.crop({"image": image}).size


def test_a_plate_has_no_words_around_it(documents: Documents) -> None:
    plates = [entry for entry in truth() if not (entry["caption"] or entry["before"] or entry["after"])]
    assert len(plates) >= 4
    for entry in plates:
        source = documents[entry["alto_id"]]
        assert not {"caption", "context"} & source.keys()
