"""`frontispiece evaluate all` and `make evaluate` where something is missing."""

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from evaluation import cli
from evaluation.cli import evaluate
from tests.paths import ROOT


def test_a_part_whose_packages_are_absent_is_named(
    drawings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "PARTS", {"absent": "evaluation.absent"})
    monkeypatch.setenv("FRONTISPIECE_CACHE", str(tmp_path / "cache"))
    report = tmp_path / "report.html"
    arguments = ["all", "--images", str(drawings), "--models", "sscd", "--report", str(report)]
    result = CliRunner().invoke(evaluate, arguments, catch_exceptions=False)
    assert (result.exit_code, "not measured: absent" in result.stdout) == (0, True)
    assert "Not measured: this part needs evaluation.absent, not installed here" in report.read_text("utf-8")


def test_what_cannot_be_written_is_told_before_anything_is_measured(drawings: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    arguments = ["all", "--images", str(drawings), "--report", str(tmp_path / "file" / "report.html")]
    result = CliRunner().invoke(evaluate, arguments)
    assert "cannot be written" in str(result.exception)


def test_make_says_where_pictures_are_missing(tmp_path: Path) -> None:
    command = ["make", "-s", "evaluate", f"IMAGES={tmp_path / 'nowhere'}"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode != 0
    assert f"There is no folder {tmp_path / 'nowhere'}: name one with pictures" in result.stdout
