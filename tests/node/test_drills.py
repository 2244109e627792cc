"""What operators practise: a rebuild in which everything fails once, and a backup that is restored from nothing."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from difflib import unified_diff
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn
from uuid import uuid4

import httpx
import pytest
from click.testing import CliRunner
from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan
from litestar.testing import TestClient
from PIL import Image

from api.app import create_app
from benchmarks.mixed_requests import make_requests
from core.crop_folder import FolderCropStore
from core.encoders.protocols import Vectors
from core.errors import FrontispieceError
from core.settings import Settings
from indexer.commands.backup import backup, restore_command
from indexer.documents.pictures import LIBRARIAN
from indexer.elasticsearch import index as bulk_index
from indexer.elasticsearch import lease, patient_transport, snapshots
from indexer.elasticsearch.aliases import all_versions
from indexer.elasticsearch.family_decisions import Decision, FamilyDecisions
from tests.node.conftest import RunIndex
from tests.node.own_node import OwnNode, run_own_node
from tests.node.tcp_proxy import TcpProxy
from tests.node.test_index import INDEXED_AT, FakeSiglipEncoder, MeanGreyEncoder
from tests.node.test_rebuild import KILLED_REBUILD, RetrainedSiglipEncoder, all_documents
from tests.paths import ROOT

DECISION = Decision(together=True, pictures=("a", "b"), by="kari", at=INDEXED_AT)
NEW_ENCODERS = (MeanGreyEncoder(), RetrainedSiglipEncoder())
LOADERS = {"sscd": MeanGreyEncoder, "siglip": FakeSiglipEncoder}


@pytest.fixture(scope="module")
def own_node(tmp_path_factory: pytest.TempPathFactory, embedded_node_url: str) -> Iterator[OwnNode]:
    """Yield a node of this file's own; the session's node has filled the cache from which it starts."""
    with run_own_node(tmp_path_factory.mktemp("own")) as node:
        yield node


@pytest.fixture
def node_url(own_node: OwnNode) -> str:
    """Let the fixtures of runs use the node of this file."""
    return own_node.url


@pytest.fixture
def index_name() -> str:
    return f"drill-{uuid4().hex}"


@pytest.fixture
def data_folder(own_node: OwnNode) -> Path:
    """Return the folder of the node, in which its crops are too, as an operator has it."""
    return own_node.data


class FailingEncoder(RetrainedSiglipEncoder):
    """Calls a function while it encodes the first batch."""

    def __init__(self, fail: Callable[[], object]) -> None:
        self._fail, self._has_failed = fail, False

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        if len(images) > 1 and not self._has_failed:  # a canary is encoded alone
            self._has_failed = True
            self._fail()
        return super().encode_images(images)


def fill_disk(*_: object) -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_rebuild_that_meets_every_failure_ends_like_an_undisturbed_one(
    own_node: OwnNode, index_name: str, run_index: RunIndex, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The indexer and the node are killed, the network drops, the disks of both fill; readers never lose the index."""
    monkeypatch.setattr(lease, "LEASE_SECONDS", 1.0)
    monkeypatch.setattr(bulk_index, "BACKOFF_SECONDS", 0.01)
    monkeypatch.setattr(patient_transport, "RECOVERY_PAUSES", (0.01,))
    picture_count = run_index(*NEW_ENCODERS, alias="undisturbed").written
    run_index(alias=index_name)
    killed_command = [sys.executable, "-c", KILLED_REBUILD, own_node.url, index_name, str(own_node.data), str(book)]
    proxy = TcpProxy(own_node.url)

    def rebuild(fail: Callable[[], object], url: str = "") -> str:
        """Run the rebuild and return the error with which it ended."""
        with pytest.raises(FrontispieceError) as error:
            run_index(MeanGreyEncoder(), FailingEncoder(fail), rebuild=True, url=url or own_node.url)
        with Elasticsearch(own_node.url) as client:
            assert list(client.indices.get_alias(name=index_name)) == [f"{index_name}-v1"], "readers keep the old index"
            assert client.count(index=index_name)["count"] == picture_count
        return str(error.value)

    assert subprocess.run(killed_command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    assert "does not answer" in rebuild(proxy.close, proxy.url)
    with monkeypatch.context() as patch:
        patch.setattr(FolderCropStore, "write", fill_disk)
        assert "No space left on device" in rebuild(lambda: None)
    assert "disk" in rebuild(lambda: block_writes(own_node, index_name, is_blocked=True))
    block_writes(own_node, index_name, is_blocked=False)
    with pytest.raises(FrontispieceError, match="does not answer"):
        run_index(MeanGreyEncoder(), FailingEncoder(own_node.kill), rebuild=True)
    own_node.start()
    report = run_index(*NEW_ENCODERS, rebuild=True, url=own_node.url)
    assert report.unchanged >= 4, "batches of four that earlier runs have written"
    with Elasticsearch(own_node.url) as client:
        assert all_documents(client, index_name) == all_documents(client, "undisturbed")
        assert list(client.indices.get_alias(name=index_name)) == [f"{index_name}-v2"]
        assert set(all_versions(client, index_name)) == {f"{index_name}-v2"}


def block_writes(node: OwnNode, alias: str, *, is_blocked: bool) -> None:
    """Do what Elasticsearch does to an index when the disk of its node passes the flood stage."""
    with Elasticsearch(node.url) as client:
        name = next(iter(client.indices.get_alias(name=f"{alias}-next")))
        client.indices.put_settings(index=name, settings={"index.blocks.read_only_allow_delete": is_blocked or None})


@pytest.fixture
def serve(own_node: OwnNode, index_name: str) -> Callable[[], Any]:
    """Return a function that serves the collection of the node as it is now."""

    def serve() -> TestClient[Any]:
        settings = Settings(alias=index_name, data=own_node.data, image_cache_bytes=0)
        return TestClient(create_app(settings, elasticsearch_url=own_node.url, encoder_loaders=LOADERS))

    return serve


def read_answers(api_client: TestClient[Any]) -> list[tuple[str, list[str]]]:
    """Return 52 requests, four of each kind, with the lines of the answers: documents with their order and scores."""
    responses = [api_client.get(request.path, params=request.parameters) for request in make_requests(api_client, 52)]
    assert [(response.url, response.text) for response in responses if response.status_code != 200] == []
    return [(str(response.url), answer_lines(response)) for response in responses]


def answer_lines(response: httpx.Response) -> list[str]:
    content_type = response.headers["content-type"]
    if content_type.endswith("json"):
        return json.dumps(without_time(response.json()), indent=1).splitlines()
    return response.text.splitlines() if content_type.startswith("text/") else [sha256(response.content).hexdigest()]


def describe_differences(before: list[tuple[str, list[str]]], after: list[tuple[str, list[str]]]) -> list[str]:
    """Return the lines in which answers differ, each after its request."""
    return [
        f"{url}: {line}"
        for (url, old_lines), (_, new_lines) in zip(before, after, strict=True)
        for line in unified_diff(old_lines, new_lines, lineterm="", n=0)
    ]


def without_time(answer: Any) -> Any:
    """Return an answer without the milliseconds that it took."""
    return {name: value for name, value in answer.items() if name != "took"} if isinstance(answer, dict) else answer


def all_contents(url: str, alias: str) -> dict[str, Any]:
    """Return every document of the collection with its aliases: also of the version that waits, and of runs."""
    with Elasticsearch(url) as client:
        indices = client.indices.get(index=f"{alias}*", features=["aliases", "mappings", "settings"])
        names = [name for name in indices if not name.startswith(f"{alias}-lease")]
        hits = [hit for name in names for hit in scan(client, index=name)]
        return {
            "aliases": {name: indices[name]["aliases"] for name in names},
            "mappings": {name: indices[name]["mappings"] for name in names},
            "analysis": {name: indices[name]["settings"]["index"].get("analysis") for name in names},
            "documents": {(hit["_index"], hit["_id"]): hit["_source"] for hit in hits},
        }


def test_restored_backup_gives_equal_answers_to_fifty_searches(
    *,
    own_node: OwnNode,
    index_name: str,
    run_index: RunIndex,
    serve: Callable[[], Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All is lost but the folder of the backup: indices, aliases, labels, decisions, runs and crops are as before."""
    environment = {"FRONTISPIECE_DATA": str(own_node.data), "FRONTISPIECE_ALIAS": index_name}

    def run_command(command: Any, *options: str) -> str:
        result = CliRunner(env=environment).invoke(command, [str(tmp_path / "backup"), *options])
        assert result.exit_code == 0, result.exception
        return result.output

    monkeypatch.setattr(snapshots, "KEPT_SNAPSHOTS", 1)
    run_index()
    run_index(rebuild=True, switch=False)
    with Elasticsearch(own_node.url) as client:
        [hit] = client.search(index=index_name, size=1)["hits"]["hits"]
        label = {"name": "Map", "source": LIBRARIAN, "by": "kari", "at": INDEXED_AT}
        client.update(index=index_name, id=hit["_id"], doc={"label": label}, refresh=True)
        FamilyDecisions(client, index_name).add(DECISION)
        # A merge between the answers and the snapshot would quantise vectors anew and change the last digits of scores.
        client.indices.forcemerge(index=f"{index_name}*", max_num_segments=1)
        client.indices.refresh(index=f"{index_name}*")
    assert "files of crops in" in run_command(backup)
    with serve() as api_client:
        expected_answers = read_answers(api_client)
    expected_contents = all_contents(own_node.url, index_name)
    assert f"{index_name}-v1 (" in run_command(backup), "a second backup into the same folder"
    with Elasticsearch(own_node.url) as client:
        assert len(client.snapshot.get(repository="frontispiece", snapshot="*")["snapshots"]) == 1, "the newest is kept"
    own_node.lose_data()
    shutil.rmtree(own_node.data / "crops")
    assert f"{index_name}-decisions (1 documents), " in run_command(restore_command)
    assert all_contents(own_node.url, index_name) == expected_contents
    with serve() as api_client:
        assert describe_differences(expected_answers, read_answers(api_client)) == []
    assert run_index(url=own_node.url).written == 0, "and the next run has nothing to do"
