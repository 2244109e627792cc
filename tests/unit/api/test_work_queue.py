"""A queue tells what waits, what works and what is refused."""

import pytest
from anyio import Event, create_task_group, wait_all_tasks_blocked

from api.monitoring.instruments import REGISTRY
from api.work_queue import ServiceBusy, WorkQueue
from tests.event_loops import run_coroutine


def sample(name: str) -> float:
    return REGISTRY.get_sample_value(f"frontispiece_queue_{name}", {"queue": "pictures"}) or 0.0


def test_waiting_working_and_refused_requests_are_counted() -> None:
    async def fill() -> None:
        queue = WorkQueue("pictures", 1, max_waiting=1, wait_seconds=600)
        done = Event()

        async def work() -> None:
            async with queue.slot():
                await done.wait()

        refused, waited = sample("refused_total"), sample("wait_seconds_count")
        async with create_task_group() as tasks:
            tasks.start_soon(work)
            tasks.start_soon(work)
            await wait_all_tasks_blocked()
            assert (sample("running"), sample("waiting")) == (1, 1)
            with pytest.raises(ServiceBusy):
                async with queue.slot():
                    pass
            done.set()
        assert (sample("running"), sample("waiting")) == (0, 0)
        assert sample("refused_total") == refused + 1
        assert sample("wait_seconds_count") == waited + 2

    run_coroutine(fill)


def test_a_wait_that_is_too_long_is_a_refusal() -> None:
    async def wait() -> None:
        queue = WorkQueue("pictures", 1, max_waiting=5, wait_seconds=0.5)
        refused = sample("refused_total")
        async with queue.slot():
            with pytest.raises(ServiceBusy):
                async with queue.slot():
                    pass
        assert sample("refused_total") == refused + 1
        assert sample("waiting") == 0

    run_coroutine(wait)
