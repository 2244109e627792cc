"""Runs are recorded in Elasticsearch with their problems, and a failure to record does not fail the run."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from core.errors import FingerprintMismatch, FrontispieceError
from core.settings import Settings
from indexer.documents.runs import run_documents
from indexer.elasticsearch.collection import Collection
from indexer.elasticsearch.rebuilding import open_rebuild
from indexer.elasticsearch.runs import delete_old_runs, record_run, write_run
from indexer.ingest.report import RunReportBuilder
from indexer.ingest.run import index_sources
from indexer.records import Problem
from indexer.run_records import IngestRun, RunReport
from tests.node.test_index import MeanGreyEncoder

RUN = IngestRun.start(["books"], [MeanGreyEncoder()], rebuild=False)


@pytest.fixture
def warnings() -> list[str]:
    """Return the list that collects the warnings."""
    return []


def run_documents_of_type(client: Elasticsearch, alias: str, document: str) -> list[dict[str, Any]]:
    hits = client.search(index=f"{alias}-runs", query={"term": {"document": document}}, size=100)["hits"]["hits"]
    return [hit["_source"] for hit in hits]


def end_run(client: Elasticsearch, alias: str, warnings: list[str], error: BaseException | None, url: str = "") -> None:
    """Record a run that skipped one page and ended with this exception."""
    report_builder = RunReportBuilder()
    with (
        suppress(Exception, KeyboardInterrupt),
        record_run(client, alias, RUN, report_builder.build, url=url, warn=warnings.append),
    ):
        report_builder.add_problem(Problem("a.xml", "not ALTO"))
        if error:
            raise error


def test_run_is_recorded_with_its_counts_and_problems(
    client: Elasticsearch, node_url: str, index_name: str, tmp_path: Path
) -> None:
    broken_file = tmp_path / "books" / "broken.xml"
    broken_file.parent.mkdir()
    broken_file.write_text("<alto xmlns='http://www.loc.gov/standards/alto/ns-v4#'><Layout>")
    settings = Settings(alias=index_name, data=tmp_path, models="sscd")
    report = index_sources(settings, node_url, [str(broken_file.parent)])
    [run], problems = (
        run_documents_of_type(client, index_name, "run"),
        run_documents_of_type(client, index_name, "problem"),
    )
    assert (run["outcome"], run["sources"], run["counts"]["problems"]) == ("finished", [str(broken_file.parent)], 1)
    assert run["models"][0].startswith("sscd@")
    assert [
        (problem_document["file"], problem_document["reason"])
        for problem_document in problems
        if problem_document["severity"] == "left out"
    ] == [(problem.file, problem.reason) for problem in report.problems]
    assert {problem_document["run"] for problem_document in problems} == {run["run"]}
    with pytest.raises(FrontispieceError, match="there was nothing to write"):
        index_sources(settings, node_url, [str(broken_file.parent)], rebuild=True)
    runs = {run_document["outcome"]: run_document for run_document in run_documents_of_type(client, index_name, "run")}
    assert runs.keys() == {"finished", "failed"}, "a rebuild leaves the runs before it"
    assert (runs["failed"]["rebuild"], runs["failed"]["counts"]["problems"]) == (True, 1)


@pytest.mark.parametrize(
    ("error", "ended_as"),
    [
        (None, ("finished", ["left out"])),
        (KeyboardInterrupt(), ("stopped", ["left out"])),
        (FrontispieceError("the disk is full"), ("failed", ["ended the run", "left out"])),
    ],
)
def test_run_is_recorded_for_every_outcome(
    client: Elasticsearch,
    index_name: str,
    warnings: list[str],
    error: BaseException | None,
    ended_as: tuple[str, list[str]],
) -> None:
    end_run(client, index_name, warnings, error)
    [run], problems = (
        run_documents_of_type(client, index_name, "run"),
        run_documents_of_type(client, index_name, "problem"),
    )
    assert (run["outcome"], sorted(problem["severity"] for problem in problems)) == ended_as
    assert warnings == []


def test_errors_and_ctrl_c_reach_the_caller(client: Elasticsearch, index_name: str, warnings: list[str]) -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        record_run(client, index_name, RUN, RunReport, url="", warn=warnings.append),
    ):
        raise KeyboardInterrupt


def test_refused_alias_gets_no_index_of_runs(client: Elasticsearch, index_name: str, warnings: list[str]) -> None:
    end_run(client, index_name, warnings, FingerprintMismatch("choose another --alias"))
    assert not client.indices.exists(index=f"{index_name}-runs")
    end_run(client, index_name, warnings, None)
    end_run(client, index_name, warnings, FingerprintMismatch("reindex"))
    assert [run_document["outcome"] for run_document in run_documents_of_type(client, index_name, "run")] == [
        "failed"
    ], "the same run, written again"
    assert warnings == []


@pytest.fixture
def foreign_index(client: Elasticsearch, index_name: str) -> Iterator[str]:
    client.indices.create(index=f"{index_name}-theirs", aliases={f"{index_name}-runs": {}})
    yield f"{index_name}-theirs"
    client.indices.delete(index=f"{index_name}-theirs")


def test_index_of_another_program_is_not_changed_and_gives_a_warning(
    client: Elasticsearch, index_name: str, warnings: list[str], foreign_index: str
) -> None:
    end_run(client, index_name, warnings, None)
    assert warnings == [f"Kibana will not show this run: the index {foreign_index} was not made by Frontispiece"]
    assert client.count(index=foreign_index)["count"] == 0


def test_unreachable_node_is_a_warning(warnings: list[str]) -> None:
    unreachable_url = "http://127.0.0.1:9"
    with Elasticsearch(unreachable_url) as client:
        end_run(client, "pictures", warnings, None, url=unreachable_url)
    [warning] = warnings
    assert warning.startswith(f"Kibana will not show this run: Elasticsearch at {unreachable_url} does not answer")


def make_run(age: timedelta) -> IngestRun:
    return IngestRun(
        id=f"{age.days} days ago", started_at=datetime.now(UTC) - age, sources=(), models=(), rebuild=False
    )


def test_old_and_surplus_runs_are_deleted_with_their_problems(client: Elasticsearch, index_name: str) -> None:
    report = RunReport(problems=(Problem("a.xml", "not ALTO"),))
    for days in (400, 3, 2, 1, 0):
        run = make_run(timedelta(days=days))
        write_run(client, index_name, run_documents(run, report, None, run.started_at))
    for document in ("run", "problem"):
        remaining_runs = {run_document["run"] for run_document in run_documents_of_type(client, index_name, document)}
        assert remaining_runs == {f"{days} days ago" for days in (3, 2, 1, 0)}
    delete_old_runs(client, f"{index_name}-runs", max_runs=2)
    client.indices.refresh(index=f"{index_name}-runs")
    for document in ("run", "problem"):
        assert {run_document["run"] for run_document in run_documents_of_type(client, index_name, document)} == {
            "1 days ago",
            "0 days ago",
        }


def test_index_of_runs_is_not_counted_as_a_version_of_the_pictures(
    client: Elasticsearch, index_name: str, warnings: list[str]
) -> None:
    end_run(client, index_name, warnings, None)
    client.indices.create(index=f"{index_name}-runs-v7")
    collection = Collection.open_or_create(client, index_name, [MeanGreyEncoder()])
    assert [index.name for index in collection.all_indices()] == [
        f"{index_name}{kind}-v1" for kind in ("", "-pages", "-books")
    ]
    with open_rebuild(client, index_name, [MeanGreyEncoder()]) as rebuilt_collection:
        assert rebuilt_collection.pictures.name == f"{index_name}-v2"
    assert len(run_documents_of_type(client, index_name, "run")) == 1
