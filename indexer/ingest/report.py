"""Builds the report of a run; no other module of `ingest` counts."""

import os
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
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

    Parts that threads fill at the same time are put together in the order of their keys. Of a part that has ended
    without anything to tell only the counts are kept, so that memory does not grow with the number of volumes.
    """

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._problems: Counter[Problem] = Counter()
        self._warnings: list[Problem] = []
        self._rejections: list[Problem] = []
        self._accounts: list[FileAccount] = []
        self._notes: list[Problem] = []
        self._page_hashes: array[int] = array("q")
        """Hashes of the paths of the pages in `_accounts`, which would fill the memory in a run of millions."""
        self._parts: dict[tuple[int, ...], RunReportBuilder] = {}
        self._ended_keys: list[tuple[int, ...]] = []

    @property
    def failure_count(self) -> int:
        """How many pages, pictures and documents were left out or refused so far."""
        return self._problems.total() + len(self._rejections)

    def open_part(self, key: tuple[int, ...]) -> "RunReportBuilder":
        """Return the builder of a part; `build` adds it after those with lower keys."""
        with _lock:
            if key not in self._parts:
                self._fold_ended_parts()
                self._parts[key] = RunReportBuilder()
            return self._parts[key]

    def end_part(self, key: tuple[int, ...]) -> None:
        """Say that nothing will be added to a part; it can be read until another one is opened."""
        with _lock:
            self._ended_keys.append(key)

    def _fold_ended_parts(self) -> None:
        """Keep only the counts of the parts that have ended and have nothing to tell; others have their order."""
        for key in self._ended_keys:
            part = self._parts.get(key)
            if part and not part._has_entries:
                self._counts.update(self._parts.pop(key)._counts)
        self._ended_keys.clear()

    @property
    def _has_entries(self) -> bool:
        return any((self._problems, self._warnings, self._rejections, self._accounts, self._notes, self._parts))

    def absorb(self, part: "RunReportBuilder") -> None:
        """Add what another builder has."""
        with _lock:
            self._absorb(part)

    def _absorb(self, part: "RunReportBuilder") -> None:
        self._counts.update(part._counts)
        self._problems.update(part._problems)
        self._warnings += part._warnings
        self._rejections += part._rejections
        self._accounts += part._accounts
        self._notes += part._notes
        self._page_hashes += part._page_hashes

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
        self._accounts.append(replace(account, page_files=frozenset()))
        self._page_hashes.extend(map(hash, account.page_files))

    def build(self) -> RunReport:
        """Return the report so far."""
        whole = RunReportBuilder()
        with _lock:
            whole._absorb(self)
            for _, part in sorted(self._parts.items(), key=lambda item: item[0]):
                whole._absorb(part)
        return whole._build()

    def _build(self) -> RunReport:
        shown_folders = {account.folder: account.shown_folder for account in self._accounts if account.shown_folder}
        return RunReport(
            **self._counts,
            **self._file_counts(),
            problems=tuple(
                _with_occurrences(_rename_file(problem, shown_folders), count)
                for problem, count in self._problems.items()
            ),
            notes=tuple(
                _rename_file(note, shown_folders)
                for note in (*self._notes, *(note for account in self._accounts for note in account.notes))
            ),
            warnings=tuple(_rename_file(warning, shown_folders) for warning in self._warnings),
            rejected=tuple(self._rejections),
        )

    def _file_counts(self) -> Counter[str]:
        """Return the sums of all accounts; a file that turned out to be unusable counts as not read."""
        unusable_hashes = {hash(problem.file) for problem in self._problems if problem.code in UNUSABLE_FILE_CODES}
        # A path that several accounts have counts in each of them.
        unusable_count = sum(page_hash in unusable_hashes for page_hash in self._page_hashes) if unusable_hashes else 0
        counts: Counter[str] = Counter(files_read=-unusable_count, files_not_read=unusable_count)
        for account in self._accounts:
            counts["files_read"] += account.read_count
            counts["files_companion"] += account.companion_count
            counts["files_ignored"] += account.ignored_count
            counts["files_not_read"] += account.not_read_count
        return counts


def _with_occurrences(problem: Problem, count: int) -> Problem:
    return problem if count == 1 else replace(problem, reason=f"{problem.reason} ({count} pages and pictures)")


def _rename_file(problem: Problem, shown_folders: Mapping[str, str]) -> Problem:
    """Return the problem with the name of the archive in place of the folder where it was unpacked."""
    for folder in _path_and_folders(problem.file) if shown_folders else ():
        if shown_folder := shown_folders.get(folder):
            return replace(problem, file=shown_folder + problem.file.removeprefix(folder))
    return problem


def _path_and_folders(path: str) -> Iterator[str]:
    """Yield a path and the folders above it."""
    while path:
        yield path
        path = path.rpartition(os.sep)[0]
