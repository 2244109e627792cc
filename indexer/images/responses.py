"""What a fetcher reads of a response: the pause that it asks for, and its body within limits."""

import time
from collections.abc import Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime

import httpx

from core.errors import FileUnavailable, ProblemCode
from core.timestamps import utc_now


class TooSlow(Exception):
    """A body that is still incomplete when the run's patience with the server ends."""


def parse_retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of `Retry-After`, which is a number or a date; None if it is neither.

    A date is compared with the server's own `Date`: its clock, or this machine's, may be wrong.
    """
    retry_after = headers.get("Retry-After", "")
    with suppress(ValueError):
        return max(0.0, float(retry_after))
    with suppress(ValueError, TypeError):
        now = parsedate_to_datetime(headers["Date"]) if "Date" in headers else utc_now()
        return max(0.0, (parsedate_to_datetime(retry_after) - now).total_seconds())
    return None


def read_body(response: httpx.Response, url: str, *, deadline: float, max_bytes: int) -> bytes:
    """Return the body; FileUnavailable if it is too large, TooSlow if it is incomplete at the deadline."""
    chunks, size = [], 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > max_bytes:
            raise FileUnavailable(url, f"larger than {max_bytes // 2**20} MiB", code=ProblemCode.TOO_LARGE)
        if time.monotonic() > deadline:
            raise TooSlow(f"too slow: {size:,} bytes until the run's patience with the server ended")
        chunks.append(chunk)
    return b"".join(chunks)


def read_start(response: httpx.Response, size: int) -> bytes:
    """Return at most the first bytes of a body."""
    start = b""
    for chunk in response.iter_bytes():
        start += chunk
        if len(start) >= size:
            break
    return start[:size]
