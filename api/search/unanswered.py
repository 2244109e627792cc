"""Searches whose words nothing has: what is kept of them, and when it is written.

Words only: no address, no cookie, no id of a request, the day and not the time. What looks like a person's own
address or number is left out.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from time import monotonic
from typing import Protocol

import structlog
from anyio import create_task_group, fail_after, sleep

from api.monitoring.instruments import UNANSWERED_SEARCHES
from api.search.choices import DocumentType
from api.search.parameters import FILTERS
from api.search.request import SearchRequest, parameter_default
from core.timestamps import utc_now

MAX_WORDS_LENGTH = 200
MAX_PENDING = 1_000
"""Different searches that wait to be written; beyond them they are dropped."""
WRITE_SECONDS, CLEANING_SECONDS, LAST_WRITE_SECONDS = 30.0, 3600.0, 3.0
"""How often the searches are written and old ones deleted, and how long the end of the service waits for the last."""
_PRIVATE_TOKEN = re.compile(r"(?<!\S)\S*(?:@|://|www\.|\d{5,}|(?:\d{2,3}[ -]){2,}\d{2,3})\S*")
"""Mail and web addresses, and numbers longer than a year: telephones, birth numbers, ids."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class UnansweredSearch:
    """What is kept of one search."""

    day: date
    words: str
    """As typed, in lower case, without what looks like somebody's address or number."""
    filters: tuple[str, ...]
    """Names of the filters that were set; not their values."""
    documents: tuple[DocumentType, ...]


class UnansweredStore(Protocol):
    """Where the searches are kept."""

    async def write(self, searches: Sequence[UnansweredSearch]) -> None:
        """Write the searches; raise an error of the store if it does not take them."""

    async def delete_before(self, day: date) -> None:
        """Delete the searches of all days before this one."""


def describe_search(search_request: SearchRequest, day: date) -> UnansweredSearch | None:
    """Return what is kept of a search; None if nothing of its words may be."""
    words = " ".join(_PRIVATE_TOKEN.sub(" ", search_request.query_text).lower().split())[:MAX_WORDS_LENGTH]
    if not re.search(r"\w", words):
        return None
    filters = tuple(name for name in FILTERS if search_request.get(name) != parameter_default(name))
    return UnansweredSearch(day, words, filters, search_request.document)


class UnansweredSearches:
    """Collects searches in memory and writes them in the background: a search neither waits nor fails for it."""

    def __init__(
        self,
        store: UnansweredStore,
        days: int,
        store_errors: tuple[type[Exception], ...],
        *,
        today: Callable[[], date] = lambda: utc_now().date(),
    ) -> None:
        """`days` is how long searches are kept; `store_errors` are what the store raises."""
        self._store, self._days, self._store_errors, self._today = store, days, store_errors, today
        self._pending: dict[UnansweredSearch, None] = {}
        self._cleaned_at = -CLEANING_SECONDS

    def add(self, search_request: SearchRequest) -> None:
        """Remember a search; the same one again within half a minute counts once."""
        if (search := describe_search(search_request, self._today())) is None:
            return
        if len(self._pending) < MAX_PENDING:
            self._pending[search] = None
        else:
            UNANSWERED_SEARCHES.labels("dropped").inc()

    async def write(self) -> None:
        """Write what is pending; what cannot be written is counted and forgotten."""
        searches = list(self._pending)
        self._pending.clear()
        if searches and await self._try(self._store.write(searches)):
            UNANSWERED_SEARCHES.labels("written").inc(len(searches))
        elif searches:
            UNANSWERED_SEARCHES.labels("failed").inc(len(searches))

    async def delete_old(self) -> None:
        """Delete what is older than the setting says."""
        await self._try(self._store.delete_before(self._today() - timedelta(days=self._days)))

    async def _try(self, action: Awaitable[None]) -> bool:
        try:
            await action
        except self._store_errors as error:
            log.warning(
                "unanswered.not_kept",
                error=type(error).__name__,
                status=getattr(error, "status_code", None),
                advice="run `frontispiece setup` again if the status is 403: the service's key needs new privileges",
            )
            return False
        return True

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        """Write and delete in the background while the block runs, and write once more at its end."""
        async with create_task_group() as tasks:
            tasks.start_soon(self._write_for_ever)
            try:
                yield
            finally:
                tasks.cancel_scope.cancel()
        with suppress(TimeoutError), fail_after(LAST_WRITE_SECONDS):
            await self.write()

    async def _write_for_ever(self) -> None:
        while True:
            if monotonic() - self._cleaned_at >= CLEANING_SECONDS:
                self._cleaned_at = monotonic()
                await self.delete_old()
            await sleep(WRITE_SECONDS)
            await self.write()
