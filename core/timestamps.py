"""The current time as Elasticsearch and the files of this project write it."""

from datetime import UTC, datetime
from typing import Literal


def utc_timestamp(precision: Literal["seconds", "milliseconds", "microseconds"] = "seconds") -> str:
    """Return the current time in UTC, in ISO 8601."""
    return datetime.now(UTC).isoformat(timespec=precision)
