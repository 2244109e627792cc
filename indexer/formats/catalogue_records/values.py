"""Choices among the values that a record repeats."""

from collections.abc import Iterable


def first_value(values: Iterable[str]) -> str:
    """Return the first value that is not empty, else an empty string."""
    return next((value for value in values if value), "")


def unique_values(values: Iterable[str]) -> tuple[str, ...]:
    """Return the values that are not empty, each once, in their order."""
    return tuple(dict.fromkeys(value for value in values if value))
