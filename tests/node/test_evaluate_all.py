"""`frontispiece evaluate all` on a few real pictures, with latency measured on the node."""

import csv
import shutil
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import html

from evaluation.cli import evaluate
from evaluation.commands.registry import SECTION_NAMES
from evaluation.reporting.documents import SUMMARY_ROWS
from evaluation.reporting.report import EvaluationRun, read_run
from tests.event_loops import run_in_thread
from tests.paths import SHARED

PICTURES_PER_LABEL = {"photo": 5, "map": 3}
"""Label → pictures; five folds need at least five pictures of a class."""


@pytest.fixture(scope="module")
def picture_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of real pictures, each its own book, with labels and the paper's tables."""
    folder = tmp_path_factory.mktemp("few")
    with (SHARED / "images" / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: int(row["width"]) * int(row["height"]))
    chosen_rows = [
        row
        for label, count in PICTURES_PER_LABEL.items()
        for row in [row for row in rows if row["label"] == label][:count]
    ]
    for number, row in enumerate(chosen_rows):
        shutil.copy(SHARED / row["path"], folder / f"{number}{Path(row['path']).suffix}")
    csv_lines = [
        f"{number}{Path(row['path']).suffix},{row['label']},{number}" for number, row in enumerate(chosen_rows)
    ]
    (folder / "labels.csv").write_text("\n".join(["file,label,book", *csv_lines]), "utf-8")
    for table in (SHARED / "images").glob("nb_chr24_*.csv"):
        shutil.copy(table, folder)
    return folder


@pytest.fixture(scope="module")
def evaluation_run(
    picture_folder: Path, node_url: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Result, Path, EvaluationRun]:
    """Return the result of the command, its report and its figures."""
    folder = tmp_path_factory.mktemp("measured")
    arguments = ["all", "--images", picture_folder, "--models", "sscd", "--report", folder / "new" / "report.html"]
    environ = {"FRONTISPIECE_CACHE": str(folder / "cache"), "FRONTISPIECE_ELASTICSEARCH_URL": node_url}
    all_arguments = [*map(str, arguments), "--json", str(folder / "figures.json")]
    with pytest.MonkeyPatch.context() as monkeypatch:
        # The learning curve's draws are most of the time that so few pictures take.
        monkeypatch.setattr("evaluation.classification.learning_curve.DRAWS", 1)
        result = run_in_thread(
            partial(CliRunner().invoke, evaluate, all_arguments, env=environ, catch_exceptions=False)
        )
    return result, folder / "new" / "report.html", read_run(folder / "figures.json")


def test_every_section_is_measured_or_reported(evaluation_run: tuple[Result, Path, EvaluationRun]) -> None:
    """Only `cross-domain` needs two libraries with the same classes, which these few pictures lack."""
    result, report, run = evaluation_run
    reasons = {name: part.not_measured for name, part in run.parts.items() if part.not_measured}
    assert list(reasons) == ["cross-domain"], reasons
    assert (result.exit_code, run.pictures, run.labelled) == (
        0,
        sum(PICTURES_PER_LABEL.values()),
        sum(PICTURES_PER_LABEL.values()),
    )
    assert all(part.tables for name, part in run.parts.items() if name != "cross-domain")
    assert "not measured: cross-domain" in result.stdout
    page = html.fromstring(report.read_text("utf-8"))
    assert [section.get("id") for section in page.xpath("//section")] == list(SECTION_NAMES)
    assert len(page.xpath("//svg")) > 2


def test_report_contains_no_paths_of_the_machine(
    evaluation_run: tuple[Result, Path, EvaluationRun], picture_folder: Path
) -> None:
    _, report, run = evaluation_run
    for text in (report.read_text("utf-8"), run.to_json()):
        assert str(picture_folder) not in text
        assert str(Path.home()) not in text
        assert str(report.parent.parent) not in text


def test_every_figure_of_the_readme_exists_in_a_run(
    evaluation_run: tuple[Result, Path, EvaluationRun],
) -> None:
    _, _, run = evaluation_run
    assert [measure for measure, _, own_figure in SUMMARY_ROWS if not own_figure.look_up(run)] == []
