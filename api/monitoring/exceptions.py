"""Exceptions as the log shows them: where they were raised, without the values that a reader may have sent."""

from collections.abc import Iterator
from traceback import format_tb

WORDED_BY_PROGRAMS = (
    *(ArithmeticError, AssertionError, AttributeError, ImportError, MemoryError, NameError, OSError, RuntimeError),
    TypeError,
)
"""Exceptions whose messages name files, types and limits. `ValueError` and `KeyError` repeat the value itself."""


def describe_exception(error: BaseException) -> str:
    """Return the traceback with its causes; local variables, which hold uploads and the API key, are not in it."""
    return "\nwhich led to\n".join(_describe_one(cause) for cause in reversed(list(_causes(error))))


def _describe_one(error: BaseException) -> str:
    message = f": {error}" if isinstance(error, WORDED_BY_PROGRAMS) else ""
    return f"{''.join(format_tb(error.__traceback__))}{type(error).__name__}{message}"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
