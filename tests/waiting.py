"""Wait for another process or thread, with a limit that even a very busy machine does not reach."""

import time
from collections.abc import Callable

import httpx

PATIENCE_SECONDS = 600.0
"""Limit of one wait. Only a test that fails waits this long."""

POLL_SECONDS = 0.05


def wait_until(condition: Callable[[], bool]) -> bool:
    """Poll the condition; return whether it became true within the limit."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (is_met := condition()) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    return is_met


def wait_for_response(url: str, is_alive: Callable[[], bool]) -> httpx.Response:
    """Return the server's first response to GET; fail at once if the server has ended (`is_alive` is false)."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return httpx.get(url, timeout=PATIENCE_SECONDS)
        except httpx.TransportError:
            assert is_alive(), f"the server at {url} has ended"
            if time.monotonic() > deadline:
                raise
        time.sleep(POLL_SECONDS)
