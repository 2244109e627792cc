"""The stage that writes: documents of pictures, pages and books, and the deletion of what a book no longer has."""

from collections.abc import Sequence
from functools import partial

from indexer.documents.hybrid import HybridDocument, IndexDocument, book_document
from indexer.elasticsearch.index import BulkIndex, Rejection
from indexer.ingest.flow import QueuedPicture, RunFlow, RunTools
from indexer.ingest.report import CounterName
from indexer.ingest.volume_run import VolumeRun


class DocumentWriter:
    """Sends documents to Elasticsearch in threads of its own; a volume's record follows its last document."""

    def __init__(self, tools: RunTools, flow: RunFlow) -> None:
        self._tools, self._flow, self._collection = tools, flow, tools.collection

    def work(self) -> None:
        """Write until no more documents come; the function of a thread."""
        while calls := self._flow.writes.get_batch():
            for call in calls:
                with self._tools.meters.measure("write"):
                    call()
            self._flow.writes.finish(len(calls))

    def write_pictures(self, pictures: Sequence[QueuedPicture], documents: Sequence[HybridDocument]) -> None:
        """Have a batch of pictures written, as soon as the one before has been."""
        self._flow.writes.put(partial(self._write_pictures, pictures, documents))

    def write_pages(self, run: VolumeRun, pages: Sequence[IndexDocument]) -> None:
        """Have pages of a volume written."""
        if pages:
            self._flow.volumes.add_page_list(run)
            self._flow.writes.put(partial(self._write_pages, run, pages))

    def finish_part(self, run: VolumeRun) -> None:
        """Count a part of a volume as written or left out; after the last the volume's record is written."""
        if self._flow.volumes.finish_part(run):
            self._flow.writes.put(partial(self._finish_volume, run), at_once=True)

    def _write_pictures(self, pictures: Sequence[QueuedPicture], documents: Sequence[HybridDocument]) -> None:
        for picture, rejection in zip(pictures, self._write(self._collection.pictures, documents), strict=True):
            self._report_outcomes(picture.run, "written", [rejection])
            self.finish_part(picture.run)

    def _write_pages(self, run: VolumeRun, pages: Sequence[IndexDocument]) -> None:
        self._report_outcomes(run, "pages_written", self._write(self._collection.pages, pages))
        self.finish_part(run)

    def _write(self, index: BulkIndex, documents: Sequence[IndexDocument]) -> list[Rejection | None]:
        self._tools.check_lease()
        outcomes = list(index.write(documents, self._tools.indexed_at))
        self._tools.meters.count("write", len(documents))
        return outcomes

    def _report_outcomes(self, run: VolumeRun, counter: CounterName, rejections: Sequence[Rejection | None]) -> None:
        for rejection in rejections:
            if rejection:
                run.report.add_rejection(rejection.id, rejection.reason)
            else:
                run.report.count(counter)

    def _finish_volume(self, run: VolumeRun) -> None:
        run.complete_report()
        volume = run.volume
        is_complete = volume.is_complete and not volume.warnings and not run.report.failure_count
        self._write_book(run, is_complete=is_complete)
        self._remove_stale_documents(run, is_complete=is_complete)
        self._flow.volumes.end(run)
        self._tools.progress.on_book_end(volume.book, run.report.build())
        self._tools.report_builder.end_part(run.key)

    def _write_book(self, run: VolumeRun, *, is_complete: bool) -> None:
        """Write the book's record; if only part of the book was read, the larger counts of an earlier run stay."""
        volume, contents = run.volume, run.contents
        page_count, picture_count = max(contents.page_count, len(volume.leaves)), len(contents.picture_ids)
        stored_book = None if is_complete else self._collection.stored_book(volume.book.id)
        if stored_book:
            page_count = max(page_count, stored_book.pages)
            picture_count = max(picture_count, stored_book.pictures)
        document = book_document(
            volume.book, pages=page_count, pictures=picture_count, source=volume.source, places=self._tools.places
        )
        if not document.is_current(self._collection.books.versions([document.id])):
            self._report_outcomes(run, "books_written", self._write(self._collection.books, [document]))

    def _remove_stale_documents(self, run: VolumeRun, *, is_complete: bool) -> None:
        self._tools.check_lease()
        contents, book_id = run.contents, run.volume.book.id
        # Pages that were not read keep their pictures.
        page_ids = None if is_complete else contents.complete_page_ids
        # Only documents of this run need a refresh to be visible: an earlier source may have had the same book.
        refresh = not run.is_first_reading
        removed_pictures = self._collection.pictures.delete_stale(
            book_id, contents.picture_ids, page_ids, refresh=refresh
        )
        self._tools.crop_files.delete(removed_pictures)
        run.report.count("removed", len(removed_pictures))
        removed_pages = self._collection.pages.delete_stale(book_id, contents.page_ids, page_ids, refresh=refresh)
        run.report.count("pages_removed", len(removed_pages))
