"""The report says what scholars would have lost, with intervals."""

from pathlib import Path

from evaluation.reporting.intervals import wilson_interval
from evaluation.study.items import SERVED, StudyKey
from evaluation.study.judgements import Answers, read_judgements
from evaluation.study.results import tables
from tests.unit.evaluation.study.studies import BLANK, INITIAL, make_key, write_judgements


def judge_all(key: StudyKey, tmp_path: Path) -> Answers:
    """Return the answers of two judges: one initial of four and all shown pictures are wanted, nothing blank is."""

    def answer(name: str) -> str:
        item = key.items[name]
        if item.part == "results":
            return "yes" if item.origin == SERVED else "no"
        if item.reason == INITIAL:
            return "yes" if item.picture.endswith(" 2") else "no"
        return "no" if item.reason == BLANK else "yes"

    answers = {name: answer(name) for name in key.items}
    files = [write_judgements(tmp_path / f"{judge}.json", key, judge, answers) for judge in ("anna", "berit")]
    return read_judgements(files, key)


def test_lost_pictures_are_counted_for_each_reason_and_projected_on_the_index(tmp_path: Path) -> None:
    key = make_key()
    lost_table, wanted_table, results_table, agreement_table = tables(key, judge_all(key, tmp_path))
    rows = {row[0]: row for row in lost_table.rows}
    low, high = wilson_interval(1, 4)
    assert rows[INITIAL][1:4] == [300, 4, f"1: 25.0 % ({100 * low:.1f}–{100 * high:.1f})"]
    assert rows[INITIAL][5] == f"75 ({300 * low:,.0f}–{300 * high:,.0f})"
    assert str(rows[BLANK][3]).startswith("0: 0.0 % (0.0–")
    assert str(rows["shown to readers"][3]).startswith("4: 100.0 %")
    assert [row[0] for row in wanted_table.rows] == ["left 2"]
    assert [row[:3] for row in results_table.rows] == [
        ["words, as served", 1, 2],
        ["words, drawn by chance", 1, 1],
        ["a picture, as served", 1, 2],
        ["a picture, drawn by chance", 1, 1],
    ]
    assert agreement_table.rows[0][:4] == ["anna and berit", 18, "100.0 % (82.4–100.0)", "1.00"]
    assert str(agreement_table.rows[1][4]).startswith("1.00")


def test_sum_of_all_reasons_is_weighted_by_the_pictures_of_the_index(tmp_path: Path) -> None:
    """A quarter of 300 initials and none of 100 blank pages: 75 of 400."""
    key = make_key()
    lost_table = tables(key, judge_all(key, tmp_path))[0]
    (row,) = [row for row in lost_table.rows if row[0] == "all that is left out"]
    assert row[1:3] == [400, 8]
    assert str(row[3]).startswith("18.8 % (")
    assert str(row[5]).startswith("75 (")


def test_judges_who_disagree_make_a_picture_partly_wanted(tmp_path: Path) -> None:
    key = make_key()
    name = next(name for name, item in key.items.items() if item.reason == INITIAL)
    files = [write_judgements(tmp_path / f"{answer}.json", key, answer, {name: answer}) for answer in ("yes", "no")]
    lost_table = tables(key, read_judgements(files, key))[0]
    row = next(row for row in lost_table.rows if row[0] == INITIAL)
    assert str(row[3]).startswith("0: ")
    assert str(row[4]).startswith("1: 100.0 %")


def test_judge_who_cannot_tell_anything_gives_no_figures(tmp_path: Path) -> None:
    key = make_key()
    path = write_judgements(tmp_path / "a.json", key, "anna", dict.fromkeys(key.items, "unsure"))
    lost_table, *others = tables(key, read_judgements([path], key))
    assert {row[2] for row in lost_table.rows} == {0}
    assert others == []
