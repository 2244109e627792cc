"""Builds the report of a run; no other module of `ingest` counts."""

import os
from collections import Counter
from dataclasses import replace
from threading import Lock
from typing import Literal

from core.errors import ProblemCode
from indexer.records import Problem
from indexer.run_records import FileAccount, RunReport

CounterName = Literal[
    "books",
    "pages",
    "written",
    "unchanged",
    "reused",
    "crops_restored",
    "pages_written",
    "books_written",
    "too_small",
    "removed",
    "pages_removed",
]

UNUSABLE_FILE_CODES = frozenset(
    (
        ProblemCode.NOT_FOUND,
        ProblemCode.EMPTY,
        ProblemCode.TOO_LARGE,
        ProblemCode.UNREADABLE,
        ProblemCode.MALFORMED,
        ProblemCode.UNSUPPORTED,
    )
)
"""Codes of problems that concern a whole file."""

_lock = Lock()
"""Guards all builders: they are changed by many threads, and seldom."""


class RunReportBuilder:
    """Counts what a run does and collects its problems; `build` returns the report at any moment.

    Parts that threads fill at the same time are put together in the order of their keys.
    """

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._problems: Counter[Problem] = Counter()
        self._warnings: list[Problem] = []
        self._rejections: list[Problem] = []
        self._accounts: list[FileAccount] = []
        self._notes: list[Problem] = []
        self._parts: dict[tuple[int, ...], RunReportBuilder] = {}

    @property
    def failure_count(self) -> int:
        """How many pages, pictures and documents were left out or refused so far."""
        return self._problems.total() + len(self._rejections)

    def open_part(self, key: tuple[int, ...]) -> "RunReportBuilder":
        """Return the builder of a part; `build` adds it after those with lower keys."""
        return self._parts.setdefault(key, RunReportBuilder())

    def absorb(self, part: "RunReportBuilder") -> None:
        """Add what another builder has."""
        with _lock:
            self._counts.update(part._counts)
            self._problems.update(part._problems)
            self._warnings += part._warnings
            self._rejections += part._rejections
            self._accounts += part._accounts
            self._notes += part._notes

    def count(self, name: CounterName, amount: int = 1) -> None:
        """Add to a counter of the report."""
        with _lock:
            self._counts[name] += amount

    def add_problem(self, problem: Problem) -> None:
        """Record something that was left out; an equal problem is listed once, with how often it occurred."""
        with _lock:
            self._problems[problem] += 1

    def add_warning(self, file: str, reason: str) -> None:
        """Record something that was read although it is wrong."""
        self._warnings.append(Problem(file, reason))

    def add_rejection(self, document_id: str, reason: str) -> None:
        """Record a document that Elasticsearch refused."""
        self._rejections.append(Problem(document_id, reason))

    def add_note(self, file: str, reason: str) -> None:
        """Record something that was passed over on purpose."""
        self._notes.append(Problem(file, reason))

    def add_account(self, account: FileAccount) -> None:
        """Record what became of the files below one folder."""
        self._accounts.append(account)

    def build(self) -> RunReport:
        """Return the report so far."""
        whole = RunReportBuilder()
        whole.absorb(self)
        for _, part in sorted(self._parts.copy().items(), key=lambda item: item[0]):
            whole.absorb(part)
        return whole._build()

    def _build(self) -> RunReport:
        return RunReport(
            **self._counts,
            **self._file_counts(),
            problems=tuple(
                _with_occurrences(self._rename_file(problem), count) for problem, count in self._problems.items()
            ),
            notes=tuple(
                self._rename_file(note)
                for note in (*self._notes, *(note for account in self._accounts for note in account.notes))
            ),
            warnings=tuple(map(self._rename_file, self._warnings)),
            rejected=tuple(self._rejections),
        )

    def _rename_file(self, problem: Problem) -> Problem:
        """Return the problem with the name of the archive in place of the folder where it was unpacked."""
        for account in self._accounts:
            if account.shown_folder and is_below(problem.file, account.folder):
                return replace(problem, file=account.shown_folder + problem.file.removeprefix(account.folder))
        return problem

    def _file_counts(self) -> Counter[str]:
        """Return the sums of all accounts; a file that turned out to be unusable counts as not read."""
        unusable = {problem.file for problem in self._problems if problem.code in UNUSABLE_FILE_CODES}
        counts: Counter[str] = Counter()
        for account in self._accounts:
            unusable_count = len(account.page_files & unusable)
            counts["files_read"] += account.read_count - unusable_count
            counts["files_companion"] += account.companion_count
            counts["files_ignored"] += account.ignored_count
            counts["files_not_read"] += account.not_read_count + unusable_count
        return counts


def _with_occurrences(problem: Problem, count: int) -> Problem:
    return problem if count == 1 else replace(problem, reason=f"{problem.reason} ({count} pages and pictures)")


def is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}{os.sep}")
