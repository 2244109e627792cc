"""Tables as Markdown, as JSON, and cell by cell."""

import json
from pathlib import Path

import numpy as np
import pytest

from evaluation.reporting.tables import ReportTable, percent, print_tables
from tests.unit.evaluation.sample_run import TABLE


def test_table_as_markdown() -> None:
    assert TABLE.markdown() == (
        "**A | B**\n\n| model | top-1 | paper |\n| --- | ---: | --- |\n| a\\|b | 0.988 |  |\n| c | 3 | x |\n\nn < m"
    )


def test_percentage_with_and_without_interval() -> None:
    assert percent(0.98123) == "98.1 %"
    assert percent(1, 0.9951, 1) == "100.0 % (99.5–100.0)"


def test_json_is_the_last_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_tables([TABLE, TABLE], {"models": {"å": 1}}, as_json=True)
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"models": {"å": 1}}
    print_tables([TABLE], {"models": {}}, as_json=False)
    assert "{" not in capsys.readouterr().out


def test_cell_by_row_and_column() -> None:
    assert (TABLE.cell("a|b", "top-1"), TABLE.cell("c", "paper")) == ("0.988", "x")
    assert (TABLE.cell("d", "top-1"), TABLE.cell("c", "top-5")) == ("", "")


def test_numpy_numbers_and_nan_are_valid_json(tmp_path: Path) -> None:
    table = ReportTable(title="", columns=["a"], rows=[[np.int64(3), np.float64(0.12345678), float("nan"), None]])  # type: ignore[list-item]
    assert json.loads(json.dumps(table.figures(), allow_nan=False))["rows"] == [[3, 0.123457, None, None]]
