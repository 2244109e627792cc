"""`frontispiece evaluate study` asks about an index: what is left out, what is shown, and results of searches."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from evaluation.cli import evaluate
from evaluation.study.items import DRAWN, SERVED, SHOWN, StudyKey
from tests.event_loops import run_in_thread
from tests.library import ServedLibrary
from tests.unit.evaluation.study.studies import write_judgements

SIZES = ["--left-out", "12", "--shown", "6", "--query-count", "2", "--results", "3"]


def run_study(specimen: ServedLibrary, *arguments: str) -> Any:
    environ = {
        "FRONTISPIECE_ELASTICSEARCH_URL": specimen.url,
        "FRONTISPIECE_ALIAS": specimen.settings.alias,
        "FRONTISPIECE_DATA": str(specimen.settings.data),
        "FRONTISPIECE_MODELS": "sscd",
    }
    invoke = partial(CliRunner().invoke, evaluate, ["study", *arguments], env=environ, catch_exceptions=False)
    return run_in_thread(invoke)


@pytest.fixture(scope="module")
def study_folder(specimen: ServedLibrary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study") / "new"
    result = run_study(specimen, "--out", str(folder), *SIZES)
    assert result.exit_code == 0, result.output
    assert f"{folder / 'sheet.html'}: " in result.output
    return folder


def test_sheet_asks_about_every_reason_and_the_key_knows_them(specimen: ServedLibrary, study_folder: Path) -> None:
    key = StudyKey.read(study_folder / "key.json")
    documents = specimen.documents()
    pictures = [item for item in key.items.values() if item.part == "pictures"]
    left_out = [item for item in pictures if item.reason != SHOWN]
    assert (len(left_out), len(pictures) - len(left_out)) == (12, 6)
    for item in left_out:
        assert documents[item.picture]["decoration"] in item.reason
    assert all("decoration" not in documents[item.picture] for item in pictures if item.reason == SHOWN)
    kinds = [source.get("decoration") for source in documents.values()]
    assert key.totals["left out as initial, by its pixels"] == kinds.count("initial")
    assert key.totals[SHOWN] == kinds.count(None)


def test_results_are_those_of_the_service_and_one_by_chance(specimen: ServedLibrary, study_folder: Path) -> None:
    key = StudyKey.read(study_folder / "key.json")
    assert [query.kind for query in key.queries] == ["words", "a picture"]
    for number, query in enumerate(key.queries):
        items = [item for item in key.items.values() if item.part == "results" and item.query == number]
        served = {item.rank: item.picture for item in items if item.origin == SERVED}
        assert len([item for item in items if item.origin == DRAWN]) == 1
        assert query.picture not in served.values()
        if query.text:
            hits = specimen.search(q=query.text, collapse="none", size=4)["hits"]
            assert list(dict(sorted(served.items())).values()) == [hit["id"] for hit in hits][:3]


def test_same_seed_draws_the_same_sheet(specimen: ServedLibrary, study_folder: Path, tmp_path: Path) -> None:
    result = run_study(specimen, "--out", str(tmp_path), *SIZES)
    assert result.exit_code == 0, result.output
    assert (tmp_path / "key.json").read_bytes() == (study_folder / "key.json").read_bytes()


def test_queries_come_from_a_file_and_answers_are_read(specimen: ServedLibrary, tmp_path: Path) -> None:
    (tmp_path / "queries.txt").write_text("\ufefffyrtårn\n\n  ship  \n", "utf-8")
    result = run_study(specimen, "--out", str(tmp_path), "--queries", str(tmp_path / "queries.txt"), *SIZES)
    assert result.exit_code == 0, result.output
    key = StudyKey.read(tmp_path / "key.json")
    assert [query.text for query in key.queries] == ["fyrtårn", "ship", ""]
    judgements = write_judgements(tmp_path / "a.json", key, "anna", dict.fromkeys(key.items, "no"))
    report = tmp_path / "report.md"
    result = run_study(specimen, "read", str(tmp_path / "key.json"), str(judgements), "--report", str(report), "--json")
    assert result.exit_code == 0, result.output
    figures = json.loads(result.output.splitlines()[-1])
    assert figures["tables"][0]["title"] == "What scholars would have lost"
    assert report.read_text("utf-8").startswith(f"# Study {key.sheet}\n")
