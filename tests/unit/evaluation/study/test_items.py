"""Sheets are blind and can be made again; keys and judgements are read back, and other files are refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SourceError
from evaluation.study.items import SHOWN, StudyKey
from evaluation.study.judgements import read_judgements
from evaluation.study.sampling import allot_evenly, left_out_reason
from tests.unit.evaluation.study.studies import BLANK, make_key, write_judgements


def test_same_seed_gives_the_same_sheet_and_another_seed_another() -> None:
    assert make_key() == make_key()
    assert list(make_key().items) != list(make_key(seed=7).items)
    assert make_key().sheet != make_key(seed=7).sheet


def test_pictures_come_first_in_mixed_order_and_results_query_by_query() -> None:
    items = list(make_key(per_reason=12).items.values())
    parts = [item.part for item in items]
    assert parts == sorted(parts)
    reasons = [item.reason for item in items if item.part == "pictures"]
    assert reasons != sorted(reasons)
    assert len(set(reasons[:12])) == 3
    queries = [item.query for item in items if item.part == "results"]
    assert queries in ([0] * 3 + [1] * 3, [1] * 3 + [0] * 3)


def test_names_of_items_do_not_tell_what_they_are() -> None:
    key = make_key()
    assert all(len(name) == 8 and int(name, 16) >= 0 for name in key.items)
    assert len(key.items) == 18


def test_key_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    path.write_text(make_key().to_json(), "utf-8")
    assert StudyKey.read(path) == make_key()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "other", "version": 1}', "\x00"])
def test_other_file_is_no_key(content: str, tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    path.write_text(content, "utf-8")
    with pytest.raises(SourceError, match="not the key of a study"):
        StudyKey.read(path)


def test_json_and_csv_say_the_same(tmp_path: Path) -> None:
    key = make_key()
    first, second = list(key.items)[:2]
    as_json = write_judgements(tmp_path / "a.json", key, "Åse", {first: "yes", second: "unsure"})
    as_csv = tmp_path / "a.csv"
    as_csv.write_text(
        f'\ufeffsheet,judge,item,answer,comment\r\n"{key.sheet}","Åse","{first}","yes",""\r\n'
        f'"{key.sheet}","Åse","{second}","unsure",""\r\n',
        "utf-8",
    )
    assert read_judgements([as_json], key) == read_judgements([as_csv], key)
    assert read_judgements([as_json], key)["Åse"][second].grade is None


def test_later_file_of_a_judge_wins(tmp_path: Path) -> None:
    key = make_key()
    first, second = list(key.items)[:2]
    files = [
        write_judgements(tmp_path / "1.json", key, "Åse", {first: "no", second: "yes"}),
        write_judgements(tmp_path / "2.json", key, "Åse", {first: "partly"}),
    ]
    answers = read_judgements(files, key)["Åse"]
    assert {item: answers[item].answer for item in (first, second)} == {first: "partly", second: "yes"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"sheet": "other"}, "it belongs to the sheet 'other'"),
        ({"judge": " "}, "does not say who judged"),
        ({"format": "x"}, "not a file of judgements"),
        ({"version": 9}, "version 9 of the format"),
        ({"judgements": {}}, "expected a list of objects"),
        ({"judgements": []}, "has answered nothing yet"),
        ({"judgements": [{"item": "gone", "answer": "yes"}]}, "judgement 1.*no item 'gone'"),
        ({"judgements": [{"answer": "yes"}]}, "no item ''"),
    ],
)
def test_file_that_does_not_fit_is_refused_with_the_reason(
    changes: dict[str, object], reason: str, tmp_path: Path
) -> None:
    key = make_key()
    path = write_judgements(tmp_path / "a.json", key, "Åse", {next(iter(key.items)): "yes"}, **changes)
    with pytest.raises(SourceError, match=reason):
        read_judgements([path], key)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "not JSON"),
        ("item,answer\na,yes\n", "no column sheet, judge"),
        ("sheet,judge,item,answer\nother,Åse,a,yes\n", "line 2.*belongs to the sheet 'other'"),
    ],
)
def test_damaged_file_is_refused_with_the_place(content: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text(content, "utf-8")
    with pytest.raises(SourceError, match=reason):
        read_judgements([path], make_key())


def test_unknown_answer_is_refused(tmp_path: Path) -> None:
    key = make_key()
    path = write_judgements(tmp_path / "a.json", key, "Åse", {next(iter(key.items)): "maybe"})
    with pytest.raises(SourceError, match="'maybe' is no answer; answers are yes, partly, no, unsure"):
        read_judgements([path], key)


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 50), max_size=6), st.integers(0, 100))
def test_sample_is_spread_over_the_reasons(available: dict[str, int], count: int) -> None:
    quotas = allot_evenly(available, count)
    assert sum(quotas.values()) == min(count, sum(available.values()))
    assert all(0 <= quotas[name] <= size for name, size in available.items())
    unfilled = [quotas[name] for name, size in available.items() if quotas[name] < size]
    assert not unfilled or max(quotas.values()) - min(unfilled) <= 1


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        ({"hidden": True, "label": {"name": "Blank page", "source": "classifier"}}, BLANK),
        ({"hidden": True, "label": {"name": "Map", "source": "librarian"}}, "hidden as Map, by a librarian"),
        ({"hidden": True}, "hidden as a picture without a class, by its pixels"),
        ({"decoration": "initial"}, "left out as initial, by its pixels"),
        ({"label": {"name": "Graphical element", "source": "catalogue"}}, "left out as ornament, by the catalogue"),
    ],
)
def test_reason_says_as_what_a_picture_is_left_out_and_who_says_so(picture: dict[str, object], reason: str) -> None:
    assert left_out_reason(picture) == reason
    assert reason != SHOWN
