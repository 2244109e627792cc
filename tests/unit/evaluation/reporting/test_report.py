"""The JSON file of a run."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import FrontispieceError
from evaluation.reporting.report import Section, merge_runs, read_run
from tests.unit.evaluation.sample_run import RUN, TABLE


def test_written_run_is_read_unchanged(tmp_path: Path) -> None:
    """The file does not contain plots."""
    path = tmp_path / "figures.json"
    path.write_text(RUN.to_json(), "utf-8")
    reread_run = read_run(path)
    assert reread_run.to_json() == RUN.to_json()
    assert reread_run.models == RUN.models
    assert reread_run.parts["absent"] == Section("Absent", [], (), not_measured="there is nothing")
    assert reread_run.parts["one"].tables[0].markdown() == TABLE.markdown()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"parts": {}, "models": [{"name": 1}]}', '{"parts": {"a": {}}}'])
def test_other_files_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "figures.json"
    path.write_text(text, "utf-8")
    with pytest.raises(FrontispieceError, match=r"figures\.json does not contain figures"):
        read_run(path)
    with pytest.raises(FrontispieceError, match="No such file"):
        read_run(tmp_path / "absent.json")


def test_sections_measured_later_replace_those_of_the_file() -> None:
    later = replace(RUN, day="2026-12-01", parts={"two": Section("Two", [TABLE]), "one": Section("New", [])})
    merged = merge_runs(RUN, later, ["two", "one", "three", "absent"])
    assert list(merged.parts) == ["two", "one", "absent"]
    assert (merged.parts["one"].title, merged.parts["absent"]) == ("New", RUN.parts["absent"])
    assert merged.day == "2026-11-24 and 2026-12-01"
    assert merge_runs(merged, replace(later, day="2026-12-02"), ["one"]).day == "2026-11-24 and 2026-12-02"


def test_sections_of_other_pictures_are_not_mixed() -> None:
    with pytest.raises(FrontispieceError, match="figures of other pictures or models"):
        merge_runs(RUN, replace(RUN, pictures=5), ["one"])
