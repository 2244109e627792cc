"""Copies that were made on purpose are found as such, and a file that is there twice is no mistake."""

from pathlib import Path

import pytest
from tests.unit.evaluation.conftest import drawing
from tests.unit.evaluation.thumbnails import Thumbnail

from core.settings import Settings
from evaluation.families.command import boundary, figures, measure, tables
from evaluation.families.reprints import OTHER_STATE, SAME_PRINT
from evaluation.pictures.folder import read_folder


def test_every_kind_of_copy_is_measured_and_different_drawings_are_not_taken_for_copies(
    drawings: Path, tmp_path: Path
) -> None:
    drawing(1).resize((60, 90)).save(drawings / "small.png")
    measured = measure(read_folder(drawings), Thumbnail(), Settings(cache=tmp_path))
    kinds = [each.name for each in (*SAME_PRINT, *OTHER_STATE)]
    assert list(measured.copies) == [*kinds, "paper"]
    assert measured.copies["grey"].found(measured.judge) == 1.0
    assert measured.pairs == 8 * 7 // 2
    assert measured.taken == [("part 1/bpt6k000121a-1.png", "small.png")]
    # The drawing that is there twice under two names, and the one that is there smaller.
    assert sorted(map(len, measured.families)) == [2, 2]


def test_the_tables_and_the_line_of_json_say_the_same(drawings: Path, tmp_path: Path) -> None:
    measured = measure(read_folder(drawings), Thumbnail(), Settings(cache=tmp_path))
    copies = tables(measured)[0]
    said = figures([measured])["models"]["thumbnail"]["copies"]
    assert [row[0] for row in copies.rows] == list(said)
    assert all(row[3] == f"{100 * said[str(row[0])]['found']:.1f} %" for row in copies.rows)


def test_the_boundary_names_the_limits_in_use_and_then_the_best_first(drawings: Path, tmp_path: Path) -> None:
    used, *best = boundary(measure(read_folder(drawings), Thumbnail(), Settings(cache=tmp_path))).rows
    assert str(used[0]).endswith("(in use)")
    differences = [float(str(row[4])) for row in best]
    assert differences == sorted(differences, reverse=True)
    for row in (used, *best):
        same, other = (float(str(cell).removesuffix(" %")) for cell in row[2:4])
        assert float(str(row[4])) == pytest.approx(same - other, abs=0.11)
