"""The specimen's pictures: each is found, in its place, with the words that its printers set around it."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from indexer.context import elements
from indexer.formats import alto
from indexer.records import GraphicalElement, Page
from tests.paths import SPECIMEN

NEAR = 2
"""Pixels that a box may be off."""

PARTS = ("caption", "before", "after")


def _truth() -> list[Any]:
    found = []
    for file in sorted(SPECIMEN.glob("*/truth.json")):
        told = json.loads(file.read_text(encoding="utf-8"))
        for entry in told if isinstance(told, list) else told["pictures"]:
            name = f"{file.parent.name}-{entry['page_id']}-{entry['picture']['alto_id']}"
            found.append(pytest.param(file.parent, entry, id=name))
    return found


TRUTH = _truth()


@cache
def _found(book: Path, page_id: str, scan: str) -> dict[str, GraphicalElement]:
    with Image.open(book / scan) as image:
        width, height = image.size
    return {element.alto_id: element for element in elements(_page(book, page_id), width, height)}


@cache
def _page(book: Path, page_id: str) -> Page:
    (file,) = book.glob(f"alto/{page_id}.xml*")
    return alto.read_page(file)


def test_the_specimen_is_there() -> None:
    assert len(TRUTH) > 20


@pytest.mark.parametrize(("book", "entry"), TRUTH)
def test_every_box_is_where_the_picture_is(book: Path, entry: dict[str, Any]) -> None:
    told = entry["picture"]
    box = _found(book, entry["page_id"], entry["scan"])[told["alto_id"]].box
    x, y, width, height = told["box"]
    assert [box.x, box.y, box.x + box.width, box.y + box.height] == pytest.approx(
        [x, y, x + width, y + height], abs=NEAR
    )


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(("book", "entry"), TRUTH)
def test_every_context_is_as_printed(book: Path, entry: dict[str, Any], part: str) -> None:
    told = entry["picture"]
    context = _found(book, entry["page_id"], entry["scan"])[told["alto_id"]].context
    assert getattr(context, part).text == told[part]


@pytest.mark.parametrize(("book", "entry"), TRUTH)
def test_places_alone_say_the_same(book: Path, entry: dict[str, Any]) -> None:
    """As from a file that knows no groups, no tags and no order, and lists all pictures first."""
    told = entry["picture"]
    page = _page(book, entry["page_id"])
    bare = replace(
        page,
        blocks=tuple(replace(block, group="", role="") for block in reversed(page.blocks)),
        pictures=tuple(replace(picture, group="", position=0) for picture in page.pictures),
    )
    (found,) = (element.context for element in elements(bare) if element.alto_id == told["alto_id"])
    assert {part: getattr(found, part).text for part in PARTS} == {part: told[part] for part in PARTS}


def test_no_picture_is_found_that_is_not_printed() -> None:
    """Pages without a picture have no entry, so every ALTO file of the specimen is read."""
    told = {(entry.values[0], entry.values[1]["page_id"], entry.values[1]["picture"]["alto_id"]) for entry in TRUTH}
    files = [(book, file) for book in SPECIMEN.iterdir() for file in book.glob("alto/*.xml*")]
    found = {
        (book, file.name.split(".")[0], picture.id) for book, file in files for picture in alto.read_page(file).pictures
    }
    assert found == told
