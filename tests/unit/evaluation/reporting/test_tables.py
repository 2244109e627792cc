"""Tables as Markdown, as JSON, and cell by cell."""

import json
from pathlib import Path

import numpy as np
import pytest

from evaluation.reporting.tables import Table, percent, print_tables
from tests.unit.evaluation.sample_run import TABLE


def test_a_table_is_markdown() -> None:
    assert TABLE.markdown() == (
        "**A | B**\n\n| model | top-1 | paper |\n| --- | ---: | --- |\n| a\\|b | 0.988 |  |\n| c | 3 | x |\n\nn < m"
    )


def test_percentages_have_their_interval() -> None:
    assert percent(0.98123) == "98.1 %"
    assert percent(1, 0.9951, 1) == "100.0 % (99.5–100.0)"


def test_the_line_of_json_is_the_last_and_the_only_one(capsys: pytest.CaptureFixture[str]) -> None:
    print_tables([TABLE, TABLE], {"models": {"å": 1}}, as_json=True)
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"models": {"å": 1}}
    print_tables([TABLE], {"models": {}}, as_json=False)
    assert "{" not in capsys.readouterr().out


def test_a_cell_is_found_by_its_row_and_column() -> None:
    assert (TABLE.cell("a|b", "top-1"), TABLE.cell("c", "paper")) == ("0.988", "x")
    assert (TABLE.cell("d", "top-1"), TABLE.cell("c", "top-5")) == ("", "")


def test_numbers_of_numpy_and_what_is_no_number_can_be_written(tmp_path: Path) -> None:
    table = Table(title="", columns=["a"], rows=[[np.int64(3), np.float64(0.12345678), float("nan"), None]])  # type: ignore[list-item]
    assert json.loads(json.dumps(table.figures(), allow_nan=False))["rows"] == [[3, 0.123457, None, None]]
