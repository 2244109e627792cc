"""The indexed specimen books match their ground truth: pictures, boxes, contexts and records."""

import json
from typing import Any

import pytest
from PIL import Image

from tests.library import ServedLibrary
from tests.paths import SPECIMEN_TRUTH

SourcesByAltoId = dict[str, dict[str, Any]]

EDGE_TOLERANCE = 2
"""Pixels that a box's edge may be off."""


def text_at(source: dict[str, Any], *path: str) -> str:
    for key in path:
        source = source.get(key, {})
    return str(source.get("text", ""))


@pytest.fixture(scope="module")
def documents_by_alto_id(specimen: ServedLibrary) -> SourcesByAltoId:
    """Return ALTO id → document; ALTO ids are unique in these books."""
    return {source["alto_id"]: source for source in specimen.documents().values()}


def ground_truth() -> list[dict[str, Any]]:
    return [
        entry["picture"] for file in sorted(SPECIMEN_TRUTH.iterdir()) for entry in json.loads(file.read_text("utf-8"))
    ]


def test_index_has_exactly_the_printed_pictures(documents_by_alto_id: SourcesByAltoId, specimen: ServedLibrary) -> None:
    assert sorted(entry["alto_id"] for entry in ground_truth()) == sorted(documents_by_alto_id)
    assert specimen.report.written == len(documents_by_alto_id)
    report = specimen.report
    assert (report.problems, report.rejected, report.too_small) == ((), (), 0)


def test_boxes_match_the_ground_truth(documents_by_alto_id: SourcesByAltoId) -> None:
    misplaced = []
    for entry in ground_truth():
        box = documents_by_alto_id[entry["alto_id"]]["box"]
        x, y, width, height = entry["box"]
        edges = (box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"])
        if max(abs(a - b) for a, b in zip(edges, (x, y, x + width, y + height), strict=True)) > EDGE_TOLERANCE:
            misplaced.append((entry["alto_id"], entry["box"], box))
    assert misplaced == []


def test_contexts_match_the_ground_truth(documents_by_alto_id: SourcesByAltoId) -> None:
    for entry in ground_truth():
        source = documents_by_alto_id[entry["alto_id"]]
        indexed_texts = (
            text_at(source, "caption"),
            text_at(source, "context", "before"),
            text_at(source, "context", "after"),
        )
        assert indexed_texts == (entry["caption"], entry["before"], entry["after"]), entry["alto_id"]


def test_catalogue_records_are_complete(documents_by_alto_id: SourcesByAltoId) -> None:
    required_fields = {
        "title",
        "authors",
        "subjects",
        "year",
        "publisher",
        "place",
        "language",
        "licence",
        "identifiers",
    }
    assert [key for key, source in documents_by_alto_id.items() if not required_fields <= source.keys()] == []
    assert {source["year"] for source in documents_by_alto_id.values()} == {1843, 1867, 1891}


def test_larger_versions_of_pictures_are_stored(documents_by_alto_id: SourcesByAltoId, specimen: ServedLibrary) -> None:
    """Pictures of scans that are larger than the models' input are also stored in a larger size."""
    images = [source["image"] for source in documents_by_alto_id.values() if "large" in source["image"]]
    assert images
    for image in images:
        with Image.open(specimen.settings.crops_folder / image["large"]) as large_image:
            assert large_image.size > specimen.open_crop({"image": image}).size


def test_plate_has_no_context(documents_by_alto_id: SourcesByAltoId) -> None:
    plates = [entry for entry in ground_truth() if not (entry["caption"] or entry["before"] or entry["after"])]
    assert len(plates) >= 4
    for entry in plates:
        source = documents_by_alto_id[entry["alto_id"]]
        assert not {"caption", "context"} & source.keys()
