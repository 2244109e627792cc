"""Addresses that nobody can request, and redirects, which are requests like any other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import FileUnavailable
from core.geometry import PixelBox
from core.settings import Settings
from indexer.images import hosts
from indexer.images.crops import Cropper
from indexer.images.fetching import Fetcher
from indexer.records import Leaf
from tests.iiif_server import CannedResponse, IIIFServer, run_iiif_server

pytestmark = pytest.mark.network

INVALID_URLS = [
    "https://a..b.org/x",
    "https://.org/x",
    f"https://{'a' * 64}.org/x",
    "http://xn--a.org/x",
    "http://xn--/x",
    "http://[::1/x",
    "http://127.0.0.1:99999/x",
    "http://127.0.0.1:port/x",
    "http:///x",
    "http://example.org/\x00",
]


@pytest.fixture
def target_server() -> Iterator[IIIFServer]:
    with run_iiif_server() as server:
        server.documents["/scan"] = b"scan"
        yield server


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache=tmp_path / "cache", requests_per_host=1)


def redirect(server: IIIFServer, path: str, target: str, times: int = 1) -> str:
    """Let the server redirect requests for a path; return its URL."""
    server.queue_responses(path, *[CannedResponse(302, {"Location": target}, b"moved")] * times)
    return server.url + path


@pytest.mark.parametrize("url", INVALID_URLS)
def test_an_address_that_nobody_can_request_is_reported(url: str, fetcher: Fetcher) -> None:
    with pytest.raises(FileUnavailable, match=r"not a valid URL \(.+\); correct it") as error:
        fetcher.get(url)
    assert error.value.file == url


@pytest.mark.parametrize("url", INVALID_URLS[:4])
def test_a_crop_at_such_an_address_is_left_out(url: str, settings: Settings, fetcher: Fetcher) -> None:
    leaf = Leaf(id="p", number=1, image_service=url, width=70, height=50)
    with Cropper(settings, fetcher) as cropper, pytest.raises(FileUnavailable, match="not a valid URL"):
        cropper.crop(leaf, PixelBox(0, 0, 60, 40))


@pytest.mark.parametrize("target", ["http://a..b.org/x", "ftp://example.org/x"])
def test_a_redirect_to_such_an_address_is_no_failure_of_the_server(
    server: IIIFServer, fetcher: Fetcher, target: str
) -> None:
    url = redirect(server, "/moved", target, times=hosts.MAX_FAILURES + 1)
    for _ in range(hosts.MAX_FAILURES + 1):
        with pytest.raises(FileUnavailable, match=f"redirected to {target}: ") as error:
            fetcher.get(url)
        assert error.value.file == url
    assert fetcher.get(f"{server.url}/good") == b"good"


def test_a_redirect_on_the_same_server_takes_its_turn(server: IIIFServer, fetcher: Fetcher, waits: list[float]) -> None:
    """The one request at a time that the setting allows has ended before the next begins."""
    server.robots = b"User-agent: *\nCrawl-delay: 4"
    assert fetcher.get(redirect(server, "/moved", "/good")) == b"good"
    assert len(waits) == 1
    assert 1 < waits[0] <= 4


def test_robots_txt_of_the_server_that_a_redirect_names_is_obeyed(
    server: IIIFServer, target_server: IIIFServer, fetcher: Fetcher
) -> None:
    target_server.robots = b"User-agent: *\nDisallow: /scan"
    name = target_server.url.removeprefix("http://")
    url = redirect(server, "/moved", f"{target_server.url}/scan")
    with pytest.raises(
        FileUnavailable, match=rf"robots\.txt forbids it; .* FRONTISPIECE_IGNORE_ROBOTS={name}"
    ) as error:
        fetcher.get(url)
    assert error.value.file == url
    assert target_server.requested_paths == []


def test_leave_of_a_server_holds_where_it_redirects_to(
    server: IIIFServer, target_server: IIIFServer, tmp_path: Path
) -> None:
    target_server.robots = b"User-agent: *\nDisallow: /"
    settings = Settings(cache=tmp_path, ignore_robots=server.url.removeprefix("http://"))
    with Fetcher(settings) as fetcher:
        assert fetcher.get(redirect(server, "/moved", f"{target_server.url}/scan")) == b"scan"
        with pytest.raises(FileUnavailable, match=r"robots\.txt forbids it"):
            fetcher.get(f"{target_server.url}/scan")


def test_a_pause_of_the_server_that_a_redirect_names_is_kept(
    server: IIIFServer, target_server: IIIFServer, fetcher: Fetcher, waits: list[float]
) -> None:
    target_server.queue_responses("/scan", CannedResponse(429, {"Retry-After": "30"}))
    for _ in range(2):
        assert fetcher.get(redirect(server, "/moved", f"{target_server.url}/scan")) == b"scan"
    assert len(waits) == 2
    assert all(15 < seconds <= 31 for seconds in waits)


def test_redirects_in_a_circle_end(server: IIIFServer, fetcher: Fetcher) -> None:
    with pytest.raises(FileUnavailable, match="more than 5 redirects"):
        fetcher.get(redirect(server, "/moved", "/moved", times=20))


def test_the_cache_keeps_a_redirect_that_it_may_keep(server: IIIFServer, fetcher: Fetcher) -> None:
    headers = {"Location": "/good", "Cache-Control": "max-age=3600"}
    server.queue_responses("/moved", CannedResponse(301, headers, b"moved"))
    for _ in range(2):
        assert fetcher.get(f"{server.url}/moved") == b"good"
    assert server.requested_paths.count("/moved") == 1
