"""Which failed requests a fetcher repeats, and when."""

import threading
from collections import Counter

from core.errors import FileUnavailable

MAX_FUTILE_RETRIES = 5
"""Files of one server that gave an error status in spite of all retries, after which errors are hardly repeated."""
FUTILE_INTERVAL = 10
"""Of so many further such files one is requested again, to see whether retries help by now."""


class RetryLater(Exception):
    """Asks for another attempt after `wait` seconds (None: the usual back-off); `outcome` is raised after the last."""

    def __init__(self, outcome: FileUnavailable, wait: float | None = None) -> None:
        super().__init__(outcome.reason)
        self.outcome, self.wait = outcome, wait


def retry_decision(error: Exception) -> bool | float:
    """Tell stamina whether to retry, and after how many seconds."""
    if not isinstance(error, RetryLater):
        return False
    return True if error.wait is None else error.wait


class RetryHistory:
    """Whether retries after an error status have helped, for each server; any thread may use it.

    Some servers answer 500 to each size that they do not offer, or to each picture of a damaged book.
    """

    def __init__(self) -> None:
        self._futile_counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def is_worth_repeating(self, host: str) -> bool:
        with self._lock:
            count = self._futile_counts[host]
        return count < MAX_FUTILE_RETRIES or count % FUTILE_INTERVAL == 0

    def record_futile(self, host: str) -> None:
        with self._lock:
            self._futile_counts[host] += 1

    def record_success(self, host: str) -> None:
        with self._lock:
            self._futile_counts[host] = 0
