"""The segments of an index are merged at the end of a rebuild, and by a command."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from elasticsearch import Elasticsearch

from core.errors import LeaseLost
from indexer.commands.index import index
from indexer.elasticsearch import segments
from indexer.elasticsearch.aliases import index_names
from indexer.elasticsearch.collection import Collection
from indexer.elasticsearch.segments import count_segments, merge_or_warn, merge_segments
from indexer.ingest import run
from tests.node.conftest import RunIndex
from tests.node.test_index import MeanGreyEncoder, picture_document, write_documents

SEGMENTS = 3


@pytest.fixture
def run_merge(node_url: str, index_name: str, tmp_path: Path) -> Callable[[], Result]:
    """Return a function that runs `frontispiece index --merge`."""
    environment = {"FRONTISPIECE_ELASTICSEARCH_URL": node_url, "FRONTISPIECE_DATA": str(tmp_path)}
    return lambda: CliRunner(env=environment).invoke(index, ["--alias", index_name, "--merge"])


@pytest.fixture
def collection(client: Elasticsearch, index_name: str) -> Collection:
    """Return a collection whose pictures were written in three parts."""
    collection = Collection.open_or_create(client, index_name, [MeanGreyEncoder()])
    for number in range(SEGMENTS):
        write_documents(collection.pictures, picture_document(number))
    assert count_segments(client, collection) == SEGMENTS
    return collection


def test_the_command_merges_and_has_nothing_to_merge_the_second_time(
    client: Elasticsearch, collection: Collection, run_merge: Callable[[], Result]
) -> None:
    result = run_merge()
    assert (result.exit_code, result.stdout) == (0, "merged: a shard had up to 3 segments, and each has one now\n")
    assert count_segments(client, collection) == 1
    assert collection.pictures.count() == SEGMENTS
    assert run_merge().stdout == "nothing to merge: each shard has one segment\n"


def test_a_merge_that_does_not_go_on_is_reported(collection: Collection, run_merge: Callable[[], Result]) -> None:
    """A merge of Elasticsearch waits for ever while a disk is full."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segments, "IDLE_SECONDS", 0)
        patch.setattr(segments, "count_segments", lambda *_: SEGMENTS)
        result = run_merge()
    assert "a shard still has 3 segments" in str(result.exception)
    assert collection.pictures.count() == SEGMENTS


def test_a_long_merge_is_announced_once_and_ends_with_the_lease(
    client: Elasticsearch, collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "POLL_SECONDS", segments.FIRST_POLL_SECONDS)
    monkeypatch.setattr(segments, "count_segments", lambda *_: SEGMENTS)
    sentences, checks = list[str](), iter((None, None, LeaseLost("taken over")))

    def check_lease() -> None:
        if error := next(checks):
            raise error

    with pytest.raises(LeaseLost):
        merge_segments(client, collection, check_lease=check_lease, report=sentences.append)
    assert [sentence.split(",")[0] for sentence in sentences] == ["merging 3 segments"]


def test_a_rebuild_merges_before_readers_get_it_unless_it_is_not_to(
    client: Elasticsearch, index_name: str, run_index: RunIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    merged_names = list[str]()

    def merge(client: Elasticsearch, collection: Collection, **options: Any) -> None:
        merged_names.append(collection.pictures.name)
        assert index_names(client, index_name).get("pictures") != collection.pictures.name
        merge_or_warn(client, collection, **options)

    monkeypatch.setattr(run, "merge_or_warn", merge)
    run_index(rebuild=True, merge=False)
    run_index()
    assert not merged_names
    run_index(rebuild=True)
    assert merged_names == [f"{index_name}-v2"]
    assert count_segments(client, Collection.open_existing(client, index_name)) == 1


def test_an_index_that_refuses_to_be_merged_is_reported(client: Elasticsearch, collection: Collection) -> None:
    client.indices.put_settings(index=collection.pictures.name, settings={"index.blocks.metadata": True})
    warnings = list[str]()
    try:
        merge_or_warn(client, collection, check_lease=lambda: None, report=lambda _: None, warn=warnings.append)
    finally:
        client.indices.put_settings(index=collection.pictures.name, settings={"index.blocks.metadata": False})
    assert [warning.partition(",")[0] for warning in warnings] == ["the segments were not merged"]


def test_a_rebuild_that_cannot_be_merged_is_given_to_readers_as_it_is(
    client: Elasticsearch, index_name: str, run_index: RunIndex, warnings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "IDLE_SECONDS", 0)
    monkeypatch.setattr(segments, "count_segments", lambda *_: SEGMENTS)
    report = run_index(rebuild=True)
    assert any("a shard still has 3 segments" in warning for warning in warnings)
    assert Collection.open_existing(client, index_name).pictures.count() == report.written > 0
