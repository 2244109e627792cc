"""The examples of docs/examples are run as they stand, against a real service over the specimen books."""

import csv
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from api.app import create_app
from tests.library import Library, indexed
from tests.paths import ROOT, SPECIMEN
from tests.serving import served

EXAMPLES = ROOT / "docs" / "examples"

LIGHTHOUSE = "digibok_2099010100017_0004:P4_CB00001:187,367,632,675"
REPRINT = "sange-1891_f7:eSc_textblock_5f161d4e:180,151,633,674"
"""The same block in 1891, cracked and with a flagstaff."""


@pytest.fixture(scope="module")
def address(specimen: Library) -> Iterator[str]:
    with served(create_app(specimen.settings, elasticsearch_url=specimen.url)) as address:
        yield address


def run(example: str, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, EXAMPLES / example, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def output(example: str, *arguments: str | Path) -> str:
    done = run(example, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def crop(library: Library, picture: str) -> Path:
    return library.settings.crops / library.documents()[picture]["image"]["large"]


def test_words_and_a_picture_become_a_table_of_all_pages(address: str, specimen: Library, tmp_path: Path) -> None:
    table = tmp_path / "found.csv"
    said = output("search_and_save.py", address, "fyr", crop(specimen, LIGHTHOUSE), table)
    with table.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert said == f"{len(rows)} pictures are in {table}\n"
    assert len(rows) > 24  # more than one page of results
    assert {row["id"] for row in rows} == set(specimen.documents())
    assert rows[0]["id"] == LIGHTHOUSE
    assert REPRINT in [row["id"] for row in rows[:10]]
    assert specimen.web.get(f"/pictures/{rows[0]['address'].rpartition('/')[2]}").status_code == 200


@pytest.mark.parametrize(
    "book", ["URN:NBN:no-nb_digibok_2099010100017", "urn:example:frontispiece:companion-1843"], ids=["urn", "english"]
)
def test_a_book_is_walked_twice_and_both_ways_show_every_picture(address: str, specimen: Library, book: str) -> None:
    boxes = [source["box"] for source in specimen.documents().values() if source["book_id"] == book]
    said = output("walk_a_book.py", address, book)
    assert said.count("  image ") == len(boxes) == said.count("xywh=")
    for box in boxes:
        assert f"xywh={box['x']},{box['y']},{box['width']},{box['height']} " in said


def test_a_reprint_is_found_by_a_copy_and_listed_after_it(address: str, specimen: Library) -> None:
    said = output("find_copies.py", address, crop(specimen, REPRINT)).splitlines()
    assert said[0] == "What looks like a copy:"
    assert [line[:4] for line in said[1:]] == ["1867", "1891"]
    assert [line.rpartition("/")[2] for line in said[1:]] == [LIGHTHOUSE, REPRINT]


def test_where_families_are_known_they_are_what_is_listed(node_url: str, tmp_path: Path) -> None:
    """In an index of its own: the other tests' books have no families."""
    for library in indexed(node_url, SPECIMEN / "sange-1891", tmp_path):
        other = next(each for each in library.documents() if each != REPRINT)
        with Elasticsearch(node_url) as client:
            for picture in (REPRINT, other):
                family = {"family": {"id": "f1", "size": 2, "tier": "near"}}
                client.update(index=library.settings.alias, id=picture, doc=family, refresh=True)
        with served(create_app(library.settings, elasticsearch_url=node_url)) as address:
            said = output("find_copies.py", address, crop(library, REPRINT)).splitlines()
        assert said[0] == "Its family in the index:"
        assert {line.rpartition("/")[2] for line in said[1:]} == {REPRINT, other}


def test_what_cannot_be_answered_is_said_in_the_services_own_sentence(address: str) -> None:
    unknown, unreadable = run("walk_a_book.py", address, "nowhere"), run("find_copies.py", address, ROOT / "LICENSE")
    assert (unknown.returncode, unreadable.returncode) == (1, 1)
    assert unknown.stderr.startswith("There is no book “nowhere” here.")
    assert unreadable.stderr.startswith("That file is not a picture we can read")
