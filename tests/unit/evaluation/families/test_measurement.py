"""Measurement of copy detection."""

from pathlib import Path

import pytest

from core.settings import Settings
from evaluation.families.measurement import measure_families
from evaluation.families.reprints import OTHER_STATE, SAME_PRINT
from evaluation.families.tables import boundary_table, figures, tables
from evaluation.pictures.folder import read_folder
from tests.unit.evaluation.conftest import drawing
from tests.unit.evaluation.thumbnail_encoder import ThumbnailEncoder

pytestmark = pytest.mark.slow


def test_every_kind_of_copy_is_measured_without_false_positives(drawings: Path, tmp_path: Path) -> None:
    drawing(1).resize((60, 90)).save(drawings / "small.png")
    measurement = measure_families(read_folder(drawings), ThumbnailEncoder(), Settings(cache=tmp_path))
    copy_kinds = [transformation.name for transformation in (*SAME_PRINT, *OTHER_STATE)]
    assert list(measurement.copies) == [*copy_kinds, "paper"]
    assert measurement.copies["grey"].recall(measurement.detector) == 1.0
    assert measurement.pair_count == 8 * 7 // 2
    assert measurement.linked_pairs == [("part 1/bpt6k000121a-1.png", "small.png")]
    # The drawing that is there twice under two names, and the one that is there smaller.
    assert sorted(map(len, measurement.families)) == [2, 2]


def test_table_and_json_have_the_same_figures(drawings: Path, tmp_path: Path) -> None:
    measurement = measure_families(read_folder(drawings), ThumbnailEncoder(), Settings(cache=tmp_path))
    copies_table = tables(measurement)[0]
    copy_figures = figures([measurement])["models"]["thumbnail"]["copies"]
    assert [row[0] for row in copies_table.rows] == list(copy_figures)
    assert all(row[3] == f"{100 * copy_figures[str(row[0])]['found']:.1f} %" for row in copies_table.rows)


def test_boundary_table_lists_the_current_limits_then_the_best(drawings: Path, tmp_path: Path) -> None:
    current_row, *best_rows = boundary_table(
        measure_families(read_folder(drawings), ThumbnailEncoder(), Settings(cache=tmp_path))
    ).rows
    assert str(current_row[0]).endswith("(in use)")
    differences = [float(str(row[4])) for row in best_rows]
    assert differences == sorted(differences, reverse=True)
    for row in (current_row, *best_rows):
        same_share, other_share = (float(str(cell).removesuffix(" %")) for cell in row[2:4])
        assert float(str(row[4])) == pytest.approx(same_share - other_share, abs=0.11)
