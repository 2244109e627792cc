"""The documents that record a run."""

from datetime import UTC, datetime
from typing import Any

import pytest

from core.errors import FrontispieceError
from indexer.documents.runs import run_documents
from indexer.elasticsearch.mappings import index_body
from indexer.ingest.report import RunReportBuilder
from indexer.records import Problem
from indexer.run_records import IngestRun, RunReport

STARTED_AT, ENDED_AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC), datetime(2026, 11, 24, 10, 5, tzinfo=UTC)
RUN = IngestRun(id="one", started_at=STARTED_AT, sources=("books",), models=("sscd@1",), rebuild=False)
REPORT = RunReport(
    books=2,
    written=30,
    problems=(Problem("a.xml", "not ALTO"), Problem("b.tif", "no scan")),
    warnings=(Problem("c.xml", "no year"),),
    rejected=(Problem("c_0001", "unknown field"),),
)


def build_documents(
    report: RunReport = REPORT, error: BaseException | None = None, run: IngestRun = RUN, **options: int
) -> list[Any]:
    return list(run_documents(run, report, error, ENDED_AT, **options).values())


def test_run_and_problems_are_documents_in_order_of_severity() -> None:
    run, *problems = build_documents(error=FrontispieceError("the disk is full"))
    assert (run["document"], run["started"], run["outcome"]) == ("run", "2026-11-24T10:00:00.000+00:00", "failed")
    assert [(problem["severity"], problem.get("file"), problem["reason"]) for problem in problems] == [
        ("ended the run", None, "the disk is full"),
        ("refused", "c_0001", "unknown field"),
        ("left out", "a.xml", "not ALTO"),
        ("left out", "b.tif", "no scan"),
        ("warning", "c.xml", "no year"),
    ]
    assert {(problem["document"], problem["run"], problem["at"]) for problem in problems} == {
        ("problem", "one", run["started"])
    }


def test_counts_of_a_run_equal_its_report() -> None:
    counts = build_documents()[0]["counts"]
    assert {name: count for name, count in counts.items() if count} == {
        "books": 2,
        "written": 30,
        "problems": 2,
        "warnings": 1,
        "rejected": 1,
    }


@pytest.mark.parametrize(
    ("error", "outcome"), [(None, "finished"), (KeyboardInterrupt(), "stopped"), (ValueError(), "failed")]
)
def test_outcome_follows_the_exception_that_ended_the_run(error: BaseException | None, outcome: str) -> None:
    assert build_documents(RunReport(), error)[0]["outcome"] == outcome


def test_problems_beyond_the_limit_are_counted() -> None:
    run, *problems = build_documents(max_problems=3)
    assert [problem["severity"] for problem in problems] == ["refused", "left out", "left out"]
    assert (run["unlisted"], build_documents()[0]["unlisted"]) == (1, 0)


def test_run_documents_have_exactly_the_fields_of_the_mapping() -> None:
    fields = index_body("runs")["mappings"]["properties"]
    run, *problems = build_documents()
    assert {name for document in (run, *problems) for name in document} == fields.keys()
    assert fields["counts"]["properties"].keys() == run["counts"].keys()


def test_passwords_and_invalid_characters_are_removed() -> None:
    address = "https://reader:secret@iiif.example.org/1"
    report = RunReport(problems=(Problem(address, f"{address} says no"), Problem("b\udce6ger.tif", "no scan")))
    run, first, second = build_documents(report, run=IngestRun.start([address, "books"], [], rebuild=False))
    assert run["sources"] == ["https://iiif.example.org/1", "books"]
    assert (first["file"], first["reason"]) == ("https://iiif.example.org/1", "https://iiif.example.org/1 says no")
    assert second["file"] == "b?ger.tif"


def test_equal_problems_are_listed_once_with_their_number() -> None:
    report_builder, problem = RunReportBuilder(), Problem("iiif.example.org", "does not answer")
    for _ in range(3):
        report_builder.add_problem(problem)
    expected_problems = (Problem("iiif.example.org", "does not answer (3 pages and pictures)"),)
    assert report_builder.build().problems == expected_problems
    assert report_builder.build().problems == expected_problems, "building the report twice changes nothing"
    assert report_builder.failure_count == 3


def test_report_contains_the_counts() -> None:
    report_builder = RunReportBuilder()
    report_builder.count("books")
    report_builder.count("written", 4)
    report_builder.count("written", 3)
    report_builder.add_warning("a.xml", "no year")
    report_builder.add_rejection("p1", "unknown field")
    report = RunReport(
        books=1, written=7, warnings=(Problem("a.xml", "no year"),), rejected=(Problem("p1", "unknown field"),)
    )
    assert report_builder.build() == report
    assert report_builder.failure_count == 1
