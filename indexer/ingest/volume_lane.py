"""One lane of a run: reads volumes one after another, and passes their new and changed pictures on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from indexer.ingest.document_writer import DocumentWriter
from indexer.ingest.flow import RunFlow, RunTools
from indexer.ingest.host_pools import LOCAL_HOST, Task, has_files_below
from indexer.ingest.leaf_queue import LeafQueue, QueuedLeaf
from indexer.ingest.ownership import repeated_page_problem
from indexer.ingest.page_budget import PageTicket
from indexer.ingest.page_reading import ReadLeaf, ReadPage
from indexer.ingest.picture_dispatcher import PictureCandidate, PictureDispatcher
from indexer.ingest.volume_run import RunKey, VolumeRun
from indexer.records import Problem, Volume
from indexer.run_records import FileAccount

PAGE_BATCH_SIZE = 100
"""The text, stems and boxes of a page are some 20 kB, so a request is about 2 MB."""

SourceItem = Volume | Problem | FileAccount


@dataclass(frozen=True, slots=True)
class _LeafTask:
    """A leaf that is being read."""

    queued: QueuedLeaf
    ticket: PageTicket
    task: Task[ReadLeaf]
    keeps_order: bool


class VolumeLane:
    """Reads the volumes of one host, or those on disk; its leaves are read ahead in the threads of their hosts."""

    def __init__(self, number: int, tools: RunTools, flow: RunFlow, writer: DocumentWriter) -> None:
        self._number, self._tools, self._flow, self._writer = number, tools, flow, writer
        self._dispatcher = PictureDispatcher(tools, flow, writer)

    def run(self, items: Iterable[tuple[RunKey, SourceItem]]) -> None:
        """Read every volume, and put problems and accounts into the report."""
        self._flow.budget.open_lane(self._number)
        for key, item in items:
            report = self._tools.report_builder.open_part(key)
            if isinstance(item, Problem):
                report.add_problem(item)
                self._tools.progress.on_problem(item)
            elif isinstance(item, FileAccount):
                report.add_account(item)
            elif run := self._begin(key, item):
                self._read_volume(run)
        self._flow.budget.close_lane(self._number)

    def _begin(self, key: RunKey, volume: Volume) -> VolumeRun | None:
        """Return the volume on its way; None, and a problem, if its book is another one's."""
        report = self._tools.report_builder.open_part(key)
        ownership = self._tools.ownership
        with self._flow.claiming:
            self._flow.volumes.wait_for_book(volume)
            is_first_reading = not ownership.has_been_read(volume)
            if problem := ownership.claim(volume):
                report.add_problem(problem)
                self._tools.progress.on_problem(problem)
                return None
            run = VolumeRun(key, volume, report, is_first_reading)
            self._flow.volumes.begin(run)
        report.count("books")
        for warning in volume.warnings:
            report.add_warning(volume.book.id, warning)
        for note in volume.notes:
            report.add_note(volume.book.id, note)
        self._tools.progress.on_book(volume.book, len(volume.leaves))
        return run

    def _read_volume(self, run: VolumeRun) -> None:
        for leaf_task in self._read_leaves(run):
            leaf = leaf_task.task.result()
            if leaf_task.keeps_order:
                run.report.absorb(leaf.report)
            else:
                run.leaf_reports[leaf_task.queued.number] = leaf.report
            for page in leaf.pages:
                self._take_page(run, leaf_task.ticket, page)
            leaf_task.ticket.finish()
            if self._dispatcher.is_full:
                self._dispatcher.pass_on(run)
            self._tools.progress.on_page()
        self._dispatcher.pass_on(run)
        self._write_pages(run)
        if has_files_below(self._tools.unpacked_folder, run.volume):
            # The files of an archive are removed when the next volume is asked for.
            self._flow.volumes.wait_for_cutting(run)
        self._writer.finish_part(run)

    def _read_leaves(self, run: VolumeRun) -> Iterator[_LeafTask]:
        """Yield each leaf when it has been read; leaves are read ahead as far as the pages in flight allow."""
        queue, waiting = LeafQueue(run.volume), list[_LeafTask]()
        while queue or waiting:
            if queued := queue.pop(partial(self._flow.budget.take, self._number)):
                waiting.append(self._start_reading(run, queued, keeps_order=queue.keeps_order))
            elif not waiting:
                self._dispatcher.pass_on(run)
                self._flow.budget.wait_for_room(self._number, queue.next_hosts)
                continue
            else:
                self._wait_for_leaf(run, waiting, queue.next_hosts)
            while waiting and (leaf_task := _find_done(waiting)):
                waiting.remove(leaf_task)
                yield leaf_task

    def _start_reading(self, run: VolumeRun, queued: QueuedLeaf, *, keeps_order: bool) -> _LeafTask:
        def read() -> ReadLeaf:
            with self._tools.meters.measure("read"):
                read_leaf = self._tools.leaf_reader.read(run.volume, queued.leaf)
            self._tools.meters.count("read", len(read_leaf.pages))
            return read_leaf

        task = Task(self._flow.pools, read)
        self._flow.pools.submit(queued.host, task.run)
        ticket = PageTicket(self._flow.control, self._flow.budget, self._number, queued.host)
        return _LeafTask(queued, ticket, task, keeps_order)

    def _wait_for_leaf(self, run: VolumeRun, waiting: Sequence[_LeafTask], hosts: Sequence[str]) -> None:
        """Wait until a leaf has been read or one of the hosts has room for another.

        What has been read before goes on, as a server can take long.
        """
        if waiting[0].queued.host != LOCAL_HOST and not _find_done(waiting):
            self._dispatcher.pass_on(run)
        self._flow.pools.wait_for_task(
            lambda: _find_done(waiting) is not None or self._flow.budget.has_room(self._number, hosts)
        )

    def _take_page(self, run: VolumeRun, ticket: PageTicket, page: ReadPage) -> None:
        if earlier_file := run.contents.add_page(page.contents, page.file):
            run.report.add_problem(repeated_page_problem(page.contents.id, page.file, earlier_file))
            return
        if page.document:
            run.contents.page_ids.add(page.document.id)
            run.contents.pending_pages.append(page.document)
            if len(run.contents.pending_pages) >= PAGE_BATCH_SIZE:
                self._write_pages(run)
        for picture in page.pictures:
            if picture.picture.id not in run.contents.picture_ids:
                run.contents.picture_ids.add(picture.picture.id)
                ticket.add(1)
                self._dispatcher.add(PictureCandidate(ticket, picture))

    def _write_pages(self, run: VolumeRun) -> None:
        pages, run.contents.pending_pages = run.contents.pending_pages, []
        if not pages:
            return
        self._flow.volumes.wait_for_pages(run, (str(page.source["page_id"]) for page in pages))
        versions = self._tools.collection.pages.versions([page.id for page in pages])
        own_pages = [
            page
            for page in pages
            if self._dispatcher.is_own_page(run, str(page.source["page_id"]), versions.get(page.id))
        ]
        self._writer.write_pages(run, [page for page in own_pages if not page.is_current(versions)])


def _find_done(waiting: Sequence[_LeafTask]) -> _LeafTask | None:
    """Return a leaf that has been read; of leaves that keep their order the first, or none."""
    candidates = waiting[:1] if waiting[0].keeps_order else waiting
    return next((leaf_task for leaf_task in candidates if leaf_task.task.is_done), None)
