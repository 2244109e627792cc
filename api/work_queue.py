"""Work that takes processor and memory: a few requests do it at a time, some wait, the others get 503."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar

from anyio import Semaphore, move_on_after

from api.errors import UserFacingError
from api.monitoring.instruments import QUEUE_REFUSED, QUEUE_RUNNING, QueueName, measure_wait
from api.sentences import Sentence

BUSY_MESSAGE = Sentence("The service is very busy at the moment. Please try again in a few seconds.")


class ServiceBusy(UserFacingError):
    """Too many requests ask for the same kind of work; `Retry-After` says when to try again."""

    status = 503
    headers: ClassVar = {"Retry-After": "5"}


class WorkQueue:
    """Lets `slots` requests work at a time, and others wait in the order of their arrival."""

    def __init__(self, name: QueueName, slots: int, *, max_waiting: int, wait_seconds: float) -> None:
        self._name, self._semaphore = name, Semaphore(slots)
        self._max_waiting, self._wait_seconds = max_waiting, wait_seconds

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Hold a slot; raise ServiceBusy if too many wait already, or if none is free in time."""
        if self._semaphore.statistics().tasks_waiting >= self._max_waiting:
            raise self._refusal()
        with measure_wait(self._name), move_on_after(self._wait_seconds) as wait_scope:
            await self._semaphore.acquire()
        if wait_scope.cancelled_caught:
            raise self._refusal()
        try:
            with QUEUE_RUNNING.labels(self._name).track_inprogress():
                yield
        finally:
            self._semaphore.release()

    def _refusal(self) -> ServiceBusy:
        QUEUE_REFUSED.labels(self._name).inc()
        return ServiceBusy(BUSY_MESSAGE)
