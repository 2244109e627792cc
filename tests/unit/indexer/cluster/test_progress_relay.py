"""Progress of workers looks as that of one process does."""

from indexer.cluster.progress_relay import ProgressRelay
from indexer.cluster.volume_watcher import VolumeProgress
from indexer.cluster.worker import VolumeTask
from indexer.ingest.progress import ProgressCallbacks
from indexer.records import Book, Volume
from indexer.stage_meters import STAGES, StageFigures, StageMeters


def task(number: int, attempt: int = 1) -> VolumeTask:
    volume = Volume(book=Book(id=f"book {number}"), leaves=())
    return VolumeTask(key=(number,), attempt=attempt, volume=volume, earlier_sources={})


def report(pages: int, *, was_begun: bool = True, count: int = 0, threads: int = 1) -> VolumeProgress:
    figures = dict.fromkeys(
        STAGES, StageFigures(count=count, amount=10 * count, busy_seconds=count / 2, threads=threads)
    )
    return VolumeProgress(host="h", pid=1, was_begun=was_begun, pages=pages, figures=figures)


class Recorder:
    """Counts what a relay passes on."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.pages = 0
        self.meters = StageMeters()
        self.relay = ProgressRelay(
            ProgressCallbacks(on_book=lambda book, _: self.begun.append(book.id), on_page=self._add, meters=self.meters)
        )

    def _add(self) -> None:
        self.pages += 1


def test_a_repeated_volume_begins_once_and_its_pages_count_once() -> None:
    recorder = Recorder()
    recorder.relay.update(task(1), report(0, was_begun=False))
    assert recorder.begun == []
    recorder.relay.update(task(1), report(3))
    recorder.relay.end(task(1), is_over=False)
    for pages in (1, 2, 5):
        recorder.relay.update(task(1, attempt=2), report(pages))
    recorder.relay.end(task(1, attempt=2), is_over=True)
    assert (recorder.begun, recorder.pages) == (["book 1"], 5)


def test_figures_of_all_workers_are_added_and_their_threads_are_those_at_once() -> None:
    recorder = Recorder()
    recorder.relay.update(task(1), report(0, count=2))
    recorder.relay.update(task(2), report(0, count=4, threads=3))
    recorder.relay.update(task(1), report(0, count=6))
    figures = recorder.meters.figures()["fetch"]
    assert figures == StageFigures(count=10, amount=100, busy_seconds=5.0, threads=4)
    recorder.relay.end(task(1), is_over=True)
    recorder.relay.update(task(3), report(0, count=1))
    assert recorder.meters.figures()["fetch"].threads == 4, "the first worker has ended"
