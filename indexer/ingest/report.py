"""Builds the report of a run; no other module of `ingest` counts."""

from collections import Counter
from dataclasses import replace
from typing import Literal

from indexer.records import Problem
from indexer.run_records import RunReport

CounterName = Literal[
    "books",
    "pages",
    "written",
    "unchanged",
    "pages_written",
    "books_written",
    "too_small",
    "removed",
    "pages_removed",
]


class RunReportBuilder:
    """Counts what a run does and collects its problems; `build` returns the report at any moment."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._problems: Counter[Problem] = Counter()
        self._warnings: list[Problem] = []
        self._rejections: list[Problem] = []

    @property
    def failure_count(self) -> int:
        """How many pages, pictures and documents were left out or refused so far."""
        return self._problems.total() + len(self._rejections)

    def count(self, name: CounterName, amount: int = 1) -> None:
        """Add to a counter of the report."""
        self._counts[name] += amount

    def add_problem(self, problem: Problem) -> None:
        """Record something that was left out; an equal problem is listed once, with how often it occurred."""
        self._problems[problem] += 1

    def add_warning(self, file: str, reason: str) -> None:
        """Record something that was read although it is wrong."""
        self._warnings.append(Problem(file, reason))

    def add_rejection(self, document_id: str, reason: str) -> None:
        """Record a document that Elasticsearch refused."""
        self._rejections.append(Problem(document_id, reason))

    def build(self) -> RunReport:
        """Return the report so far."""
        return RunReport(
            **self._counts,
            problems=tuple(_with_occurrences(problem, count) for problem, count in self._problems.items()),
            warnings=tuple(self._warnings),
            rejected=tuple(self._rejections),
        )


def _with_occurrences(problem: Problem, count: int) -> Problem:
    return problem if count == 1 else replace(problem, reason=f"{problem.reason} ({count} pages and pictures)")
