"""What is written of a run, before anybody writes it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from core.errors import FrontispieceError
from indexer.elasticsearch.mappings import mapping
from indexer.elasticsearch.runs import Run, run_documents
from indexer.ingest.report import Ledger, Report
from indexer.records import Problem

BEGAN, ENDED = datetime(2026, 11, 24, 10, 0, tzinfo=UTC), datetime(2026, 11, 24, 10, 5, tzinfo=UTC)
RUN = Run(id="one", started=BEGAN, sources=("books",), models=("sscd@1",), rebuild=False)
REPORT = Report(
    books=2,
    written=30,
    problems=[Problem("a.xml", "not ALTO"), Problem("b.tif", "no scan")],
    warnings=[Problem("c.xml", "no year")],
    rejected=[Problem("c_0001", "unknown field")],
)


def written(report: Report = REPORT, error: BaseException | None = None, run: Run = RUN, **given: int) -> list[Any]:
    return list(run_documents(run, report, error, ENDED, **given).values())


def test_a_run_is_one_document_and_each_problem_another_the_worst_first() -> None:
    run, *problems = written(error=FrontispieceError("the disk is full"))
    assert (run["document"], run["started"], run["outcome"]) == ("run", "2026-11-24T10:00:00.000+00:00", "failed")
    assert [(each["severity"], each.get("file"), each["reason"]) for each in problems] == [
        ("ended the run", None, "the disk is full"),
        ("refused", "c_0001", "unknown field"),
        ("left out", "a.xml", "not ALTO"),
        ("left out", "b.tif", "no scan"),
        ("warning", "c.xml", "no year"),
    ]
    assert {(each["document"], each["run"], each["at"]) for each in problems} == {("problem", "one", run["started"])}


def test_a_run_counts_what_its_report_counts() -> None:
    counts = written()[0]["counts"]
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
def test_the_outcome_is_how_it_ended(error: BaseException | None, outcome: str) -> None:
    assert written(Report(), error)[0]["outcome"] == outcome


def test_what_is_beyond_the_most_is_counted() -> None:
    run, *problems = written(most=3)
    assert [each["severity"] for each in problems] == ["refused", "left out", "left out"]
    assert (run["unlisted"], written()[0]["unlisted"]) == (1, 0)


def test_the_mapping_has_a_field_for_all_of_it_and_no_other() -> None:
    fields = mapping("runs")["mappings"]["properties"]
    run, *problems = written()
    assert {name for each in (run, *problems) for name in each} == fields.keys()
    assert fields["counts"]["properties"].keys() == run["counts"].keys()


def test_the_password_of_an_address_and_bytes_that_are_no_letters_stay_out() -> None:
    address = "https://reader:secret@iiif.example.org/1"
    report = Report(problems=[Problem(address, f"{address} says no"), Problem("b\udce6ger.tif", "no scan")])
    run, first, second = written(report, run=Run.begun([address, "books"], [], rebuild=False))
    assert run["sources"] == ["https://iiif.example.org/1", "books"]
    assert (first["file"], first["reason"]) == ("https://iiif.example.org/1", "https://iiif.example.org/1 says no")
    assert second["file"] == "b?ger.tif"


def test_a_ledger_may_be_closed_twice() -> None:
    """A run that ends well closes it, and so does whoever writes the run down."""
    ledger, problem = Ledger(), Problem("iiif.example.org", "does not answer")
    for _ in range(3):
        ledger.left_out(problem)
    once = list(ledger.closed().problems)
    assert ledger.closed().problems == once == [Problem("iiif.example.org", "does not answer (3 pages and pictures)")]
