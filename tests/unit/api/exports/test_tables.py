"""CSV and JSON Lines exports."""

import csv
import json
from io import StringIO

import pytest

from api.exports.tables import COLUMNS, csv_text, json_lines
from tests.hit_factory import CLASSIFIER_LABEL, make_export, make_hit


def parse_csv(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline="")))


def test_a_row_has_page_region_urn_and_url() -> None:
    (row,) = parse_csv(csv_text(make_export(make_hit())))
    assert (row["urn"], row["page"], row["page_label"], row["region"]) == (
        *("URN:NBN:no-nb_digibok_1", "p. iv", "iv", "10,20,300,400"),
    )
    assert row["image_number"] == "12"
    assert row["authors"] == "Moe, Anna; Grøndahl and Søn"
    assert row["url"].startswith("https://")


def test_a_page_without_a_printed_number_is_named_by_its_image() -> None:
    (row,) = parse_csv(csv_text(make_export(make_hit(page_label=""))))
    assert (row["page"], row["page_label"], row["image_number"]) == ("image 12", "", "12")


def test_a_label_comes_with_source_model_confidence_and_date() -> None:
    hit = make_hit(label=CLASSIFIER_LABEL)
    (row,) = parse_csv(csv_text(make_export(hit)))
    assert {name: row[name] for name in row if name.startswith("label")} == {
        "label": "Map",
        "label_source": "classifier",
        "label_by": "",
        "label_model": "c0ffee",
        "label_confidence": "0.93",
        "label_at": "2026-01-02T03:04:05+00:00",
    }
    line = json.loads(json_lines(make_export(hit)))
    assert (line["label_model"], line["label_confidence"]) == ("c0ffee", 0.93)


def test_an_export_without_results_has_a_header_only() -> None:
    assert csv_text(make_export()) == f"\ufeff{','.join(COLUMNS)}\r\n"
    assert json_lines(make_export()) == ""


@pytest.mark.parametrize("title", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n =1"])
def test_no_cell_starts_a_formula(title: str) -> None:
    (row,) = parse_csv(csv_text(make_export(make_hit(title=title))))
    assert row["title"] == f"'{title.strip()}"


def test_quotes_commas_and_line_breaks_stay_in_their_cell() -> None:
    text = csv_text(make_export(make_hit(title='A "B", C\r\nD'), make_hit(title="E")))
    assert [row["title"] for row in parse_csv(text)] == ['A "B", C D', "E"]
    assert text.count("\n") == text.count("\r\n") == 3


def test_a_json_line_keeps_lists_and_numbers() -> None:
    lines = json_lines(make_export(make_hit(), make_hit(title="a\nb\u2028c"))).splitlines()
    first = json.loads(lines[0])
    assert (first["date"], first["year"], first["last_year"]) == ("1885", 1885, 1885)
    assert (first["authors"], first["image_number"], first["year"]) == (["Moe, Anna", "Grøndahl and Søn"], 12, 1885)
    assert tuple(first) == COLUMNS


def test_a_json_line_is_one_line() -> None:
    """U+2028 is escaped, because some programs take it for a line end."""
    assert len(json_lines(make_export(make_hit(title="a\nb\u2028c\u0085d"))).splitlines()) == 1
