"""Counts and sentences of the report of a run."""

import pickle
from typing import Any, Self

from core.errors import ProblemCode
from indexer.commands.run_report import format_file_counts
from indexer.ingest.report import RunReportBuilder
from indexer.records import Problem
from indexer.run_records import FileAccount

ACCOUNT = FileAccount(
    folder="books",
    read_count=1200,
    page_files=frozenset(f"{number}.jpg" for number in range(1199)),
    companion_count=3,
    ignored_count=2,
    not_read_count=1,
    notes=(Problem("books", "2 hidden files are ignored"),),
)


def test_file_counts_are_the_sum_of_all_folders() -> None:
    builder = RunReportBuilder()
    builder.add_account(ACCOUNT)
    builder.add_account(ACCOUNT)
    report = builder.build()
    assert format_file_counts(report) == "2,412 = 2,400 read, 6 belong to them, 4 ignored, 2 not read"
    assert report.notes == (*ACCOUNT.notes, *ACCOUNT.notes)


def test_file_that_turns_out_to_be_damaged_counts_as_not_read() -> None:
    builder = RunReportBuilder()
    builder.add_account(ACCOUNT)
    builder.add_problem(Problem("1.jpg", "a: damaged", ProblemCode.UNREADABLE))
    builder.add_problem(Problem("1.jpg", "b: damaged", ProblemCode.UNREADABLE))
    builder.add_problem(Problem("2.jpg", "the region lies outside", ProblemCode.OUTSIDE_SCAN))
    builder.add_problem(Problem("record.xml", "one field is damaged", ProblemCode.MALFORMED))
    builder.add_problem(Problem("elsewhere.jpg", "damaged", ProblemCode.UNREADABLE))
    report = builder.build()
    assert (report.files_read, report.files_not_read, report.files) == (1199, 2, 1206)


class CountedPath(str):
    """A path that counts how often it is compared with another."""

    comparisons: list[str]

    def __new__(cls, path: str, comparisons: list[str]) -> Self:
        counted_path = super().__new__(cls, path)
        counted_path.comparisons = comparisons
        return counted_path

    def __eq__(self, other: object) -> bool:
        self.comparisons.append(str(other))
        return str(self) == other

    def startswith(self, *prefix: Any) -> bool:
        self.comparisons.append(str(prefix))
        return str(self).startswith(*prefix)

    __hash__ = str.__hash__


def test_a_problem_is_not_compared_with_the_folder_of_every_archive() -> None:
    builder, comparisons = RunReportBuilder(), list[str]()
    for number in range(200):
        builder.add_account(FileAccount(folder=f"/scratch/{number}", shown_folder=f"{number}.zip"))
    for number in range(200):
        builder.add_problem(Problem(CountedPath(f"/scratch/{number}/alto/1.xml", comparisons), "damaged"))
    builder.add_problem(Problem("/scratch/2000/1.xml", "damaged"))
    files = [problem.file for problem in builder.build().problems]
    assert files == [*(f"{number}.zip/alto/1.xml" for number in range(200)), "/scratch/2000/1.xml"]
    assert len(comparisons) < 2000


def fill_part(builder: RunReportBuilder, number: int) -> None:
    """Add a volume of ten pictures; every hundredth has a problem and a warning."""
    part = builder.open_part((0, number))
    part.count("books")
    part.count("written", 10)
    if number % 100 == 7:
        part.add_problem(Problem("host", "does not answer"))
        part.add_warning(f"{number}.xml", "no year")


def test_parts_that_have_ended_without_a_problem_are_kept_as_counts_only() -> None:
    builder, whole = RunReportBuilder(), RunReportBuilder()
    for number in reversed(range(3000)):
        fill_part(builder, number)
        builder.end_part((0, number))
        fill_part(whole, number)
    assert builder.build() == whole.build()
    assert (builder.build().books, builder.build().warnings[0]) == (3000, Problem("7.xml", "no year"))
    assert len(pickle.dumps(builder)) < len(pickle.dumps(whole)) / 20


def test_a_part_that_has_ended_can_be_read_until_another_is_opened() -> None:
    """So that a worker of a cluster returns the part of its only volume."""
    builder = RunReportBuilder()
    fill_part(builder, 0)
    builder.end_part((0, 0))
    builder.end_part((0, 0))
    assert builder.open_part((0, 0)).build().written == 10
    fill_part(builder, 1)
    assert builder.build().written == 20


def test_paths_of_pages_are_not_kept_until_the_run_ends() -> None:
    builder = RunReportBuilder()
    paths = frozenset(f"/library/newspapers/1890/alto/{number:08}.xml" for number in range(5000))
    builder.add_account(FileAccount(folder="/library", read_count=5000, page_files=paths))
    assert len(pickle.dumps(builder)) < 10 * len(paths)
    builder.add_problem(Problem("/library/newspapers/1890/alto/00000007.xml", "damaged", ProblemCode.MALFORMED))
    assert (builder.build().files_read, builder.build().files_not_read) == (4999, 1)
