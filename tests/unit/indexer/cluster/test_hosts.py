"""All workers together are as polite to a server as one process is."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import pytest

from indexer.cluster.host_register import HostRegister, RequestTerms
from indexer.cluster.remote_host import RemoteHost
from indexer.images.hosts import MAX_FAILURES, ServerDown
from indexer.images.robots import RobotRules

SERVER = "https://iiif.example.org"


class RegisterThread:
    """A register in an event loop of its own, as an actor of Ray has one."""

    def __init__(self, connections: int, patience: float = 100.0) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever)
        self._thread.start()
        self.register = HostRegister(connections, patience)

    def ask(self, method: str, *args: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(getattr(self.register, method)(*args), self.loop).result(60)

    def host(self, owner: str) -> RemoteHost:
        return RemoteHost(SERVER, owner, self.ask, self.ask)

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


@pytest.fixture
def open_register() -> Iterator[Callable[..., RegisterThread]]:
    registers: list[RegisterThread] = []

    def open_register(connections: int = 2, patience: float = 100.0) -> RegisterThread:
        registers.append(RegisterThread(connections, patience))
        return registers[-1]

    yield open_register
    for register in registers:
        register.close()


def start(function: Callable[[], Any]) -> threading.Thread:
    thread = threading.Thread(target=function, daemon=True)
    thread.start()
    return thread


def test_a_server_gets_no_more_requests_at_once_than_one_process_would_send(
    open_register: Callable[..., RegisterThread],
) -> None:
    register, lock = open_register(connections=2), threading.Lock()
    under_way, peak = 0, 0

    def send(owner: str) -> None:
        nonlocal under_way, peak
        for _ in range(5):
            with register.host(owner).slot():
                with lock:
                    under_way += 1
                    peak = max(peak, under_way)
                with lock:
                    under_way -= 1

    threads = [start(lambda number=number: send(f"volume {number}")) for number in range(5)]  # type: ignore[misc]
    for thread in threads:
        thread.join(60)
    assert 1 <= peak <= 2


def test_requests_of_a_worker_that_died_are_given_to_others(open_register: Callable[..., RegisterThread]) -> None:
    register = open_register(connections=1)
    register.ask("acquire", SERVER, "dead")
    waiting = start(lambda: register.ask("acquire", SERVER, "alive"))
    register.ask("release_owner", "dead")
    waiting.join(60)
    assert not waiting.is_alive()
    assert register.ask("acquire", SERVER, "dead").down_reason, "a zombie gets no request"


def test_one_worker_loads_the_rules_of_a_server_for_all(open_register: Callable[..., RegisterThread]) -> None:
    register, rules, loads = open_register(), RobotRules(crawl_delay=7.0), list[str]()

    def load() -> RobotRules:
        loads.append("robots.txt")
        return rules

    assert [register.host(owner).robots(load) for owner in ("one", "two", "three")] == [rules] * 3
    assert loads == ["robots.txt"]
    delays: list[float] = []
    for owner in ("one", "two"):
        register.host(owner).wait(delays.append)
    assert delays == [pytest.approx(7.0, abs=1.0)], "the first goes at once, the second after the crawl delay"


def test_another_worker_loads_the_rules_if_the_first_cannot(open_register: Callable[..., RegisterThread]) -> None:
    register = open_register()

    def fail() -> RobotRules:
        raise OSError("the cache is damaged")

    with pytest.raises(OSError, match="damaged"):
        register.host("one").robots(fail)
    assert register.host("two").robots(RobotRules) == RobotRules()
    register = open_register()
    register.ask("begin_robots", SERVER, "dead")
    register.ask("release_owner", "dead")
    assert register.ask("begin_robots", SERVER, "alive") is None


def test_rules_are_not_awaited_from_workers_that_died_together(open_register: Callable[..., RegisterThread]) -> None:
    """One machine had the worker that was loading them and one that waited; Ray gives the latter up first."""
    register, waiting = open_register(), list[Future[RobotRules | None]]()
    assert register.ask("begin_robots", SERVER, "loading") is None
    for owner in ("waiting", "alive"):
        call = register.register.begin_robots(SERVER, owner)
        waiting.append(asyncio.run_coroutine_threadsafe(call, register.loop))
    register.ask("release_owner", "waiting")
    register.ask("release_owner", "loading")
    assert waiting[1].result(10) is None, "it loads them"
    assert waiting[0].result(10) == RobotRules(), "it gets no request either"


def test_rules_are_taken_only_from_the_worker_that_is_to_load_them(
    open_register: Callable[..., RegisterThread],
) -> None:
    register, rules = open_register(), RobotRules(crawl_delay=7.0)
    register.ask("begin_robots", SERVER, "given up")
    register.ask("release_owner", "given up")
    assert register.ask("begin_robots", SERVER, "loading") is None
    register.ask("finish_robots", SERVER, "given up", None)
    call = register.register.begin_robots(SERVER, "waiting")
    waiting = asyncio.run_coroutine_threadsafe(call, register.loop)
    register.ask("finish_robots", SERVER, "loading", rules)
    assert waiting.result(10) == rules


def test_what_one_worker_is_told_holds_for_all(open_register: Callable[..., RegisterThread]) -> None:
    register, delays = open_register(), list[float]()
    register.host("one").hold(30.0)  # Retry-After
    register.host("two").wait(delays.append)
    assert delays == [pytest.approx(30.0, abs=1.0)]


def test_failures_of_all_workers_count_together(open_register: Callable[..., RegisterThread]) -> None:
    register = open_register()
    for number in range(MAX_FAILURES):
        register.host(f"volume {number}").record_failure("status 500", time.monotonic())
    with pytest.raises(ServerDown, match="failed 5 times in a row"), register.host("another").slot():
        raise AssertionError("the server gets no more requests")
    with pytest.raises(ServerDown):
        register.host("late").record_failure("status 500", time.monotonic())


def test_terms_say_how_patient_a_request_may_be(open_register: Callable[..., RegisterThread]) -> None:
    host = open_register(patience=20.0).host("one")
    with host.slot():
        assert (host.timeout_seconds, host.remaining_patience) == (20.0, 20.0)
    assert RequestTerms().down_reason == ""
