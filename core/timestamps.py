"""The current time, as Elasticsearch and the files of this project write it; no other module reads the calendar."""

from datetime import UTC, datetime
from typing import Literal


def utc_now() -> datetime:
    """Return the current time in UTC. Durations are measured with `time.monotonic`, which nobody sets."""
    return datetime.now(UTC)


def utc_timestamp(precision: Literal["seconds", "milliseconds", "microseconds"] = "seconds") -> str:
    """Return the current time in UTC, in ISO 8601."""
    return utc_now().isoformat(timespec=precision)
