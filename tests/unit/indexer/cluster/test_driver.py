"""The driver repeats volumes whose workers died, though not for ever, and reports as a run without Ray does.

The processes of Ray are functions here; tests/node/test_ray.py has real ones.
"""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from core.errors import FrontispieceError, LeaseLost
from indexer.cluster.driver import MAX_ATTEMPTS, VolumeDriver
from indexer.cluster.volume_watcher import VolumeProgress
from indexer.cluster.worker import VolumeOutcome, VolumeTask
from indexer.ingest.progress import ProgressCallbacks
from indexer.ingest.report import RunReportBuilder
from indexer.records import Book, Leaf, Problem, Volume
from indexer.run_records import RunReport
from indexer.stage_meters import STAGES, StageFigures, StageMeters


class RayError(Exception):
    """The worker died."""


class RayTaskError(RayError):
    """The function raised an error."""


class FunctionRay:
    """Calls the function of a task when its outcome is asked for."""

    exceptions = SimpleNamespace(RayError=RayError, RayTaskError=RayTaskError)

    def __init__(self, work: Callable[[VolumeTask], VolumeOutcome]) -> None:
        self._work = work
        self._tasks: dict[str, VolumeTask] = {}
        self.cancelled: list[str] = []
        self.peak = 0

    def remote(self, **_: Any) -> Callable[[Any], Any]:
        def start(_plan: str, task: VolumeTask) -> str:
            self._tasks[task.owner] = task
            return task.owner

        return lambda _function: SimpleNamespace(options=lambda **_: SimpleNamespace(remote=start))

    def wait(self, handles: list[Any], **_: Any) -> tuple[list[Any], list[Any]]:
        self.peak = max(self.peak, len(handles))
        return handles[-1:], handles[:-1]  # the last one ends first

    def get(self, handle: Any) -> Any:
        return self._work(self._tasks[handle]) if isinstance(handle, str) else handle

    def cancel(self, handle: str, **_: Any) -> None:
        self.cancelled.append(handle)


class Calls:
    """Takes every call to the coordinator."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __getattr__(self, name: str) -> Any:
        self.names.append(name)
        return SimpleNamespace(remote=lambda *_: {})


def outcome(task: VolumeTask, **fields: Any) -> VolumeOutcome:
    report = RunReportBuilder()
    report.count("books")
    report.add_warning(task.volume.book.id, "is read")
    figures = dict.fromkeys(STAGES, StageFigures(count=2, busy_seconds=1.0, threads=1))
    progress = VolumeProgress(host="h", pid=1, was_begun=True, pages=len(task.volume.leaves), figures=figures)
    sources = {task.volume.book.id: task.volume.source}
    return VolumeOutcome(report=report, progress=progress, problems=(), sources=sources, **fields)


def volume(book: str, *pages: str) -> Volume:
    leaves = tuple(Leaf(id=page, number=number) for number, page in enumerate(pages, start=1))
    return Volume(book=Book(id=book), leaves=leaves, source=f"/books/{book}/")


class Run:
    """A run over functions."""

    def __init__(self, work: Callable[[VolumeTask], VolumeOutcome], check: Callable[[], None] = lambda: None) -> None:
        self.ray, self.coordinator, self.warnings = FunctionRay(work), Calls(), list[str]()
        self.events: list[str] = []
        self.meters = StageMeters()
        self.builder = RunReportBuilder()
        progress = ProgressCallbacks(
            on_book=lambda book, pages: self.events.append(f"{book.id} begins with {pages}"),
            on_page=lambda: self.events.append("page"),
            on_book_end=lambda book, report: self.events.append(f"{book.id} ends with {report.books}"),
            on_problem=lambda problem: self.events.append(f"problem of {problem.file}"),
            meters=self.meters,
        )
        job: Any = SimpleNamespace(
            progress=progress,
            report_builder=self.builder,
            warn=self.warnings.append,
            lease=SimpleNamespace(check=check),
        )
        self.driver = VolumeDriver(self.ray, job, "plan", self.coordinator, lambda: 3)

    def index(self, *items: Volume | Problem) -> RunReport:
        self.driver.run([[((number,), item) for number, item in enumerate(items)]], Path("/nowhere"))
        return self.builder.build()


def test_the_report_has_every_volume_in_the_order_of_the_run() -> None:
    run = Run(outcome)
    report = run.index(volume("a", "1"), Problem("x", "is damaged"), volume("b", "2", "3"), volume("c"), volume("d"))
    assert report.books == 4
    assert [warning.file for warning in report.warnings] == ["a", "b", "c", "d"]
    assert [problem.file for problem in report.problems] == ["x"]
    assert sorted(run.events) == sorted(
        ["a begins with 1", "b begins with 2", "c begins with 0", "d begins with 0", "problem of x"]
        + ["page"] * 3
        + [f"{book} ends with 1" for book in "abcd"]
    )
    assert run.meters.figures()["encode"].count == 8


def test_volumes_of_one_book_run_one_after_another_and_know_the_earlier_source() -> None:
    earlier: list[dict[str, str]] = []

    def work(task: VolumeTask) -> VolumeOutcome:
        earlier.append(dict(task.earlier_sources))
        return outcome(task)

    run = Run(work)
    run.index(volume("a", "1"), volume("a", "2"))
    assert earlier == [{}, {"a": "/books/a/"}]
    assert run.ray.peak == 1


def test_a_volume_whose_worker_died_is_read_again() -> None:
    def work(task: VolumeTask) -> VolumeOutcome:
        if task.volume.book.id == "b" and task.attempt < MAX_ATTEMPTS:
            raise RayError
        return outcome(task)

    run = Run(work)
    report = run.index(volume("a"), volume("b"), volume("c"))
    assert (report.books, report.problems) == (3, ())
    assert run.warnings == ["the worker died while it read b; the volume is read again"] * (MAX_ATTEMPTS - 1)
    assert run.coordinator.names.count("release_owner") == MAX_ATTEMPTS - 1


def test_a_volume_that_kills_its_workers_is_left_out_and_those_behind_it_go_on() -> None:
    def work(task: VolumeTask) -> VolumeOutcome:
        if "bad" in task.volume.leaves[0].id:
            raise RayError
        return outcome(task)

    run = Run(work)
    report = run.index(volume("a", "bad"), volume("a", "good"), volume("b", "1"))
    assert report.books == 2
    [problem] = report.problems
    assert (problem.file, "the volume a is left out: 4 workers died" in problem.reason) == ("/books/a/", True)


@pytest.mark.parametrize("error", [FrontispieceError("Elasticsearch does not answer"), LeaseLost("taken over")])
def test_an_error_of_a_volume_stops_the_run_and_all_workers(error: FrontispieceError) -> None:
    def work(task: VolumeTask) -> VolumeOutcome:
        return outcome(task, error=error if task.volume.book.id == "c" else None)

    run = Run(work)
    with pytest.raises(type(error), match=str(error)):
        run.index(volume("a"), volume("b"), volume("c"))
    assert "stop" in run.coordinator.names


def test_the_loss_of_the_lease_and_ctrl_c_stop_all_workers() -> None:
    def interrupt() -> None:
        if run.driver.attempts:
            raise KeyboardInterrupt

    run = Run(outcome, check=interrupt)
    with pytest.raises(KeyboardInterrupt):
        run.index(*(volume(book) for book in "abcdef"))
    assert "stop" in run.coordinator.names
    assert run.ray.cancelled
