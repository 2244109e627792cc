"""What a run says while it goes on: rates, the bottleneck, the time left, and events as documented."""

import json
import re
from collections.abc import Callable
from itertools import count

import pytest

from core.errors import ProblemCode
from indexer.ingest.progress import write_events
from indexer.ingest.run_events import describe_progress, measure_progress
from indexer.records import Book, Problem
from indexer.run_records import IngestRun, RunReport
from indexer.stage_meters import STAGES, Stage, StageFigures, StageMeters
from tests.paths import ROOT

FIELDS = {
    "run_started": {"sources", "models", "rebuild"},
    "volume_started": {"book_id", "title", "pages"},
    "progress": {"elapsed_seconds", "pages_read", "pages_known", "seconds_left", "bottleneck", "stages"},
    "problem": {"book_id", "file", "reason", "code"},
    "volume_finished": {
        *("book_id", "pages", "written", "unchanged", "reused", "crops_restored", "pages_written", "books_written"),
        *("too_small", "removed", "pages_removed", "left_out", "rejected", "warnings"),
    },
    "run_finished": {"outcome", "error", "report"},
}


def figures(**stages: StageFigures) -> dict[Stage, StageFigures]:
    return {stage: stages.get(stage, StageFigures()) for stage in STAGES}


def test_only_the_innermost_stage_of_a_thread_is_busy() -> None:
    meters = StageMeters(clock=count().__next__)
    with meters.measure("decode"), meters.measure("fetch"):
        pass
    assert meters.figures()["fetch"].busy_seconds == 1
    assert meters.figures()["decode"].busy_seconds == 2
    assert meters.figures()["decode"].threads == 1


def test_the_busiest_stage_is_named_with_rates_and_time_left() -> None:
    progress = measure_progress(
        figures(
            fetch=StageFigures(count=40, amount=8_000_000, busy_seconds=20, threads=4),
            encode=StageFigures(count=20, busy_seconds=9, threads=1),
        ),
        10,
        pages_read=25,
        pages_known=100,
    )
    assert (progress.bottleneck, progress.seconds_left) == ("encode", 30)
    assert describe_progress(progress) == "fetch 4.0/s · encode 2.0/s · waiting for: encode"
    by_stage = {stage.stage: stage for stage in progress.stages}
    assert (by_stage["fetch"].busy_share, by_stage["fetch"].megabytes, by_stage["encode"].busy_share) == (0.5, 8, 0.9)


def test_before_the_first_page_nothing_is_promised() -> None:
    progress = measure_progress(figures(), 0, pages_read=0, pages_known=0)
    assert (progress.seconds_left, progress.bottleneck, describe_progress(progress)) == (None, None, "")


def write_run(write_line: Callable[[str], None], error: BaseException | None = None) -> None:
    with write_events(write_line) as callbacks:
        callbacks.on_run(IngestRun.start(["books"], [], rebuild=False))
        callbacks.on_book(Book(id="b", title="Fyr"), 1)
        callbacks.on_page()
        callbacks.on_problem(Problem("x.xml", "no ALTO"))
        problem = Problem("p.tif", "unreadable \udcff", ProblemCode.UNREADABLE)
        callbacks.on_book_end(Book(id="b"), RunReport(books=1, pages=1, written=2, problems=(problem,)))
        if error:
            raise error
        callbacks.on_run_end(RunReport(books=1, written=2))


def test_each_event_is_one_object_with_the_documented_fields() -> None:
    lines: list[str] = []
    write_run(lines.append)
    events = [json.loads(line) for line in lines]
    assert [event["event"] for event in events] == [
        *("run_started", "volume_started", "problem", "problem", "volume_finished", "progress", "run_finished")
    ]
    for event in events:
        assert event.keys() == {"event", "run", "at", *FIELDS[event["event"]]}
        assert event["run"] == events[0]["run"] != ""
    assert "\n" not in "".join(lines)
    assert [event["book_id"] for event in events[2:4]] == [None, "b"]
    assert events[-1]["outcome"] == "complete"
    assert events[-1]["report"]["written"] == 2
    assert set(events[-2]["stages"]) == set(STAGES)
    assert "megabytes" in events[-2]["stages"]["fetch"]


@pytest.mark.parametrize(
    ("error", "outcome"), [(KeyboardInterrupt(), "stopped"), (ValueError("no disk"), "failed")], ids=["Ctrl-C", "error"]
)
def test_the_last_event_says_how_a_run_ended(error: BaseException, outcome: str) -> None:
    lines: list[str] = []
    with pytest.raises(type(error)):
        write_run(lines.append, error)
    last = json.loads(lines[-1])
    assert (last["event"], last["outcome"], last["error"], last["report"]) == (
        "run_finished",
        outcome,
        str(error),
        None,
    )


def test_every_event_and_field_is_documented() -> None:
    page = (ROOT / "docs" / "operators.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", page, re.MULTILINE))
    for event, fields in FIELDS.items():
        assert fields <= set(re.findall(r"`(\w+)`", rows[event])), event
