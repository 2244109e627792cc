"""What a run did, and what it left out."""

from dataclasses import dataclass, field, replace

from indexer.records import Problem


@dataclass(slots=True)
class RunReport:
    """Counted and named, as it goes into the report's file."""

    books: int = 0
    pages: int = 0
    """Pages that were read."""
    written: int = 0
    """Pictures."""
    unchanged: int = 0
    """Pictures that the index has as they are."""
    pages_written: int = 0
    """Pages whose words are new or changed."""
    books_written: int = 0
    too_small: int = 0
    """Graphical elements with a side below `reading.MIN_SIDE` pixels of the scan."""
    removed: int = 0
    """Pictures that an earlier run wrote and that the book's files no longer have."""
    pages_removed: int = 0
    problems: list[Problem] = field(default_factory=list)
    """Pages and pictures that were left out."""
    warnings: list[Problem] = field(default_factory=list)
    """What was read although something was wrong with it."""
    rejected: list[Problem] = field(default_factory=list)
    """Documents that Elasticsearch refused."""


class RunReportBuilder:
    """Fills a report; the same thing is told once: a server that is down is so for hundreds of pages."""

    def __init__(self) -> None:
        self.report = RunReport()
        self._occurrences: dict[Problem, int] = {}

    @property
    def failure_count(self) -> int:
        """How often something was left out or refused so far."""
        return sum(self._occurrences.values()) + len(self.report.rejected)

    def add_problem(self, problem: Problem) -> None:
        if problem not in self._occurrences:
            self.report.problems.append(problem)
        self._occurrences[problem] = self._occurrences.get(problem, 0) + 1

    def build(self) -> RunReport:
        """The report, with how often where it was more than once; asked again, the same."""
        for index, problem in enumerate(self.report.problems):
            if (count := self._occurrences.get(problem, 1)) > 1:
                self.report.problems[index] = replace(problem, reason=f"{problem.reason} ({count} pages and pictures)")
        return self.report
