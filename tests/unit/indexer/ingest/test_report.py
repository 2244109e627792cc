"""Counts and sentences of the report of a run."""

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
