"""A section that fails, or Ctrl-C, does not lose the figures of the others."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from core.errors import FrontispieceError
from core.settings import Settings
from evaluation.pictures.folder import read_folder
from evaluation.pictures.inputs import EvaluationInputs
from evaluation.reporting.report import Section
from evaluation.reporting.run_all import RunOutcome, SectionBuilder, measure_sections
from tests.unit.evaluation.sample_run import TABLE
from tests.unit.evaluation.thumbnail_encoder import ThumbnailEncoder


@pytest.fixture
def material(drawings: Path, tmp_path: Path) -> EvaluationInputs:
    return EvaluationInputs(read_folder(drawings), [ThumbnailEncoder()], Settings(cache=tmp_path / "cache"))


def measurable_part(_: EvaluationInputs) -> Section:
    return Section("Good", [TABLE])


def part_without_labels(material: EvaluationInputs) -> Section:
    raise FrontispieceError(f"{material.pictures[0].path.parent}: it has no labels.")


def part_with_bug(_: EvaluationInputs) -> Section:
    raise ZeroDivisionError("division by zero")


def interrupted_part(_: EvaluationInputs) -> Section:
    raise KeyboardInterrupt


def reasons(outcome: RunOutcome) -> Mapping[str, str]:
    return {name: section.not_measured for name, section in outcome.run.parts.items()}


def test_section_that_cannot_be_measured_does_not_stop_the_run(material: EvaluationInputs) -> None:
    """The reason contains no folders of the machine."""
    parts: dict[str, SectionBuilder] = {"without-labels": part_without_labels, "good": measurable_part}
    outcome = measure_sections(parts, material)
    assert reasons(outcome) == {
        "without-labels": f"{material.pictures[0].path.parent.name}: it has no labels",
        "good": "",
    }
    assert outcome.run.parts["without-labels"].title == "Without labels"
    assert outcome.run.parts["good"].tables == [TABLE]
    assert (outcome.interrupted, outcome.failed_sections) == (False, ())


def test_unexpected_error_is_printed_and_does_not_stop_the_run(
    material: EvaluationInputs, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = measure_sections({"wrong": part_with_bug, "good": measurable_part}, material)
    assert reasons(outcome) == {"wrong": "ZeroDivisionError: division by zero", "good": ""}
    assert outcome.failed_sections == ("wrong",)
    assert "Traceback" in capsys.readouterr().err


def test_ctrl_c_keeps_the_sections_measured_before(material: EvaluationInputs) -> None:
    outcome = measure_sections({"good": measurable_part, "long": interrupted_part, "after": measurable_part}, material)
    assert outcome.interrupted
    assert [bool(reason) for reason in reasons(outcome).values()] == [False, True, True]


def test_progress_has_the_duration_of_each_section(
    material: EvaluationInputs, capsys: pytest.CaptureFixture[str]
) -> None:
    measure_sections({"good": measurable_part, "other": part_without_labels}, material)
    output = capsys.readouterr()
    assert output.out == ""
    first, second, third, fourth = output.err.splitlines()
    assert (first, third) == ("1 of 2, good…", "2 of 2, other…")
    assert second.startswith("good: 0.0 s")
    assert fourth.startswith("other: not measured: ")


def test_run_records_its_pictures_and_weights(material: EvaluationInputs) -> None:
    run = measure_sections({"good": measurable_part}, material).run
    assert (run.pictures, run.labelled, run.books) == (7, 5, len({picture.book for picture in material.pictures}))
    assert [(model.name, model.model, model.revision) for model in run.models] == [
        ("thumbnail", "tests/thumbnail", "one")
    ]
