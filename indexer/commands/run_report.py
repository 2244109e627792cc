"""The report of an ingest run, as a table for the terminal."""

from pathlib import Path

from rich.table import Table

from core.console import console, print_message, print_warning
from indexer.run_records import RunReport

MAX_PROBLEMS_SHOWN = 12
"""Problems on the terminal; the report's file lists all of them."""


def print_report(report: RunReport, path: Path | None = None) -> None:
    """Print the counts and the first problems; `path` is the file that has the whole report."""
    table = Table(show_header=False, box=None, pad_edge=False)
    rows = {
        "books": report.books,
        "pages": report.pages,
        "pages written": report.pages_written,
        "pictures written": report.written,
        "of these with vectors from before": report.reused,
        "pictures unchanged": report.unchanged,
        "of these with crops cut out again": report.crops_restored,
        "too small to be a picture": report.too_small,
        "pictures removed": report.removed,
        "pages removed": report.pages_removed,
        "left out": len(report.problems),
        "refused by Elasticsearch": len(report.rejected),
        "warnings": len(report.warnings),
    }
    for name, count in rows.items():
        table.add_row(name, f"{count:,}")
    console.print(table)
    if report.files:
        print_message(f"files: {format_file_counts(report)}")
    problems = [*report.rejected, *report.problems]
    for problem in problems[:MAX_PROBLEMS_SHOWN]:
        print_warning(f"  {problem}")
    if path and (len(problems) > MAX_PROBLEMS_SHOWN or report.warnings):
        print_message(f"  the whole report: {path}")


def format_file_counts(report: RunReport) -> str:
    """Return the sum of the files and what became of them."""
    return (
        f"{report.files:,} = {report.files_read:,} read, {report.files_companion:,} belong to them, "
        f"{report.files_ignored:,} ignored, {report.files_not_read:,} not read"
    )
