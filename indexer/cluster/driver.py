"""The part of a run that gives out the volumes and puts together what became of them."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.errors import FrontispieceError, ProblemCode
from core.identifiers import document_id
from indexer.cluster.lane_feed import LaneFeed
from indexer.cluster.progress_relay import ProgressRelay
from indexer.cluster.schedule import VolumeSchedule, volume_claims
from indexer.cluster.volume_watcher import VolumeProgress
from indexer.cluster.worker import VolumeOutcome, VolumeTask, work_on_volume
from indexer.ingest.pipeline import LaneItems
from indexer.ingest.run_job import IngestJob
from indexer.ingest.volume_lane import SourceItem
from indexer.ingest.volume_run import RunKey
from indexer.records import Problem, Volume
from indexer.run_records import FileAccount

MAX_ATTEMPTS = 4
"""A volume whose worker dies each time is left out: its files may be what kills it."""
CANCEL_SECONDS = 15.0
"""How long a run that is stopped waits for the last requests of its workers."""
PROGRESS_SECONDS = 1.0
IDLE_SECONDS = 0.1


@dataclass(slots=True)
class Attempt:
    """A volume that a worker has now."""

    task: VolumeTask
    last_report: VolumeProgress | None = None


@dataclass(slots=True)
class _VolumeState:
    """A volume between its source and its report."""

    volume: Volume
    attempt_count: int = 0


@dataclass(slots=True)
class VolumeDriver:
    """Gives out volumes until there are no more; one that shares a book or page with another waits for it."""

    ray: Any
    job: IngestJob
    plan: Any
    """The handle of the `WorkerPlan`."""
    coordinator: Any
    capacity: Callable[[], int]
    """Returns how many volumes may be worked on at once; machines can join and leave."""
    attempts: dict[Any, Attempt] = field(default_factory=dict)
    """What is under way, by the handle of its outcome."""
    _schedule: VolumeSchedule[RunKey] = field(default_factory=VolumeSchedule)
    _volumes: dict[RunKey, _VolumeState] = field(default_factory=dict)
    _sources: dict[str, str] = field(default_factory=dict)
    """Where this run has read each book so far."""
    _last_progress_at: float = 0.0
    _relay: ProgressRelay = field(init=False)
    _work: Any = field(init=False)

    def __post_init__(self) -> None:
        self._relay = ProgressRelay(self.job.progress)
        # A worker that dies is noticed here, so that a volume that kills its workers does not go round for ever.
        self._work = self.ray.remote(num_cpus=1, max_retries=0, scheduling_strategy="SPREAD")(work_on_volume)

    def run(self, lanes: Sequence[LaneItems], unpacked_folder: Path) -> None:
        """Have every volume of the lanes written; an error of any of them ends all of them."""
        feed = LaneFeed(lanes, unpacked_folder, max(8, 2 * self.capacity()))
        try:
            while self._go_on(feed):
                self.job.lease.check()
        except BaseException:
            self._cancel()
            raise
        finally:
            feed.stop()

    def _go_on(self, feed: LaneFeed) -> bool:
        """Do what can be done now and wait a little; return whether anything is left to do."""
        capacity = self.capacity()
        while len(self._schedule) < 4 * capacity and (item := feed.take()):
            self._take_item(*item)
        while len(self.attempts) < capacity and (key := self._schedule.start_next()) is not None:
            self._start(key)
        if self.attempts:
            is_waiting_for_sources = len(self.attempts) < capacity and not feed.is_exhausted
            timeout = IDLE_SECONDS if is_waiting_for_sources else PROGRESS_SECONDS
            ended, _ = self.ray.wait(list(self.attempts), timeout=timeout, fetch_local=False)
            for handle in ended:
                self._finish(handle, feed)
        elif item := feed.take(IDLE_SECONDS):
            self._take_item(*item)
        self._relay_progress()
        return bool(self.attempts or len(self._schedule) or not feed.is_exhausted)

    def _take_item(self, key: RunKey, item: SourceItem) -> None:
        report = self.job.report_builder.open_part(key)
        if isinstance(item, Problem):
            report.add_problem(item)
            self.job.progress.on_problem(item)
        elif isinstance(item, FileAccount):
            report.add_account(item)
        else:
            self._volumes[key] = _VolumeState(item)
            self._schedule.add(key, volume_claims(item))

    def _start(self, key: RunKey) -> None:
        state = self._volumes[key]
        state.attempt_count += 1
        book_key = document_id(state.volume.book.id)
        sources = {book_key: self._sources[book_key]} if book_key in self._sources else {}
        task = VolumeTask(key=key, attempt=state.attempt_count, volume=state.volume, earlier_sources=sources)
        handle = self._work.options(name=f"volume {state.volume.book.id}"[:100]).remote(self.plan, task)
        self.attempts[handle] = Attempt(task)

    def _finish(self, handle: Any, feed: LaneFeed) -> None:
        attempt = self.attempts[handle]
        outcome = self._get_outcome(handle)
        del self.attempts[handle]
        if outcome is None:
            self._repeat(attempt, feed)
            return
        if outcome.error:
            raise outcome.error
        task, report = attempt.task, self.job.report_builder.open_part(attempt.task.key)
        report.absorb(outcome.report)
        self._sources |= outcome.sources
        self._relay.update(task, outcome.progress)
        for problem in outcome.problems:
            self.job.progress.on_problem(problem)
        if outcome.progress.was_begun:
            self.job.progress.on_book_end(task.volume.book, report.build())
        self.job.report_builder.end_part(task.key)
        self._end(task, feed)

    def _get_outcome(self, handle: Any) -> VolumeOutcome | None:
        """Return what became of a volume; None if its worker died. Errors of the program are raised."""
        exceptions = self.ray.exceptions
        try:
            return self.ray.get(handle)  # type: ignore[no-any-return]
        except exceptions.RayTaskError as error:
            if isinstance(error.cause, exceptions.RayActorError):
                raise FrontispieceError(
                    "the processes with the models have died and cannot be started again; what was written is kept, "
                    "and the same command continues from there"
                ) from error
            raise
        except exceptions.RayError:
            return None

    def _repeat(self, attempt: Attempt, feed: LaneFeed) -> None:
        """Let another worker read a volume whose worker died, but not for ever."""
        task = attempt.task
        self.coordinator.release_owner.remote(task.owner)
        place = f"process {attempt.last_report.pid} on {attempt.last_report.host}" if attempt.last_report else "worker"
        book_id = task.volume.book.id
        if task.attempt < MAX_ATTEMPTS:
            self.job.warn(f"the {place} died while it read {book_id}; the volume is read again")
            self._relay.end(task, is_over=False)
            self._schedule.restart(task.key)
            return
        problem = Problem(
            task.volume.source or book_id,
            f"the volume {book_id} is left out: {MAX_ATTEMPTS} workers died while they read it, for want of memory or "
            "because of a damaged file; index it alone and without --ray to see why",
            ProblemCode.UNREADABLE,
        )
        self.job.report_builder.open_part(task.key).add_problem(problem)
        self.job.progress.on_problem(problem)
        self._end(task, feed)

    def _end(self, task: VolumeTask, feed: LaneFeed) -> None:
        self._relay.end(task, is_over=True)
        self._schedule.end(task.key)
        del self._volumes[task.key]
        feed.end_volume(task.key)

    def _relay_progress(self) -> None:
        if time.monotonic() - self._last_progress_at < PROGRESS_SECONDS:
            return
        self._last_progress_at = time.monotonic()
        reports = self.ray.get(self.coordinator.take_progress.remote())
        for attempt in tuple(self.attempts.values()):
            if report := reports.get(attempt.task.owner):
                attempt.last_report = report
                self._relay.update(attempt.task, report)

    def _cancel(self) -> None:
        """Stop all workers: each ends its last request to Elasticsearch, so that none writes after the lease."""
        handles = list(self.attempts)
        self.coordinator.stop.remote()
        for handle in handles:
            self.ray.cancel(handle)  # those that have no worker yet
        _, unfinished = (
            self.ray.wait(handles, num_returns=len(handles), timeout=CANCEL_SECONDS) if handles else ([], [])
        )
        for handle in unfinished:
            self.ray.cancel(handle, force=True)
