"""A start is awaited as long as there is progress, with a fake clock and a fake node."""

from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import pytest

from core.errors import NodeError
from indexer.embedded.startup import IndexHealth, ProgressWait


@dataclass
class FakeClock:
    """A clock that only `sleep` moves."""

    now: float = 100.0

    def read(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class SlowNode:
    """A node whose log has one more line every `seconds_per_line`, until it listens after `lines`."""

    clock: FakeClock
    seconds_per_line: float
    lines: int
    started_at: float = field(init=False)

    def __post_init__(self) -> None:
        self.started_at = self.clock.now

    def log_lines(self) -> int:
        return min(self.lines, int((self.clock.now - self.started_at) / self.seconds_per_line))

    def poll(self) -> str | None:
        return "listening" if self.log_lines() == self.lines else None


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def messages() -> list[str]:
    return []


@pytest.fixture
def progress_wait(clock: FakeClock, messages: list[str]) -> ProgressWait:
    return ProgressWait(report_progress=messages.append, stall_seconds=30, clock=clock.read, sleep=clock.sleep)


def test_slow_start_is_awaited_while_the_log_grows(clock: FakeClock, progress_wait: ProgressWait) -> None:
    """A start of 2000 s is no failure as long as no 30 s pass without a line in the log."""
    node = SlowNode(clock, seconds_per_line=20, lines=100)
    assert progress_wait.wait("the node", node.poll, node.log_lines) == "listening"
    assert clock.now - node.started_at == pytest.approx(2000, abs=1)


def test_start_without_progress_fails(clock: FakeClock, progress_wait: ProgressWait) -> None:
    node = SlowNode(clock, seconds_per_line=40, lines=100)
    assert progress_wait.wait("the node", node.poll, node.log_lines) is None
    assert clock.now - node.started_at == pytest.approx(30, abs=1)


def test_stall_is_counted_from_the_last_progress(clock: FakeClock, progress_wait: ProgressWait) -> None:
    assert progress_wait.wait("the node", lambda: None, lambda: min(clock.now, 150.0)) is None
    assert clock.now == pytest.approx(150 + 30, abs=1)


def test_wait_reports_every_few_seconds(clock: FakeClock, messages: list[str], progress_wait: ProgressWait) -> None:
    node = SlowNode(clock, seconds_per_line=4, lines=4)
    progress_wait.wait("the node", node.poll, node.log_lines)
    assert messages == [
        "waiting 5 s for the node; last progress 1 s ago",
        "waiting 10 s for the node; last progress 2 s ago",
        "waiting 15 s for the node; last progress 3 s ago",
    ]


def test_quick_start_prints_no_report(clock: FakeClock, messages: list[str], progress_wait: ProgressWait) -> None:
    node = SlowNode(clock, seconds_per_line=1, lines=3)
    assert progress_wait.wait("the node", node.poll, node.log_lines) == "listening"
    assert messages == []


def make_health(
    *responses: httpx.Response | httpx.TransportError, is_alive: Callable[[], bool] = lambda: True
) -> IndexHealth:
    remaining = iter(responses)

    def respond(_: httpx.Request) -> httpx.Response:
        response = next(remaining)
        if isinstance(response, httpx.TransportError):
            raise response
        return response

    client = httpx.Client(base_url="http://node", transport=httpx.MockTransport(respond))
    return IndexHealth(client, is_alive)


def health_response(status: str, active: int = 0, initializing: int = 0) -> httpx.Response:
    return httpx.Response(200, json={"status": status, "active_shards": active, "initializing_shards": initializing})


def test_indices_are_recovered_when_health_is_not_red() -> None:
    health = make_health(health_response("red"), health_response("red", 0, 1), health_response("yellow", 1))
    assert health.poll() is None
    first_shards = health.shards
    assert health.poll() is None
    assert health.shards != first_shards
    assert health.poll() is True


def test_failed_health_request_is_repeated() -> None:
    health = make_health(
        httpx.ReadTimeout("timed out"),
        httpx.Response(503, json={}),
        httpx.Response(200, text="?"),
        health_response("green"),
    )
    errors = []
    for _ in range(3):
        assert health.poll() is None
        errors.append(health.error)
    assert all(errors)
    assert health.poll() is True
    assert health.error == ""


def test_node_that_ends_during_recovery_is_an_error() -> None:
    health = make_health(is_alive=lambda: False)
    with pytest.raises(NodeError, match="ended while it recovered"):
        health.poll()
