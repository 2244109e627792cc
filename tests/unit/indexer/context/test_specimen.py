"""The pictures of the specimen books are extracted with their boxes and contexts."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from indexer.context import PageScale, extract_graphical_elements
from indexer.formats import alto
from indexer.records import GraphicalElement, Page
from tests.paths import SPECIMEN, SPECIMEN_TRUTH

MAX_BOX_ERROR = 2
"""Pixels that a box may be off."""

CONTEXT_FIELDS = ("caption", "before", "after")


def _load_truth() -> list[Any]:
    test_cases = []
    for file in sorted(SPECIMEN_TRUTH.iterdir()):
        truth = json.loads(file.read_text(encoding="utf-8"))
        for entry in truth if isinstance(truth, list) else truth["pictures"]:
            name = f"{file.stem}-{entry['page_id']}-{entry['picture']['alto_id']}"
            test_cases.append(pytest.param(SPECIMEN / file.stem, entry, id=name))
    return test_cases


TRUTH = _load_truth()


@cache
def _elements_by_id(book: Path, page_id: str, scan: str) -> dict[str, GraphicalElement]:
    page = _read_page(book, page_id)
    with Image.open(book / scan) as image:
        scale = PageScale.from_sizes(page, image.size)
    return {element.alto_id: element for element in extract_graphical_elements(page, scale)}


@cache
def _read_page(book: Path, page_id: str) -> Page:
    (file,) = book.glob(f"alto/{page_id}.xml*")
    return alto.read_page(file)


def test_specimen_books_have_ground_truth() -> None:
    assert len(TRUTH) > 20


@pytest.mark.parametrize(("book", "entry"), TRUTH)
def test_boxes_match_the_ground_truth(book: Path, entry: dict[str, Any]) -> None:
    expected = entry["picture"]
    box = _elements_by_id(book, entry["page_id"], entry["scan"])[expected["alto_id"]].box
    x, y, width, height = expected["box"]
    assert [box.x, box.y, box.x + box.width, box.y + box.height] == pytest.approx(
        [x, y, x + width, y + height], abs=MAX_BOX_ERROR
    )


@pytest.mark.parametrize("part", CONTEXT_FIELDS)
@pytest.mark.parametrize(("book", "entry"), TRUTH)
def test_contexts_match_the_ground_truth(book: Path, entry: dict[str, Any], part: str) -> None:
    expected = entry["picture"]
    context = _elements_by_id(book, entry["page_id"], entry["scan"])[expected["alto_id"]].context
    assert getattr(context, part).text == expected[part]


@pytest.mark.parametrize(("book", "entry"), TRUTH)
def test_contexts_are_the_same_without_reading_order_and_tags(book: Path, entry: dict[str, Any]) -> None:
    """The test removes groups, tags and reading order, and lists all pictures first."""
    expected = entry["picture"]
    page = _read_page(book, entry["page_id"])
    bare = replace(
        page,
        blocks=tuple(replace(block, composed_block_id="", role="") for block in reversed(page.blocks)),
        pictures=tuple(replace(picture, composed_block_id="", position=0) for picture in page.pictures),
    )
    (context,) = (
        element.context for element in extract_graphical_elements(bare) if element.alto_id == expected["alto_id"]
    )
    assert {part: getattr(context, part).text for part in CONTEXT_FIELDS} == {
        part: expected[part] for part in CONTEXT_FIELDS
    }


def test_no_picture_is_extracted_that_is_not_printed() -> None:
    """Pages without a picture have no entry, so every ALTO file of the specimen is read."""
    expected = {(entry.values[0], entry.values[1]["page_id"], entry.values[1]["picture"]["alto_id"]) for entry in TRUTH}
    files = [(book, file) for book in SPECIMEN.iterdir() for file in book.glob("alto/*.xml*")]
    actual = {
        (book, file.name.split(".")[0], picture.id) for book, file in files for picture in alto.read_page(file).pictures
    }
    assert actual == expected
