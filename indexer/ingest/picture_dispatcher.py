"""Which pictures of a volume are new or changed, and their way to the encoder."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

from core.batches import batched
from indexer.documents.stored import StoredVersion
from indexer.ingest.document_writer import DocumentWriter
from indexer.ingest.encoding import CutResult, PictureTask, add_stored_encodings, cut_out
from indexer.ingest.flow import QueuedPicture, RunFlow, RunTools
from indexer.ingest.host_pools import host_of
from indexer.ingest.page_budget import PageTicket
from indexer.ingest.page_reading import PictureDocument
from indexer.ingest.volume_run import VolumeRun

MAX_IDS_PER_REQUEST = 500


@dataclass(frozen=True, slots=True)
class PictureCandidate:
    """A picture that has been read, and may be new or changed."""

    ticket: PageTicket
    picture: PictureDocument
    is_current: bool = False
    """Whether the index has the document in this form."""

    @property
    def id(self) -> str:
        return self.picture.picture.id


@dataclass(frozen=True, slots=True)
class _CutTask:
    """A picture to be cut out, with its place in the volume."""

    number: int
    ticket: PageTicket
    task: PictureTask


class PictureDispatcher:
    """Collects the pictures of a volume until there are enough for a look into the index."""

    def __init__(self, tools: RunTools, flow: RunFlow, writer: DocumentWriter) -> None:
        self._tools, self._flow, self._writer = tools, flow, writer
        self._candidates: list[PictureCandidate] = []

    @property
    def is_empty(self) -> bool:
        return not self._candidates

    @property
    def is_full(self) -> bool:
        return len(self._candidates) >= self._tools.limits.batch_size

    def add(self, candidate: PictureCandidate) -> None:
        self._candidates.append(candidate)

    def pass_on(self, run: VolumeRun) -> None:
        """Look up in the index which pictures are new or changed, and have them cut out."""
        candidates, self._candidates = self._candidates, []
        for batch in batched(candidates, MAX_IDS_PER_REQUEST):
            changed = self._select_changed(run, batch)
            unchanged = {candidate.id for candidate in batch} - {candidate.id for candidate in changed}
            for candidate in batch:
                if candidate.id in unchanged:
                    candidate.ticket.finish()
            self._start_cutting(run, changed)

    def _select_changed(self, run: VolumeRun, candidates: Sequence[PictureCandidate]) -> list[PictureCandidate]:
        """Return the pictures that belong to the volume, without those of which index and disk have everything."""
        self._flow.volumes.wait_for_pages(run, (candidate.picture.picture.leaf.id for candidate in candidates))
        versions = self._tools.collection.pictures.versions([candidate.id for candidate in candidates])
        own = [
            candidate
            for candidate in candidates
            if self.is_own_page(run, candidate.picture.picture.leaf.id, versions.get(candidate.id))
        ]
        run.contents.picture_ids -= {candidate.id for candidate in candidates} - {candidate.id for candidate in own}
        own = [replace(candidate, is_current=candidate.picture.document.is_current(versions)) for candidate in own]
        complete_ids = self._tools.crop_files.select_complete(
            [candidate.picture.picture for candidate in own if candidate.is_current]
        )
        changed = [candidate for candidate in own if candidate.id not in complete_ids]
        run.report.count("unchanged", len(own) - len(changed))
        return changed

    def _start_cutting(self, run: VolumeRun, candidates: Sequence[PictureCandidate]) -> None:
        tools = self._tools
        corrections = tools.collection.corrections([candidate.id for candidate in candidates])
        tasks = [
            PictureTask(
                picture=candidate.picture.picture,
                document=candidate.picture.document.with_correction(corrections[candidate.id])
                if candidate.id in corrections
                else candidate.picture.document,
                is_current=candidate.is_current,
            )
            for candidate in candidates
        ]
        if tools.stored_encodings and tasks:
            tasks = add_stored_encodings(tasks, tools.stored_encodings, tools.encoders)
        numbers = self._flow.volumes.add_pictures(run, len(tasks))
        cut_tasks = [
            _CutTask(number, candidate.ticket, task)
            for number, candidate, task in zip(numbers, candidates, tasks, strict=True)
        ]
        for _, page_tasks in groupby(cut_tasks, lambda cut_task: (id(cut_task.ticket), cut_task.task.picture.leaf.id)):
            page = list(page_tasks)
            host = host_of(page[0].task.picture.leaf)
            self._flow.pools.submit(host, partial(self._cut_page, run, page), urgent=True)

    def _cut_page(self, run: VolumeRun, cut_tasks: Sequence[_CutTask]) -> None:
        """Cut out the pictures of a page; runs in a thread of the page's host."""
        boxes = [
            cut_task.task.picture.element.box
            for cut_task in cut_tasks
            if cut_task.task.is_current or not cut_task.task.is_covered
        ]
        with self._tools.meters.measure("decode"):
            self._tools.cropper.prepare_page(cut_tasks[0].task.picture.leaf, boxes)
        for cut_task in cut_tasks:
            with self._tools.meters.measure("decode"):
                result = cut_out(cut_task.task, self._tools.cropper, self._tools.crop_files)
            self._tools.meters.count("decode")
            self._take_result(run, cut_task, result)
        self._tools.cropper.release()

    def _take_result(self, run: VolumeRun, cut_task: _CutTask, result: CutResult) -> None:
        if result.problem or result.warnings:
            run.remarks[cut_task.number] = CutResult(problem=result.problem, warnings=result.warnings)
        if result.has_restored_files:
            run.report.count("unchanged")
            run.report.count("crops_restored")
        if result.cut_picture:
            self._flow.cut_pictures.put(QueuedPicture(run=run, cut_picture=result.cut_picture))
        else:
            self._writer.finish_part(run)
        cut_task.ticket.finish()
        self._flow.volumes.finish_cutting(run)

    def is_own_page(self, run: VolumeRun, page_id: str, version: StoredVersion | None) -> bool:
        """Return whether the volume may write a page or a picture on it; else report whose it is."""
        problem = self._tools.ownership.foreign_page_problem(run.volume, page_id, version)
        if problem:
            run.report.add_problem(problem)
        return problem is None
