"""A part that fails, foreseen or not, or Ctrl-C, costs no other part's figures."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.unit.evaluation.made_run import TABLE
from tests.unit.evaluation.thumbnails import Thumbnail

from core.errors import FrontispieceError
from core.settings import Settings
from evaluation.pictures.folder import read_folder
from evaluation.pictures.material import Material
from evaluation.reporting.every import Ended, Part, measure
from evaluation.reporting.report import Section


@pytest.fixture
def material(drawings: Path, tmp_path: Path) -> Material:
    return Material(read_folder(drawings), [Thumbnail()], Settings(cache=tmp_path / "cache"))


def good(_: Material) -> Section:
    return Section("Good", [TABLE])


def unlabelled(material: Material) -> Section:
    raise FrontispieceError(f"{material.pictures[0].path.parent}: it has no labels.")


def mistaken(_: Material) -> Section:
    raise ZeroDivisionError("division by zero")


def interrupted(_: Material) -> Section:
    raise KeyboardInterrupt


def reasons(ended: Ended) -> Mapping[str, str]:
    return {name: section.not_measured for name, section in ended.run.parts.items()}


def test_what_cannot_be_measured_is_named_and_the_run_goes_on(material: Material) -> None:
    """Without the folders of the machine."""
    parts: dict[str, Part] = {"without-labels": unlabelled, "good": good}
    ended = measure(parts, material)
    assert reasons(ended) == {
        "without-labels": f"{material.pictures[0].path.parent.name}: it has no labels",
        "good": "",
    }
    assert ended.run.parts["without-labels"].title == "Without labels"
    assert ended.run.parts["good"].tables == [TABLE]
    assert (ended.stopped, ended.broken) == (False, ())


def test_a_mistake_is_shown_in_full_and_the_run_goes_on(material: Material, capsys: pytest.CaptureFixture[str]) -> None:
    ended = measure({"wrong": mistaken, "good": good}, material)
    assert reasons(ended) == {"wrong": "it failed, ZeroDivisionError: division by zero", "good": ""}
    assert ended.broken == ("wrong",)
    assert "Traceback" in capsys.readouterr().err


def test_ctrl_c_ends_it_and_what_was_measured_by_then_is_there(material: Material) -> None:
    ended = measure({"good": good, "long": interrupted, "after": good}, material)
    assert ended.stopped
    assert [bool(each) for each in reasons(ended).values()] == [False, True, True]


def test_each_part_is_told_with_its_time(material: Material, capsys: pytest.CaptureFixture[str]) -> None:
    measure({"good": good, "other": unlabelled}, material)
    said = capsys.readouterr()
    assert said.out == ""
    first, second, third, fourth = said.err.splitlines()
    assert (first, third) == ("1 of 2, good…", "2 of 2, other…")
    assert second.startswith("good: 0.0 s")
    assert fourth.startswith("other: not measured: ")


def test_the_run_says_on_what_and_with_which_weights(material: Material) -> None:
    run = measure({"good": good}, material).run
    assert (run.pictures, run.labelled, run.books) == (7, 5, len({each.book for each in material.pictures}))
    assert [(each.name, each.model, each.revision) for each in run.models] == [("thumbnail", "tests/thumbnail", "one")]
