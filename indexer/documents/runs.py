"""Runs → documents: the run itself, and one document per problem."""

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from importlib.metadata import version
from itertools import islice
from typing import Any

from indexer.records import Problem
from indexer.run_records import IngestRun, RunReport

RunDocument = dict[str, Any]

MAX_PROBLEMS = 10_000
"""Problems of one run that are written; a folder of scans that is not mounted has one per page."""


def run_documents(
    run: IngestRun, report: RunReport, error: BaseException | None, ended_at: datetime, max_problems: int = MAX_PROBLEMS
) -> dict[str, RunDocument]:
    """Return documents by id: the run, and up to `max_problems` of its problems, the most severe first.

    `error` is the exception that ended the run.
    """
    problems = list(_problems_by_severity(report, error))
    run_document = {
        "document": "run",
        "run": run.id,
        "started": format_timestamp(run.started_at),
        "ended": format_timestamp(ended_at),
        "outcome": _outcome(error),
        "rebuild": run.rebuild,
        "sources": [redact(source) for source in run.sources],
        "models": list(run.models),
        "version": version("frontispiece"),
        "counts": {report_field.name: _count(getattr(report, report_field.name)) for report_field in fields(report)},
        "unlisted": max(0, len(problems) - max_problems),
    }
    common_fields = {"document": "problem", "run": run.id, "at": format_timestamp(run.started_at)}
    documents: dict[str, RunDocument] = {run.id: run_document}
    for number, (severity, problem) in enumerate(islice(problems, max_problems)):
        details = {"file": redact(problem.file), "reason": redact(problem.reason), "severity": severity}
        documents[f"{run.id}-{number}"] = common_fields | {name: value for name, value in details.items() if value}
    return documents


def format_timestamp(moment: datetime) -> str:
    """Return ISO 8601 with milliseconds, as the mapping of runs expects it."""
    return moment.isoformat(timespec="milliseconds")


def _problems_by_severity(report: RunReport, error: BaseException | None) -> Iterator[tuple[str, Problem]]:
    if error is not None and not isinstance(error, KeyboardInterrupt):
        yield "ended the run", Problem("", str(error) or type(error).__name__)
    problem_lists = {"refused": report.rejected, "left out": report.problems, "warning": report.warnings}
    for severity, problems in problem_lists.items():
        yield from ((severity, problem) for problem in problems)


def _outcome(error: BaseException | None) -> str:
    if error is None:
        return "finished"
    return "stopped" if isinstance(error, KeyboardInterrupt) else "failed"


def _count(value: int | tuple[Problem, ...]) -> int:
    return value if isinstance(value, int) else len(value)


def redact(text: str) -> str:
    """Remove passwords from URLs, and bytes of file names that are not valid characters."""
    readable = text.encode("utf-8", "replace").decode("utf-8")
    return re.sub(r"(https?://)[^/@\s]+@", r"\1", readable)
