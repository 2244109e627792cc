"""The tables of places: the package's, and a library's own."""

from pathlib import Path

import pytest

from core.errors import SourceError
from indexer.documents.places import BUILT_IN_TABLE, PlaceTable, built_in_table
from indexer.formats.tables import read_table


def write_table(folder: Path, text: str) -> Path:
    path = folder / "places.csv"
    path.write_text(text, "utf-8")
    return path


def test_every_place_of_the_package_has_its_own_name() -> None:
    places = {row.values["place"] for row in read_table(BUILT_IN_TABLE).rows}
    assert {place for place in places if built_in_table().find_place(place) != place} == set()


def test_a_librarys_rows_come_first(tmp_path: Path) -> None:
    rows = "Holmestrand i Norge,Holmestrand\nLugduni,Leiden\n'Batavia, Ill.',x\n".replace("'", '"')
    table = PlaceTable.read(write_table(tmp_path, f"name,place\n{rows}"))
    assert table.find_place("holmestrand I norge") == "Holmestrand"
    assert (table.find_place("Lugduni"), built_in_table().find_place("Lugduni")) == ("Leiden", "Lyon")
    assert table.find_place("Parisiis") == "Paris"
    assert "Holmestrand i Norge" in table.other_names("Holmestrand")


def test_a_library_can_call_a_place_of_the_package_by_another_name(tmp_path: Path) -> None:
    table = PlaceTable.read(write_table(tmp_path, "name;place\nOslo;Kristiania\nKristiania;Kristiania\n"))
    assert {table.find_place(name) for name in ("Oslo", "Christiania", "Kristiania", "Kria.")} == {"Kristiania"}
    assert {"Oslo", "Christiania"} <= set(table.other_names("Kristiania"))


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("town,place\nKria,Oslo\n", 1, "no column `name`"),
        ("name\nKria\n", 1, "no column `place`"),
        ("name,place\nKria,Oslo\nChra,\n", 3, "the cell `place` is empty"),
        ("name,place\n,Oslo\n", 2, "the cell `name` is empty"),
        ("name,place\n...,Oslo\n", 2, "the cell `name` is empty"),
        ("name,place\nWashington, D.C.,Washington\n", 2, "more cells than the heading"),
        ("name,place\nKria,Oslo\n\nkria.,Bergen\n", 4, "'kria.' is 'Bergen' here and 'Oslo' in line 2"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, text: str, line: int, reason: str) -> None:
    path = write_table(tmp_path, text)
    with pytest.raises(SourceError) as raised:
        PlaceTable.read(path)
    assert (raised.value.file, raised.value.location) == (str(path), f"line {line}")
    assert reason in raised.value.reason


def test_empty_lines_and_equal_rows_are_no_errors(tmp_path: Path) -> None:
    table = PlaceTable.read(write_table(tmp_path, "name,place\nHof,Hof\n,\nhof,Hof\n\n"))
    assert table.find_place("HOF") == "Hof"


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none\.csv"):
        PlaceTable.read(tmp_path / "none.csv")
