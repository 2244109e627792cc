"""A run on Ray ends like one without it, document for document, although a worker and the models are killed."""

import json
import os
import platform
import shutil
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from PIL.Image import Image

from core.encoders.protocols import Vectors
from core.settings import Settings
from indexer.cluster.engine import ClusterEngine, open_cluster
from indexer.cluster.ray_session import LOCAL, ClusterOptions
from indexer.elasticsearch.lease_store import LeaseStore
from indexer.ingest.progress import ProgressCallbacks
from indexer.ingest.run import index_sources
from indexer.ingest.run_job import RunModels
from indexer.ingest.vectors import DocumentEncoders
from indexer.run_records import RunReport
from tests.iiif_server import IIIFServer, run_iiif_server
from tests.node.test_index import FakeSiglipEncoder, MeanGreyEncoder
from tests.node.test_rebuild import all_documents
from tests.paths import ROOT, SPECIMEN
from tests.picture_files import noise
from tests.waiting import wait_until

WORKERS = 3
GO_ON = "go-on"
"""The file for which the encoder waits."""
FREE_BATCHES = 3
"""Batches that are encoded before the encoder waits for the deaths."""


class WaitingEncoder(MeanGreyEncoder):
    """Encodes some batches, and the others when a file exists."""

    def __init__(self, signal_file: Path) -> None:
        self._signal_file, self._batches = signal_file, 0

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        self._batches += len(images) > 1  # a canary is encoded alone
        if self._batches > FREE_BATCHES:
            assert wait_until(self._signal_file.exists)
        return super().encode_images(images)


def load_waiting_encoder(settings: Settings, *_: Callable[[str], None]) -> RunModels:
    encoders = DocumentEncoders([WaitingEncoder(settings.cache / GO_ON), FakeSiglipEncoder()])
    return RunModels(encoders=encoders, batch_size=settings.batch_size)


@pytest.fixture
def server() -> Iterator[IIIFServer]:
    """Return a server with three books."""
    with run_iiif_server() as server:
        server.delay_seconds = 0.05
        for number in range(6):
            server.scans[f"remote{number}"] = noise(60, 40 + number)
        manifest = server.manifest_2()
        canvases = manifest["sequences"][0].pop("canvases")
        for number in range(3):
            pages = canvases[2 * number : 2 * number + 2]
            book = {**manifest, "@id": f"{server.url}/{number}", "sequences": [{"canvases": pages}]}
            server.documents[f"/{number}"] = json.dumps(book).encode()
        yield server


@pytest.fixture
def sources(server: IIIFServer, tmp_path: Path) -> list[str]:
    """Return the specimen books, three of a server, an archive, a damaged page, and a book with the id of another."""
    book = SPECIMEN / "sange-1891"
    copy = shutil.copytree(book, tmp_path / "copies" / book.name)
    for number in range(3):
        folder = tmp_path / "small" / f"book{number}"
        folder.mkdir(parents=True)
        noise(80, 50, number).save(folder / "picture.png")
    (tmp_path / "small" / "book1" / "page.xml").write_text("<alto xmlns='http://www.loc.gov/standards/alto/ns-v4#'>")
    archive = shutil.make_archive(str(tmp_path / "archive"), "zip", tmp_path / "small", "book2")
    remote = [f"{server.url}/{number}" for number in range(3)]
    return [str(SPECIMEN), *remote, archive, str(copy), str(tmp_path / "small")]


@pytest.fixture
def importable_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the processes of Ray import this module."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))


@pytest.fixture
def engine(importable_tests: None) -> Iterator[ClusterEngine]:
    options = ClusterOptions(address=LOCAL, workers=WORKERS, store_bytes=100_000_000)
    with open_cluster(options, load_waiting_encoder) as engine:
        yield engine


@pytest.fixture
def run_index(
    node_url: str, index_name: str, sources: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[Settings, RunReport]]:
    """Return a function that indexes the sources under a name."""
    monkeypatch.setattr("indexer.ingest.run.load_encoders", lambda *_, **__: [MeanGreyEncoder(), FakeSiglipEncoder()])
    monkeypatch.setattr("indexer.ingest.run.load_meaning_encoder", lambda *_, **__: None)

    def run(name: str, **options: Any) -> tuple[Settings, RunReport]:
        settings = Settings(
            alias=f"{index_name}-{name}",
            data=tmp_path / name,
            crops=f"file://{tmp_path / name}/crops",
            cache=tmp_path,
            batch_size=4,
            requests_per_host=2,
        )
        return settings, index_sources(settings, node_url, sources, **options)

    return run


def test_a_rebuild_whose_worker_and_models_are_killed_ends_like_a_run_without_ray(
    client: Elasticsearch,
    engine: ClusterEngine,
    run_index: Callable[..., tuple[Settings, RunReport]],
    server: IIIFServer,
    tmp_path: Path,
) -> None:
    deaths, books, warnings = list[int](), list[str](), list[str]()

    def kill_once() -> None:
        worker = next((attempt.last_report for attempt in engine.attempts if attempt.last_report), None)
        if not deaths and worker:
            deaths.extend([worker.pid, engine.servers[0].pid])
            for pid in deaths:
                os.kill(pid, signal.SIGKILL)
            (tmp_path / GO_ON).touch()

    progress = ProgressCallbacks(on_page=kill_once, on_book_end=lambda book, _: books.append(book.id))
    settings, report = run_index("ray", rebuild=True, progress=progress, warn=warnings.append, engine=engine)
    assert [warning.split(" died ")[0] for warning in warnings] == [f"the process {deaths[0]} on {platform.node()}"]
    assert LeaseStore(client, settings.alias).read() is None
    assert server.peak_requests <= settings.requests_per_host, "all workers together"

    undisturbed, expected = run_index("alone")
    assert all_documents(client, settings.alias) == all_documents(client, undisturbed.alias)
    assert crop_files(settings) == crop_files(undisturbed) != {}
    # What the dead worker had written is found unchanged when its volume is read again.
    assert report.written + report.unchanged == expected.written
    counters = {"written": 0, "unchanged": 0, "pages_written": 0, "books_written": 0, "reused": 0}
    assert replace(report, **counters) == replace(expected, **counters)
    assert len(books) == len(set(books)) == expected.books
    assert len(expected.problems) >= 2


def crop_files(settings: Settings) -> dict[str, bytes]:
    folder = settings.data / "crops"
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*.jpg"))}
