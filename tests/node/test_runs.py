"""Each run is found again in Elasticsearch with what it could not do, and none fails for that."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from core.errors import ContractBroken, FrontispieceError
from core.settings import Settings
from indexer.cli import index_sources
from indexer.elasticsearch.collection import Indices
from indexer.elasticsearch.runs import Run, forget, noted, run_documents, write
from indexer.ingest.report import Ledger, Report
from indexer.records import Problem
from tests.node.test_index import Mean

RUN = Run.begun(["books"], [Mean()], rebuild=False)


@pytest.fixture
def told() -> list[str]:
    """The warnings."""
    return []


def found(client: Elasticsearch, alias: str, document: str) -> list[dict[str, Any]]:
    hits = client.search(index=f"{alias}-runs", query={"term": {"document": document}}, size=100)["hits"]["hits"]
    return [hit["_source"] for hit in hits]


def ended(client: Elasticsearch, alias: str, told: list[str], error: BaseException | None, url: str = "") -> None:
    """A run that left one page out before it ended in this way."""
    ledger = Ledger()
    with suppress(Exception, KeyboardInterrupt), noted(client, alias, RUN, ledger, url=url, warn=told.append):
        ledger.left_out(Problem("a.xml", "not ALTO"))
        if error:
            raise error


def test_a_run_tells_what_it_read_and_what_it_could_not(
    client: Elasticsearch, node_url: str, index_name: str, tmp_path: Path
) -> None:
    broken = tmp_path / "books" / "broken.xml"
    broken.parent.mkdir()
    broken.write_text("<alto xmlns='http://www.loc.gov/standards/alto/ns-v4#'><Layout>")
    settings = Settings(alias=index_name, data=tmp_path, models="sscd")
    report = index_sources(settings, node_url, [str(broken.parent)])
    [run], problems = found(client, index_name, "run"), found(client, index_name, "problem")
    assert (run["outcome"], run["sources"], run["counts"]["problems"]) == ("finished", [str(broken.parent)], 1)
    assert run["models"][0].startswith("sscd@")
    assert [(each["file"], each["reason"]) for each in problems if each["severity"] == "left out"] == [
        (each.file, each.reason) for each in report.problems
    ]
    assert {each["run"] for each in problems} == {run["run"]}
    with pytest.raises(FrontispieceError, match="nothing was found to write"):
        index_sources(settings, node_url, [str(broken.parent)], rebuild=True)
    runs = {each["outcome"]: each for each in found(client, index_name, "run")}
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
def test_however_a_run_ends_what_happened_so_far_is_there(
    client: Elasticsearch,
    index_name: str,
    told: list[str],
    error: BaseException | None,
    ended_as: tuple[str, list[str]],
) -> None:
    ended(client, index_name, told, error)
    [run], problems = found(client, index_name, "run"), found(client, index_name, "problem")
    assert (run["outcome"], sorted(each["severity"] for each in problems)) == ended_as
    assert told == []


def test_an_error_and_ctrl_c_go_on_to_who_called(client: Elasticsearch, index_name: str, told: list[str]) -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        noted(client, index_name, RUN, Ledger(), url="", warn=told.append),
    ):
        raise KeyboardInterrupt


def test_a_name_that_is_refused_gets_no_index_of_runs(client: Elasticsearch, index_name: str, told: list[str]) -> None:
    ended(client, index_name, told, ContractBroken("choose another --alias"))
    assert not client.indices.exists(index=f"{index_name}-runs")
    ended(client, index_name, told, None)
    ended(client, index_name, told, ContractBroken("reindex"))
    assert [each["outcome"] for each in found(client, index_name, "run")] == ["failed"], "the same run, written again"
    assert told == []


@pytest.fixture
def somebodys(client: Elasticsearch, index_name: str) -> Iterator[str]:
    client.indices.create(index=f"{index_name}-theirs", aliases={f"{index_name}-runs": {}})
    yield f"{index_name}-theirs"
    client.indices.delete(index=f"{index_name}-theirs")


def test_an_index_of_somebody_elses_is_left_alone_with_a_warning(
    client: Elasticsearch, index_name: str, told: list[str], somebodys: str
) -> None:
    ended(client, index_name, told, None)
    assert told == [f"this run will be missing in Kibana: the index {somebodys} was not made by Frontispiece"]
    assert client.count(index=somebodys)["count"] == 0


def test_a_node_that_is_away_is_a_warning(told: list[str]) -> None:
    away = "http://127.0.0.1:9"
    with Elasticsearch(away) as client:
        ended(client, "pictures", told, None, url=away)
    [warning] = told
    assert warning.startswith(f"this run will be missing in Kibana: Elasticsearch at {away} does not answer")


def began(ago: timedelta) -> Run:
    return Run(id=f"{ago.days} days ago", started=datetime.now(UTC) - ago, sources=(), models=(), rebuild=False)


def test_runs_that_are_old_or_too_many_go_with_their_problems(client: Elasticsearch, index_name: str) -> None:
    report = Report(problems=[Problem("a.xml", "not ALTO")])
    for days in (400, 3, 2, 1, 0):
        run = began(timedelta(days=days))
        write(client, index_name, run_documents(run, report, None, run.started))
    for document in ("run", "problem"):
        kept = {each["run"] for each in found(client, index_name, document)}
        assert kept == {f"{days} days ago" for days in (3, 2, 1, 0)}
    forget(client, f"{index_name}-runs", runs=2)
    client.indices.refresh(index=f"{index_name}-runs")
    for document in ("run", "problem"):
        assert {each["run"] for each in found(client, index_name, document)} == {"1 days ago", "0 days ago"}


def test_runs_are_no_version_of_the_pictures(client: Elasticsearch, index_name: str, told: list[str]) -> None:
    ended(client, index_name, told, None)
    client.indices.create(index=f"{index_name}-runs-v7")
    indices = Indices.current(client, index_name, [Mean()])
    assert [each.name for each in indices.all()] == [f"{index_name}{kind}-v1" for kind in ("", "-pages", "-books")]
    with Indices.rebuilt(client, index_name, [Mean()]) as rebuilt:
        assert rebuilt.pictures.name == f"{index_name}-v2"
    assert len(found(client, index_name, "run")) == 1
