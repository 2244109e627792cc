"""Failures of single files are not those of their server, and a server is given up only if it does not answer."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import stamina
from PIL import Image

from core.errors import FileUnavailable
from core.geometry import PixelBox
from core.settings import Settings
from indexer.images import fetching, hosts, responses, retries
from indexer.images.crops import Cropper
from indexer.images.fetching import ErrorResponse, Fetcher
from indexer.images.hosts import ServerDown
from indexer.records import Leaf
from tests.iiif_server import CannedResponse, IIIFServer

pytestmark = pytest.mark.network

ATTEMPTS = 3
FOREVER = 1000


@pytest.fixture(autouse=True)
def immediate_retries() -> Iterator[None]:
    with stamina.set_testing(True, attempts=ATTEMPTS):
        yield


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache=tmp_path / "cache", host_patience=120)


@pytest.mark.parametrize("status", [408, 425, 500, 502, 504])
def test_broken_files_in_a_row_do_not_make_a_server_fail(server: IIIFServer, fetcher: Fetcher, status: int) -> None:
    server.queue_responses("/broken", *[CannedResponse(status)] * FOREVER)
    for number in range(hosts.MAX_FAILURES + 1):
        with pytest.raises(ErrorResponse, match=f"the server answers {status}") as error:
            fetcher.get(f"{server.url}/broken/{number}")
        assert (error.value.status, error.value.file) == (status, f"{server.url}/broken/{number}")
    assert fetcher.get(f"{server.url}/good") == b"good"


@pytest.mark.parametrize("status", [429, 503, 509])
def test_a_server_that_refuses_each_request_is_given_up(server: IIIFServer, fetcher: Fetcher, status: int) -> None:
    server.queue_responses("/busy", *[CannedResponse(status)] * FOREVER)
    for _ in range(hosts.MAX_FAILURES):
        with pytest.raises(FileUnavailable, match=f"the server answers {status}"):
            fetcher.get(f"{server.url}/busy")
    with pytest.raises(ServerDown, match="failed 5 times in a row"):
        fetcher.get(f"{server.url}/good")


def test_errors_are_hardly_repeated_after_retries_were_in_vain(server: IIIFServer, fetcher: Fetcher) -> None:
    """A book of damaged pictures, or a server behind a proxy that has failed, gets one request for each picture."""
    server.queue_responses("/broken", *[CannedResponse(502)] * FOREVER)
    repeated = retries.MAX_FUTILE_RETRIES
    for number in range(retries.FUTILE_INTERVAL + 1):
        with pytest.raises(ErrorResponse):
            fetcher.get(f"{server.url}/broken/{number}")
    counts = [server.requested_paths.count(f"/broken/{number}") for number in range(retries.FUTILE_INTERVAL + 1)]
    assert counts == [ATTEMPTS] * repeated + [1] * (retries.FUTILE_INTERVAL - repeated) + [ATTEMPTS]


def test_errors_are_repeated_again_once_a_retry_has_helped() -> None:
    history = retries.RetryHistory()
    for _ in range(retries.MAX_FUTILE_RETRIES):
        history.record_futile("https://example.org")
    assert not history.is_worth_repeating("https://example.org")
    assert history.is_worth_repeating("https://another.example.org")
    history.record_success("https://example.org")
    assert history.is_worth_repeating("https://example.org")


def test_pauses_that_a_server_asks_for_do_not_use_up_its_patience(
    server: IIIFServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    for module in (fetching, hosts, responses):
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    server.queue_responses("/busy", *[CannedResponse(429, {"Retry-After": "60"})] * ATTEMPTS)
    with Fetcher(settings, sleep=sleep) as fetcher:
        with pytest.raises(FileUnavailable, match="429 Too Many Requests"):
            fetcher.get(f"{server.url}/busy")
        assert fetcher.get(f"{server.url}/good") == b"good"
    assert now[0] >= 1180


def test_a_body_with_a_wrong_encoding_is_no_failure_of_the_server(server: IIIFServer, fetcher: Fetcher) -> None:
    server.queue_responses("/broken", *[CannedResponse(200, {"Content-Encoding": "gzip"}, b"no gzip")] * FOREVER)
    for _ in range(hosts.MAX_FAILURES + 1):
        with pytest.raises(FileUnavailable):
            fetcher.get(f"{server.url}/broken")
    assert fetcher.get(f"{server.url}/good") == b"good"


def test_a_size_that_a_server_answers_with_500_is_requested_by_width(
    server: IIIFServer, settings: Settings, fetcher: Fetcher
) -> None:
    server.scans["page"] = Image.new("RGB", (500, 830), "white")
    server.queue_responses("/image/page/0,0,400,300/400,300/", *[CannedResponse(500)] * FOREVER)
    leaf = Leaf(id="p", number=1, image_service=server.service_url("page"))
    with Cropper(settings, fetcher) as cropper:
        assert cropper.crop(leaf, PixelBox(0, 0, 400, 300)).size == (400, 300)
    assert server.requested_paths[-1].split("/")[4] == "400,"
