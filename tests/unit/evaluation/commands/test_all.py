"""`frontispiece evaluate all` and `make evaluate` if something is missing."""

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.encoders.registry import SPECS, missing_modules
from evaluation.cli import evaluate
from evaluation.commands import registry
from tests.paths import ROOT


@pytest.mark.skipif(
    bool(missing_modules(SPECS["sscd"])), reason="SSCD's weights are published for Python 3.12 and later"
)
def test_section_whose_packages_are_missing_is_reported(
    drawings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "SECTION_NAMES", ("absent",))
    monkeypatch.setenv("FRONTISPIECE_CACHE", str(tmp_path / "cache"))
    report = tmp_path / "report.html"
    arguments = ["all", "--images", str(drawings), "--models", "sscd", "--report", str(report)]
    result = CliRunner().invoke(evaluate, arguments, catch_exceptions=False)
    assert (result.exit_code, "not measured: absent" in result.stdout) == (0, True)
    page = report.read_text("utf-8")
    assert "Not measured: `evaluate absent` needs evaluation.commands.absent, which is not installed" in page


def test_unwritable_report_is_reported_before_anything_is_measured(drawings: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    arguments = ["all", "--images", str(drawings), "--report", str(tmp_path / "file" / "report.html")]
    result = CliRunner().invoke(evaluate, arguments)
    assert "cannot be written" in str(result.exception)


def test_make_evaluate_reports_a_missing_folder(tmp_path: Path) -> None:
    command = ["make", "-s", "evaluate", f"IMAGES={tmp_path / 'nowhere'}"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode != 0
    assert f"There is no folder {tmp_path / 'nowhere'}. Name a folder with pictures" in result.stdout


def test_unknown_section_is_reported_before_anything_is_measured(drawings: Path, tmp_path: Path) -> None:
    arguments = [
        "all",
        "--images",
        str(drawings),
        "--report",
        str(tmp_path / "report.html"),
        "--sections",
        "bias,taste",
    ]
    result = CliRunner().invoke(evaluate, arguments)
    assert "the report has no section taste; its sections are retrieval," in str(result.exception)
