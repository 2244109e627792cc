"""Tables as Markdown, and the page that holds everything."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from lxml import html

from api.evaluation import commands, plots
from api.evaluation.commands import evaluate
from api.evaluation.report import Section, write
from api.evaluation.scores import Scores
from api.evaluation.tables import Table, percent, show

TABLE = Table(
    title="A | B", columns=["model", "top-1", "paper"], rows=[["a|b", 0.98765, None], ["c", 3, "x"]], note="n"
)


def test_a_table_is_markdown() -> None:
    assert TABLE.markdown() == (
        "**A | B**\n\n| model | top-1 | paper |\n| --- | ---: | ---: |\n| a\\|b | 0.988 |  |\n| c | 3 | x |\n\nn"
    )


def test_percentages_have_their_interval() -> None:
    assert percent(0.98123) == "98.1 %"
    assert percent(1, 0.9951, 1) == "100.0 % (99.5–100.0)"


def test_the_line_of_json_is_the_last_and_the_only_one(capsys: pytest.CaptureFixture[str]) -> None:
    show([TABLE, TABLE], {"models": {"å": 1}}, as_json=True)
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"models": {"å": 1}}
    show([TABLE], {"models": {}}, as_json=False)
    assert "{" not in capsys.readouterr().out


def test_the_page_needs_nothing_beside_it(tmp_path: Path) -> None:
    drawn = plots.positions([Scores("<sscd>", "paper", 9, np.array([1.0, 2.0, 7.0]))])
    write(tmp_path / "new" / "report.html", "A & B", [Section("One", [TABLE], [drawn], note="so < so")])
    text = (tmp_path / "new" / "report.html").read_text("utf-8")
    page = html.fromstring(text)
    assert page.xpath("//h1/text()") == ["A & B"]
    assert page.xpath("//td/text()") == ["a\\|b", "0.988", "c", "3", "x"]
    assert len(page.xpath("//svg")) == 1
    assert not page.xpath("//script | //link | //img | //*[@src]")
    assert "<?xml" not in text


def test_a_part_that_cannot_be_measured_is_told_and_the_others_are_there(
    drawings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRONTISPIECE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("FRONTISPIECE_MODELS", "sscd")
    parts = {"retrieval": "api.evaluation.retrieval", "absent": "api.evaluation.absent"}
    monkeypatch.setattr(commands, "PARTS", parts)
    report = tmp_path / "report.html"
    arguments = ["all", "--images", str(drawings), "--report", str(report)]
    done = CliRunner().invoke(evaluate, arguments, catch_exceptions=False)
    assert "2 parts on 7 pictures" in done.stdout
    assert html.fromstring(report.read_text("utf-8")).xpath("//h2/text()") == ["Retrieval", "absent"]
    assert "Not measured: this part needs" in report.read_text("utf-8")
