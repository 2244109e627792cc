"""Bounds and stops of the threads of a run: proven by counting, without a clock."""

import threading
from collections.abc import Iterator

import pytest

from indexer.ingest.flow_control import RunControl, RunStopped, StageQueue, ThreadGroup
from indexer.ingest.host_pools import HostPools, Task
from indexer.ingest.page_budget import PageBudget, PageTicket
from tests.waiting import PATIENCE_SECONDS


@pytest.fixture
def control() -> Iterator[RunControl]:
    control = RunControl()
    yield control
    control.stop()
    control.join()


def test_a_queue_never_holds_more_than_its_capacity_with_what_is_worked_on(control: RunControl) -> None:
    queue: StageQueue[int] = StageQueue(control, 3)
    received: list[int] = []

    def put_all() -> None:
        for number in range(50):
            queue.put(number)
        queue.close()

    def take_all() -> None:
        while batch := queue.get_batch(2, idle_seconds=PATIENCE_SECONDS):
            received.extend(batch)
            queue.finish(len(batch))

    control.start("put", put_all)
    control.start("take", take_all)
    control.wait_for_end()
    assert received == list(range(50))
    assert queue.peak <= 3


def test_a_batch_is_full_unless_the_queue_is_closed_or_nothing_arrives(control: RunControl) -> None:
    queue: StageQueue[int] = StageQueue(control, 10)
    for number in range(7):
        queue.put(number)
    assert queue.get_batch(4) == [0, 1, 2, 3]
    assert queue.get_batch(4, idle_seconds=0.01) == [4, 5, 6]
    queue.put(7)
    queue.close()
    assert queue.get_batch(4) == [7]
    assert queue.get_batch(4) == []


def test_pages_in_flight_never_exceed_the_limit_and_every_lane_has_its_turn(control: RunControl) -> None:
    budget = PageBudget(control, 5, lambda _host: 9)
    counts = [0, 0, 0]
    tickets: StageQueue[PageTicket] = StageQueue(control, 1000)

    def read(lane: int) -> None:
        for _ in range(200):
            while not budget.take(lane, "host"):
                budget.wait_for_room(lane, ["host"])
            counts[lane] += 1
            tickets.put(PageTicket(control, budget, lane, "host"))
        budget.close_lane(lane)

    def write() -> None:
        while batch := tickets.get_batch():
            for ticket in batch:
                ticket.finish()
            tickets.finish(len(batch))

    for lane in range(3):
        budget.open_lane(lane)
    readers = ThreadGroup(control)
    for lane in range(3):
        readers.start("read", lambda lane=lane: read(lane))  # type: ignore[misc]
    control.start("write", write)
    readers.wait()
    tickets.close()
    control.wait_for_end()
    assert counts == [200, 200, 200]
    assert budget.peak <= 5


def test_one_lane_leaves_a_page_to_a_lane_that_has_none(control: RunControl) -> None:
    budget = PageBudget(control, 3, lambda _host: 9)
    budget.open_lane(0)
    budget.open_lane(1)
    assert [budget.take(0, "host") for _ in range(3)] == [True, True, False]
    assert budget.take(1, "host")
    assert not budget.take(1, "host")


def test_a_host_has_no_more_pages_in_flight_than_its_limit(control: RunControl) -> None:
    budget = PageBudget(control, 9, {"slow": 2, "quick": 9}.__getitem__)
    budget.open_lane(0)
    assert [budget.take(0, "slow") for _ in range(3)] == [True, True, False]
    budget.wait_for_room(0, ["slow", "quick"])
    assert budget.take(0, "quick")


def test_a_page_is_in_flight_until_its_last_picture_is_passed_on(control: RunControl) -> None:
    budget = PageBudget(control, 1, lambda _host: 9)
    budget.open_lane(0)
    budget.take(0, "host")
    ticket = PageTicket(control, budget, 0, "host")
    ticket.add(2)
    for _ in range(2):
        ticket.finish()
        assert not budget.take(0, "host")
    ticket.finish()
    assert budget.take(0, "host")


class NoDisk(Exception):
    pass


def test_the_first_error_stops_every_thread_and_is_raised(control: RunControl) -> None:
    empty: StageQueue[int] = StageQueue(control, 1)
    full: StageQueue[int] = StageQueue(control, 0)
    ends: list[str] = []

    def wait_for(name: str, queue_call: object) -> None:
        try:
            queue_call()  # type: ignore[operator]
        except RunStopped:
            ends.append(name)
            raise

    def fail() -> None:
        raise NoDisk

    control.start("get", lambda: wait_for("get", empty.get_batch), writes=True)
    control.start("put", lambda: wait_for("put", lambda: full.put(1)), writes=True)
    control.start("fail", fail)
    with pytest.raises(RunStopped):
        control.wait_for_end()
    control.join()
    assert sorted(ends) == ["get", "put"]
    with pytest.raises(NoDisk):
        control.raise_error()


def test_a_host_that_hangs_keeps_its_own_threads_only(control: RunControl) -> None:
    """Every task of the slow host hangs until those of the quick host are done."""
    pools = HostPools(control, lambda _host: 2)
    quick_done = threading.Event()
    slow_tasks = [Task(pools, lambda: quick_done.wait(PATIENCE_SECONDS)) for _ in range(15)]
    quick_tasks = [Task(pools, lambda number=number: number) for number in range(15)]  # type: ignore[misc]
    for slow_task, quick_task in zip(slow_tasks, quick_tasks, strict=True):
        pools.submit("slow", slow_task.run)
        pools.submit("quick", quick_task.run)
    assert [task.result() for task in quick_tasks] == list(range(15))
    assert not any(task.is_done for task in slow_tasks)
    quick_done.set()
    assert all(task.result() for task in slow_tasks)


def test_urgent_tasks_of_a_host_come_first(control: RunControl) -> None:
    pools = HostPools(control, lambda _host: 1)
    began, may_go_on, order = threading.Event(), threading.Event(), list[str]()

    def begin() -> None:
        began.set()
        may_go_on.wait(PATIENCE_SECONDS)

    pools.submit("host", begin)
    began.wait(PATIENCE_SECONDS)
    for name in ("read 1", "read 2"):
        pools.submit("host", lambda name=name: order.append(name))  # type: ignore[misc]
    pools.submit("host", lambda: order.append("cut"), urgent=True)
    may_go_on.set()
    control.wait_for_end()
    assert order == ["cut", "read 1", "read 2"]


def test_an_error_of_a_task_is_raised_where_its_result_is_needed(control: RunControl) -> None:
    pools = HostPools(control, lambda _host: 1)

    def fail() -> None:
        raise NoDisk

    task = Task(pools, fail)
    pools.submit("host", task.run)
    with pytest.raises(NoDisk):
        task.result()
