"""Stages that overlap: the outcome is that of one book after another, and a server that hangs holds up no other."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from PIL import Image

from core.encoders.protocols import Vectors
from core.settings import Settings
from indexer.ingest.flow import RunFlow, StageLimits
from indexer.ingest.run import find_lanes
from indexer.run_records import RunReport
from indexer.sources import find_volumes
from tests.iiif_server import IIIFServer, run_iiif_server
from tests.node.pipelines import open_pipeline
from tests.node.test_index import MeanGreyEncoder
from tests.node.test_rebuild import all_documents
from tests.paths import SPECIMEN
from tests.picture_files import noise
from tests.waiting import wait_until

SPECIMEN_BOOK = next(iter(sorted(SPECIMEN.glob("digibok_*"))))

ONE_OF_EACH = StageLimits(batch_size=4, pages_in_flight=1, requests_per_host=1, decoders=1)
MANY_OF_EACH = StageLimits(batch_size=3, pages_in_flight=7, requests_per_host=4, decoders=3, bulk_requests=2)

RunLanes = Callable[..., RunReport]


@pytest.fixture
def flows(monkeypatch: pytest.MonkeyPatch) -> list[RunFlow]:
    """Return a list to which each run adds its queues."""
    flows: list[RunFlow] = []
    make_flow = RunFlow.from_limits

    def record_flow(limits: StageLimits) -> RunFlow:
        flows.append(make_flow(limits))
        return flows[-1]

    monkeypatch.setattr(RunFlow, "from_limits", record_flow)
    return flows


@pytest.fixture
def run_lanes(client: Elasticsearch, index_name: str, tmp_path: Path) -> RunLanes:
    """Return a function that indexes sources, each in a lane of its own."""

    def run_lanes(limits: StageLimits, *sources: str | Path, alias: str = index_name, **options: Any) -> RunReport:
        settings = Settings(data=tmp_path / "data", cache=tmp_path / alias, **options)
        with open_pipeline(client, alias, [MeanGreyEncoder()], settings, limits) as (pipeline, fetcher):
            return pipeline.run_lanes(find_lanes([str(source) for source in sources], fetcher, tmp_path / "unpacked"))

    return run_lanes


@pytest.fixture
def servers() -> Iterator[list[IIIFServer]]:
    """Return two servers with the pages of one book, whose ids differ."""
    with ExitStack() as stack:
        servers = [stack.enter_context(run_iiif_server()) for _ in range(2)]
        for number, server in enumerate(servers):
            for scan in sorted((SPECIMEN_BOOK / "scans").iterdir()):
                name = f"{number}{scan.stem}"
                server.scans[name] = Image.open(scan).convert("RGB")
                server.alto_files[name] = next((SPECIMEN_BOOK / "alto").glob(f"{scan.stem}.*")).read_bytes()
        yield servers


@pytest.fixture
def quick_and_slow() -> Iterator[tuple[IIIFServer, IIIFServer]]:
    """Return two servers with plain pictures; the slow one answers when it is `stopped`."""
    with run_iiif_server() as quick, run_iiif_server() as slow:
        slow.hanging_paths = ("/image/",)
        for name, server in (("quick", quick), ("slow", slow)):
            for number in range(15):
                server.scans[f"{name}{number}"] = noise(60, 40 + number)
        yield quick, slow


def test_outcome_is_that_of_one_page_after_another(
    client: Elasticsearch, index_name: str, run_lanes: RunLanes, servers: list[IIIFServer], flows: list[RunFlow]
) -> None:
    del servers[0].scans[f"0{sorted((SPECIMEN_BOOK / 'scans').iterdir())[4].stem}"]
    servers[1].alto_files[next(iter(servers[1].alto_files))] = b"no ALTO"
    sources = (SPECIMEN_BOOK, f"{servers[0].url}/2/manifest", f"{servers[1].url}/3/manifest", SPECIMEN / "sange-1891")
    reports = [
        run_lanes(limits, *sources, alias=f"{index_name}{suffix}")
        for suffix, limits in (("-one", ONE_OF_EACH), ("-many", MANY_OF_EACH))
    ]
    assert reports[0] == reports[1]
    assert reports[0].written > 30
    assert reports[0].problems
    assert all_documents(client, f"{index_name}-one") == all_documents(client, f"{index_name}-many")
    for flow, limits in zip(flows, (ONE_OF_EACH, MANY_OF_EACH), strict=True):
        assert 0 < flow.budget.peak <= limits.pages_in_flight
        assert flow.cut_pictures.peak <= 2 * limits.batch_size
        assert flow.writes.peak <= limits.bulk_requests + len(sources), "a volume's end needs no place in the queue"


def test_books_share_batches(client: Elasticsearch, index_name: str, tmp_path: Path) -> None:
    sizes: list[int] = []

    class RecordingEncoder(MeanGreyEncoder):
        def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
            sizes.append(len(images))
            return super().encode_images(images)

    for number in range(6):
        (tmp_path / "books" / f"book{number}").mkdir(parents=True)
        noise(60, 50, number).save(tmp_path / "books" / f"book{number}" / "picture.png")
    settings = Settings(data=tmp_path / "data", cache=tmp_path)
    with open_pipeline(client, index_name, [RecordingEncoder()], settings, StageLimits(batch_size=3)) as opened:
        sizes.clear()
        volumes = [item for number in range(6) for item in find_volumes(tmp_path / "books" / f"book{number}")]
        report = opened.pipeline.run(volumes)
    assert (report.books, report.written) == (6, 6)
    assert sizes == [3, 3]


def test_a_server_that_hangs_holds_up_no_other(
    client: Elasticsearch, index_name: str, run_lanes: RunLanes, quick_and_slow: tuple[IIIFServer, IIIFServer]
) -> None:
    quick, slow = quick_and_slow
    reports: list[RunReport] = []
    sources = (f"{slow.url}/2/manifest", f"{quick.url}/3/manifest")
    thread = threading.Thread(target=lambda: reports.append(run_lanes(StageLimits(batch_size=4), *sources)))
    thread.start()
    try:
        assert wait_until(lambda: _count(client, f"{index_name}-books") == 1)
        assert _count(client, index_name) == 15
    finally:
        slow.stopped.set()
        thread.join()
    assert reports[0].written == 30
    assert not reports[0].problems


def test_pages_of_a_server_that_hangs_come_last_in_their_book(
    client: Elasticsearch, index_name: str, run_lanes: RunLanes, quick_and_slow: tuple[IIIFServer, IIIFServer]
) -> None:
    """Every second page of the book is on the slow server, which gives not even an info.json."""
    quick, slow = quick_and_slow
    manifest, other = quick.manifest_2(), slow.manifest_2()
    canvases = manifest["sequences"][0]["canvases"]
    both = zip(other["sequences"][0]["canvases"], canvases, strict=True)
    manifest["sequences"][0]["canvases"] = [canvas for pair in both for canvas in pair]
    quick.documents["/both"] = json.dumps(manifest).encode()
    reports: list[RunReport] = []
    limits = StageLimits(batch_size=4, requests_per_host=1)
    thread = threading.Thread(target=lambda: reports.append(run_lanes(limits, f"{quick.url}/both")))
    thread.start()
    try:
        assert wait_until(lambda: _count(client, index_name) == 15)
    finally:
        slow.stopped.set()
        thread.join()
    assert reports[0].written == 30


def _count(client: Elasticsearch, index: str) -> int:
    if not client.indices.exists(index=index):
        return 0
    client.indices.refresh(index=index)
    return int(client.count(index=index)["count"])
