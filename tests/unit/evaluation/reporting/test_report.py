"""A run outlives the process: what is read is what was written."""

from pathlib import Path

import pytest
from tests.unit.evaluation.made_run import RUN, TABLE

from core.errors import FrontispieceError
from evaluation.reporting.report import Section, read


def test_a_run_that_is_read_says_what_the_written_one_says(tmp_path: Path) -> None:
    """All but the plots."""
    path = tmp_path / "figures.json"
    path.write_text(RUN.json(), "utf-8")
    again = read(path)
    assert again.json() == RUN.json()
    assert again.models == RUN.models
    assert again.parts["absent"] == Section("Absent", [], (), not_measured="there is nothing")
    assert again.parts["one"].tables[0].markdown() == TABLE.markdown()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"parts": {}, "models": [{"name": 1}]}', '{"parts": {"a": {}}}'])
def test_anything_else_is_refused_by_its_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "figures.json"
    path.write_text(text, "utf-8")
    with pytest.raises(FrontispieceError, match=r"figures\.json: not the figures"):
        read(path)
    with pytest.raises(FrontispieceError, match="No such file"):
        read(tmp_path / "absent.json")
