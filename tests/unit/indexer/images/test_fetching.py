"""Politeness towards library servers: how many requests, when, and how long a server may keep a run waiting."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from core.errors import FileUnavailable
from core.settings import Settings
from indexer.images import fetching, hosts
from indexer.images.fetching import Fetcher
from indexer.images.hosts import HostState, ServerDown
from indexer.images.responses import parse_retry_after
from indexer.images.robots import RobotRules
from tests.iiif_server import CannedResponse, IIIFServer, run_iiif_server
from tests.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.network


@pytest.fixture
def server() -> Iterator[IIIFServer]:
    with run_iiif_server() as server:
        server.documents.update({f"/{number}": b"%d" % number for number in range(20)})
        yield server


@pytest.fixture
def other_server() -> Iterator[IIIFServer]:
    with run_iiif_server() as server:
        server.documents["/quick"] = b"quick"
        yield server


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache=tmp_path / "cache", requests_per_host=3)


def test_a_server_gets_no_more_requests_at_once_than_the_setting_says(server: IIIFServer, fetcher: Fetcher) -> None:
    server.delay_seconds = 0.02
    with ThreadPoolExecutor(12) as executor:
        bodies = list(executor.map(fetcher.get, (f"{server.url}/{number}" for number in range(20))))
    assert bodies == [b"%d" % number for number in range(20)]
    assert server.peak_requests == 3


def test_several_servers_are_asked_at_once(server: IIIFServer, other_server: IIIFServer, fetcher: Fetcher) -> None:
    """Each answers only when the other has been asked too."""
    both_asked = threading.Barrier(2)
    for asked_server in (server, other_server):
        asked_server.wait_as_told = lambda path: path == "/robots.txt" or both_asked.wait(PATIENCE_SECONDS)  # type: ignore[method-assign, assignment]
    with ThreadPoolExecutor(2) as executor:
        bodies = list(executor.map(fetcher.get, (f"{server.url}/1", f"{other_server.url}/quick")))
    assert bodies == [b"1", b"quick"]


def test_a_hanging_server_holds_no_other(other_server: IIIFServer, settings: Settings) -> None:
    with ThreadPoolExecutor(6) as executor, run_iiif_server() as hanging_server, Fetcher(settings) as fetcher:
        hanging_server.hanging_paths = ("/",)
        futures = [executor.submit(fetcher.get, f"{hanging_server.url}/{number}") for number in range(6)]
        assert fetcher.get(f"{other_server.url}/quick") == b"quick"
        assert not any(future.done() for future in futures)


def test_a_server_that_hangs_is_given_up_when_the_runs_patience_has_ended(server: IIIFServer, tmp_path: Path) -> None:
    server.hanging_paths = ("/1",)
    with Fetcher(Settings(cache=tmp_path, host_patience=1)) as fetcher:
        with pytest.raises(FileUnavailable) as first_error:
            fetcher.get(f"{server.url}/1")
        with pytest.raises(ServerDown, match=r"has cost 1 seconds \(FRONTISPIECE_HOST_PATIENCE\) without an answer"):
            fetcher.get(f"{server.url}/2")
    assert first_error.value.reason == "no answer within 1 seconds"
    assert server.requested_paths.count("/2") == 0


def test_waits_of_several_requests_for_one_server_are_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter((110.0, 112.0, 140.0))
    monkeypatch.setattr(hosts, "time", SimpleNamespace(monotonic=clock.__next__))
    host = HostState("https://example.org", connections=4, patience=60)
    host.record_hang(100.0)
    host.record_hang(101.0)
    assert host.remaining_patience == 48
    host.record_failure("no answer", 130.0)
    assert host.remaining_patience == 38
    assert host.timeout_seconds == hosts.HANG_TIMEOUT_SECONDS


def test_retry_after_holds_every_request_to_the_server(
    server: IIIFServer, fetcher: Fetcher, waits: list[float]
) -> None:
    server.queue_responses("/1", CannedResponse(429, {"Retry-After": "20"}))
    assert fetcher.get(f"{server.url}/1") == b"1"
    assert 15 < waits[0] <= 20
    fetcher.get(f"{server.url}/2")
    assert 15 < waits[1] < 22


@pytest.mark.parametrize("clock_error", [timedelta(hours=-1), timedelta(0), timedelta(hours=1)])
def test_retry_after_as_a_date_is_counted_by_the_servers_own_clock(clock_error: timedelta) -> None:
    """A server whose clock is an hour ahead would otherwise be given up, and one behind would get no pause."""
    server_time = datetime.now(UTC).replace(microsecond=0) + clock_error
    headers = {"Date": format_datetime(server_time), "Retry-After": format_datetime(server_time + timedelta(seconds=7))}
    assert parse_retry_after(headers) == 7


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "12"}, 12),
        ({"Retry-After": "-3"}, 0),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT", "Date": "soon"}, None),
        ({"Retry-After": "later"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_a_number_or_a_date(headers: dict[str, str], seconds: float | None) -> None:
    assert parse_retry_after(headers) == seconds


def test_robots_txt_is_obeyed_and_read_once(server: IIIFServer, fetcher: Fetcher) -> None:
    server.robots = b"User-agent: Frontispiece\nDisallow: /1"
    with pytest.raises(FileUnavailable, match=r"robots\.txt forbids it; if .* FRONTISPIECE_IGNORE_ROBOTS=127") as error:
        fetcher.get(f"{server.url}/1")
    assert error.value.file == f"{server.url}/1"
    assert fetcher.get(f"{server.url}/2") == b"2"
    assert server.requested_paths == ["/2"]


def test_robots_txt_of_a_library_that_gave_leave_is_not_obeyed(server: IIIFServer, tmp_path: Path) -> None:
    server.robots = b"User-agent: *\nDisallow: /"
    for host in ("127.0.0.1", server.url.removeprefix("http://")):
        with Fetcher(Settings(cache=tmp_path, ignore_robots=f"example.org, {host}")) as fetcher:
            assert fetcher.get(f"{server.url}/1") == b"1"


def test_a_robots_txt_that_cannot_be_had_forbids_nothing(server: IIIFServer, fetcher: Fetcher) -> None:
    server.robots = b"User-agent: *\nDisallow: /"
    server.respond = lambda path, respond=server.respond: (  # type: ignore[method-assign, assignment, misc]
        CannedResponse(503) if path == "/robots.txt" else respond(path)
    )
    assert fetcher.get(f"{server.url}/1") == b"1"


@pytest.mark.parametrize("failure", [CannedResponse(503), CannedResponse(429)])
def test_a_robots_txt_that_could_not_be_had_is_obeyed_later(
    server: IIIFServer, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch, failure: CannedResponse
) -> None:
    monkeypatch.setattr(hosts, "ROBOTS_RETRY_SECONDS", 0.0)
    answers = [failure, CannedResponse(200, body=b"User-agent: *\nDisallow: /1")]
    server.respond = lambda path, respond=server.respond: (  # type: ignore[method-assign, assignment, misc]
        answers.pop(0) if path == "/robots.txt" else respond(path)
    )
    assert fetcher.get(f"{server.url}/1") == b"1"
    with pytest.raises(FileUnavailable, match=r"robots\.txt forbids it"):
        fetcher.get(f"{server.url}/1")
    assert fetcher.get(f"{server.url}/2") == b"2"


def test_robots_txt_with_a_byte_order_mark_is_obeyed(server: IIIFServer, fetcher: Fetcher) -> None:
    server.robots = b"\xef\xbb\xbfUser-agent: *\nDisallow: /1"
    with pytest.raises(FileUnavailable, match=r"robots\.txt forbids it"):
        fetcher.get(f"{server.url}/1")


def test_crawl_delay_spaces_requests(server: IIIFServer, fetcher: Fetcher, waits: list[float]) -> None:
    server.robots = b"User-agent: *\nCrawl-delay: 4"
    for number in range(3):
        fetcher.get(f"{server.url}/{number}")
    assert 3 < waits[0] <= 4
    assert 7 < waits[1] <= 8


def test_moments_of_requests_are_handed_out_one_by_one() -> None:
    """Threads that wait for a slow server must not all go on at the same moment."""
    host, waits = HostState("https://example.org", connections=4, patience=60), list[float]()
    host.robots(lambda: RobotRules(crawl_delay=2))
    for _ in range(4):
        host.wait(waits.append)
    assert [round(seconds) for seconds in waits] == [2, 4, 6]


def test_requests_under_way_when_a_server_is_given_up_are_reported_as_its_failure(
    server: IIIFServer, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MAX_ATTEMPTS", 1)
    monkeypatch.setattr(hosts, "MAX_FAILURES", 1)
    server.queue_responses("/", *[CannedResponse(503)] * 30)
    errors = []

    def fetch(number: int) -> None:
        try:
            fetcher.get(f"{server.url}/{number}")
        except FileUnavailable as error:
            errors.append(error)

    server.delay_seconds = 0.05
    with ThreadPoolExecutor(6) as executor:
        list(executor.map(fetch, range(6)))
    assert sum(isinstance(error, ServerDown) for error in errors) == 5
