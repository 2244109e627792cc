"""What workers report → the callbacks of a run, so that its progress looks as it does without Ray."""

from collections.abc import Mapping

from indexer.cluster.volume_watcher import VolumeProgress
from indexer.cluster.worker import VolumeTask
from indexer.ingest.progress import ProgressCallbacks
from indexer.stage_meters import STAGES, Stage, StageFigures

NO_FIGURES: Mapping[Stage, StageFigures] = dict.fromkeys(STAGES, StageFigures())


class ProgressRelay:
    """Passes on what is new in each report; the pages of a repeated volume count once."""

    def __init__(self, progress: ProgressCallbacks) -> None:
        self._progress = progress
        self._pages: dict[tuple[int, ...], int] = {}
        """The pages that were passed on of each volume that has been begun."""
        self._figures: dict[str, Mapping[Stage, StageFigures]] = {}
        """The last figures of each attempt that is under way."""

    def update(self, task: VolumeTask, report: VolumeProgress) -> None:
        """Pass on a report about a volume that is under way."""
        if report.was_begun and task.key not in self._pages:
            self._pages[task.key] = 0
            self._progress.on_book(task.volume.book, len(task.volume.leaves))
        self._absorb(task.owner, report.figures)
        for _ in range(report.pages - self._pages.get(task.key, 0)):
            self._pages[task.key] += 1
            self._progress.on_page()

    def end(self, task: VolumeTask, *, is_over: bool) -> None:
        """Forget an attempt, and the volume too if there is no other attempt."""
        self._figures.pop(task.owner, None)
        if is_over:
            self._pages.pop(task.key, None)

    def _absorb(self, owner: str, figures: Mapping[Stage, StageFigures]) -> None:
        earlier = self._figures.get(owner, NO_FIGURES)
        self._figures[owner] = figures
        self._progress.meters.absorb(
            {
                stage: StageFigures(
                    count=figures[stage].count - earlier[stage].count,
                    amount=figures[stage].amount - earlier[stage].amount,
                    busy_seconds=figures[stage].busy_seconds - earlier[stage].busy_seconds,
                    threads=sum(attempt[stage].threads for attempt in self._figures.values()),
                )
                for stage in STAGES
            }
        )
