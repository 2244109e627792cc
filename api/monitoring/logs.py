"""How the log is written: to standard error, for people or as JSON, each line with the id of its request."""

import sys
from typing import Literal, TextIO

import structlog

LogFormat = Literal["text", "json"]


def configure_logs(log_format: LogFormat, file: TextIO | None = None) -> None:
    """Write the log to a file, or to standard error, from now on."""
    file = file or sys.stderr
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=file.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(file),
    )
