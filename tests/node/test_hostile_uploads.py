"""The worst picture of each format, all at once: bounded memory, no error of the service, and words meanwhile."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from benchmarks.hostile_pictures import HOSTILE_PICTURES
from benchmarks.memory import run_service, tree_megabytes, upload_at_once, watch
from core.encoders.registry import load_encoder
from core.settings import Settings
from tests.node.twelve_pictures import temporary_collection

pytestmark = pytest.mark.slow

MOST_MEGABYTES = 600
"""What the service may take beyond its start."""


@pytest.fixture
def service(client: Elasticsearch, node_url: str, index_name: str, tmp_path: Path) -> Iterator[tuple[str, int]]:
    """Yield the address and the process of a service with a real model."""
    settings = Settings(alias=index_name, data=tmp_path)
    with (
        temporary_collection(client, index_name, [load_encoder("sscd", settings)]),
        run_service(settings, node_url) as running_service,
    ):
        yield running_service


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="memory of processes is read as on Linux")
def test_the_worst_pictures_at_once_leave_the_service_as_it_was(service: tuple[str, int]) -> None:
    url, process_id = service
    files = [create() for create in HOSTILE_PICTURES.values()]
    upload_at_once(url, files[:1])
    megabytes_before = tree_megabytes(process_id)
    with watch(process_id, url) as measured:  # a search that is not answered with 200 is an error
        answers = upload_at_once(url, files)
    assert {answer.status for answer in answers} <= {200, 413, 503}
    assert all("retry-after" in answer.headers for answer in answers if answer.status == 503)
    assert max(measured.megabytes) < megabytes_before + MOST_MEGABYTES
    assert measured.word_seconds
