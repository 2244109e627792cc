"""What a server's failures cost it, when it gets its next request, and which addresses belong to it."""

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace

import pytest

from indexer.images import hosts
from indexer.images.addresses import parse_address, server_name
from indexer.images.hosts import HostState, ServerDown
from indexer.images.robots import RobotRules

PATIENCE = 120.0

Advance = Callable[[float], float]


@pytest.fixture
def advance(monkeypatch: pytest.MonkeyPatch) -> Advance:
    """Return a function that moves the clock of all hosts, and returns what it showed before."""
    now = [1000.0]
    monkeypatch.setattr(hosts, "time", SimpleNamespace(monotonic=lambda: now[0]))

    def advance(seconds: float) -> float:
        now[0] += seconds
        return now[0] - seconds

    return advance


@pytest.fixture
def host(advance: Advance) -> HostState:
    return HostState("https://example.org", connections=4, patience=PATIENCE)


def hang(host: HostState, advance: Advance, seconds: float = 20.0) -> None:
    host.record_hang(advance(seconds))


def test_a_host_that_hangs_costs_no_more_than_the_patience(host: HostState, advance: Advance) -> None:
    for _ in range(6):
        host.check_is_up()
        hang(host, advance)
    with pytest.raises(ServerDown, match=r"has cost 120 seconds \(FRONTISPIECE_HOST_PATIENCE\) without an answer"):
        host.check_is_up()


def test_good_answers_make_up_for_a_time_out_now_and_then(host: HostState, advance: Advance) -> None:
    for _ in range(10):
        hang(host, advance)
        for _ in range(5000):
            host.record_response()
        host.check_is_up()
    assert host.remaining_patience == pytest.approx(PATIENCE, abs=1)


def test_a_host_that_hangs_more_often_than_its_answers_make_up_for_is_given_up(
    host: HostState, advance: Advance
) -> None:
    for _ in range(10):
        hang(host, advance)
        for _ in range(50):
            host.record_response()
    with pytest.raises(ServerDown):
        host.check_is_up()


def test_a_connection_that_is_refused_at_once_does_not_shorten_time_outs(host: HostState, advance: Advance) -> None:
    hang(host, advance, 0.1)
    assert host.timeout_seconds == hosts.TIMEOUT_SECONDS
    hang(host, advance, hosts.HANG_TIMEOUT_SECONDS)
    assert host.timeout_seconds == hosts.HANG_TIMEOUT_SECONDS


def test_a_request_that_waits_already_obeys_a_later_retry_after(host: HostState, advance: Advance) -> None:
    """Without it, each thread that has its moment sends one more request to a server that has asked to wait."""
    host.robots(lambda: RobotRules(crawl_delay=2))
    waits = list[float]()

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 1:
            host.hold(20)
        advance(seconds)

    host.wait(sleep)
    host.wait(sleep)
    assert waits == [2, 18]


def test_requests_that_a_retry_after_has_held_are_spaced(host: HostState) -> None:
    host.robots(lambda: RobotRules(crawl_delay=2))
    host.hold(20)
    waits = list[float]()
    for _ in range(3):
        host.wait(waits.append)
    assert waits == [20, 22, 24]


def test_a_robots_txt_that_could_not_be_had_is_requested_again_after_some_minutes(
    host: HostState, advance: Advance
) -> None:
    provisional, rules = RobotRules(is_provisional=True), RobotRules(crawl_delay=3)
    load = partial([provisional, provisional, rules, RobotRules()].pop, 0)
    for wait in (hosts.ROBOTS_RETRY_SECONDS, 2 * hosts.ROBOTS_RETRY_SECONDS):
        assert host.robots(load) is provisional
        advance(wait - 1)
        assert host.robots(load) is provisional, "it is not due yet"
        advance(1)
    assert host.robots(load) is rules
    advance(100 * hosts.ROBOTS_RETRY_SECONDS)
    assert host.robots(load) is rules, "rules that were had stay"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://example.org/a", "https://example.org"),
        ("https://example.org/b", "https://example.org"),
        ("http://EXAMPLE.org:80/", "https://example.org"),
        ("https://user:secret@example.org:443/", "https://example.org"),
        ("http://example.org:443/", "https://example.org"),
        ("http://example.org:8080/", "http://example.org:8080"),
        ("https://[2001:db8::1]/", "https://[2001:db8::1]"),
        ("https://[2001:db8::1]:8443/", "https://[2001:db8::1]:8443"),
        ("https://bücher.example/", "https://xn--bcher-kva.example"),
    ],
)
def test_http_and_https_of_a_server_share_its_requests(url: str, name: str) -> None:
    assert server_name(parse_address(url)) == name
