"""A volume on its way through the stages of a run, and the volumes that are on their way at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.identifiers import document_id
from indexer.ingest.encoding import CutResult
from indexer.ingest.flow_control import RunControl
from indexer.ingest.report import RunReportBuilder
from indexer.ingest.volume_contents import VolumeContents
from indexer.records import Volume

RunKey = tuple[int, ...]


@dataclass(slots=True, eq=False)
class VolumeRun:
    """What is known of a volume, and how much of it is under way."""

    key: RunKey
    """The place of the volume in the run; the report has its problems in this order."""
    volume: Volume
    report: RunReportBuilder
    is_first_reading: bool
    """Whether no other source of this run had the book."""
    contents: VolumeContents = field(default_factory=VolumeContents)
    uncut_count: int = 0
    """Pictures that have not been cut out yet."""
    pending_count: int = 1
    """Pictures and lists of pages that have not been written yet, and one while the volume is read."""
    remarks: dict[int, CutResult] = field(default_factory=dict)
    """Problems and warnings of pictures, by the place of the picture in the volume."""
    leaf_reports: dict[int, RunReportBuilder] = field(default_factory=dict)
    """Reports of leaves that were not read in order, by their place in the volume."""
    picture_count: int = 0
    """Pictures that were passed on to be cut out."""

    @property
    def book_key(self) -> str:
        return document_id(self.volume.book.id)

    def complete_report(self) -> None:
        """Add what was found out of order: the reports of leaves, then the problems and warnings of pictures."""
        for _, report in sorted(self.leaf_reports.items(), key=lambda item: item[0]):
            self.report.absorb(report)
        self.leaf_reports.clear()
        for _, result in sorted(self.remarks.items(), key=lambda item: item[0]):
            for file, warning in result.warnings:
                self.report.add_warning(file, warning)
            if result.problem:
                self.report.add_problem(result.problem)
        self.remarks.clear()


class VolumesInFlight:
    """The volumes between their first page and their last document.

    A later volume with the same book or page waits for an earlier one, so that the outcome is that of one after
    another.
    """

    def __init__(self, control: RunControl) -> None:
        self._control = control
        self._changed = control.condition()
        self._runs: dict[RunKey, VolumeRun] = {}

    def begin(self, run: VolumeRun) -> None:
        with self._control.lock:
            self._runs[run.key] = run

    def end(self, run: VolumeRun) -> None:
        with self._control.lock:
            self._runs.pop(run.key)
            self._changed.notify_all()

    def wait_for_book(self, volume: Volume) -> None:
        """Wait until no volume of the same book is under way."""
        book_key = document_id(volume.book.id)
        with self._control.lock:
            self._control.wait(self._changed, lambda: all(run.book_key != book_key for run in self._runs.values()))

    def wait_for_pages(self, run: VolumeRun, page_ids: Iterable[str]) -> None:
        """Wait until no earlier volume with one of these pages is under way."""
        page_keys = set(map(document_id, page_ids))
        with self._control.lock:
            self._control.wait(
                self._changed,
                lambda: (
                    not any(other.key < run.key and other.contents.has_page(page_keys) for other in self._runs.values())
                ),
            )

    def wait_until_cut(self) -> None:
        """Wait until every picture of the volumes under way has been cut out."""
        with self._control.lock:
            self._control.wait(self._changed, lambda: not any(run.uncut_count for run in self._runs.values()))

    def wait_until_empty(self) -> None:
        with self._control.lock:
            self._control.wait(self._changed, lambda: not self._runs)

    def add_pictures(self, run: VolumeRun, count: int) -> range:
        """Count pictures as under way and return their places in the volume."""
        with self._control.lock:
            run.uncut_count += count
            run.pending_count += count
            run.picture_count += count
            return range(run.picture_count - count, run.picture_count)

    def add_page_list(self, run: VolumeRun) -> None:
        with self._control.lock:
            run.pending_count += 1

    def finish_cutting(self, run: VolumeRun) -> None:
        with self._control.lock:
            run.uncut_count -= 1
            if not run.uncut_count:
                self._changed.notify_all()

    def wait_for_cutting(self, run: VolumeRun) -> None:
        """Wait until the scans of a volume are no longer needed."""
        with self._control.lock:
            self._control.wait(self._changed, lambda: not run.uncut_count)

    def finish_part(self, run: VolumeRun) -> bool:
        """Count a part as written, or as left out; return whether nothing of the volume is under way any more."""
        with self._control.lock:
            run.pending_count -= 1
            return run.pending_count == 0
