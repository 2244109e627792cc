"""Run the programs in docs/examples against a real service over the specimen books."""

import csv
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.app import create_app
from tests.library import ServedLibrary, index_library
from tests.live_server import run_live_server
from tests.paths import ROOT, SPECIMEN
from tests.waiting import PATIENCE_SECONDS

EXAMPLES = ROOT / "docs" / "examples"

LIGHTHOUSE = "digibok_2099010100017_0004:P4_CB00001:187,367,632,675"
REPRINT = "sange-1891_f7:eSc_textblock_5f161d4e:180,151,633,674"
"""The same block in 1891, cracked and with a flagstaff."""


@pytest.fixture(scope="module")
def service_url(specimen: ServedLibrary) -> Iterator[str]:
    with run_live_server(create_app(specimen.settings, elasticsearch_url=specimen.url)) as service_url:
        yield service_url


def run_example(example: str, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, EXAMPLES / example, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)


def example_output(example: str, *arguments: str | Path) -> str:
    result = run_example(example, *arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout


def large_crop(library: ServedLibrary, picture_id: str) -> Path:
    return library.settings.crops_folder / library.documents()[picture_id]["image"]["large"]


def test_search_and_save_writes_all_pages_of_results_to_a_table(
    service_url: str, specimen: ServedLibrary, tmp_path: Path
) -> None:
    table = tmp_path / "found.csv"
    output_text = example_output("search_and_save.py", service_url, "fyr", large_crop(specimen, LIGHTHOUSE), table)
    with table.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert output_text == f"{len(rows)} pictures are in {table}\n"
    assert len(rows) > 24  # more than one page of results
    figures = {picture_id for picture_id, document in specimen.documents().items() if not document.get("decoration")}
    assert {row["id"] for row in rows} == figures
    assert rows[0]["id"] == LIGHTHOUSE
    assert REPRINT in [row["id"] for row in rows[:10]]
    assert specimen.api_client.get(f"/pictures/{rows[0]['address'].rpartition('/')[2]}").status_code == 200


@pytest.mark.parametrize(
    "book", ["URN:NBN:no-nb_digibok_2099010100017", "urn:example:frontispiece:companion-1843"], ids=["urn", "english"]
)
def test_both_methods_of_listing_a_book_return_every_picture(
    service_url: str, specimen: ServedLibrary, book: str
) -> None:
    boxes = [source["box"] for source in specimen.documents().values() if source["book_id"] == book]
    output_text = example_output("walk_a_book.py", service_url, book)
    assert output_text.count("  image ") == len(boxes) == output_text.count("xywh=")
    for box in boxes:
        assert f"xywh={box['x']},{box['y']},{box['width']},{box['height']} " in output_text


def test_family_of_a_copy_is_listed_in_the_order_of_years(service_url: str, specimen: ServedLibrary) -> None:
    output_lines = example_output("find_copies.py", service_url, large_crop(specimen, REPRINT)).splitlines()
    assert output_lines[0] == "Its family in the index:"
    assert [line[:4] for line in output_lines[1:]] == ["1867", "1891"]
    assert [line.rpartition("/")[2] for line in output_lines[1:]] == [LIGHTHOUSE, REPRINT]


def test_copies_are_listed_by_likeness_where_the_index_has_no_families(node_url: str, tmp_path: Path) -> None:
    """The test uses its own index, because the books of the other tests have families."""
    for library in index_library(node_url, SPECIMEN / "sange-1891", tmp_path):
        with run_live_server(create_app(library.settings, elasticsearch_url=node_url)) as service_url:
            output_lines = example_output("find_copies.py", service_url, large_crop(library, REPRINT)).splitlines()
        assert output_lines[0] == "Pictures that look like copies:"
        assert [line.rpartition("/")[2] for line in output_lines[1:]] == [REPRINT]
