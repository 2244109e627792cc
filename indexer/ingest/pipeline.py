"""Volumes → documents: read pages, cut out and encode pictures in batches, write, and report what was left out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from PIL.Image import Image

from core.batches import batched
from core.errors import FileUnavailable
from core.picture_classes import read_classes
from indexer.classification.labelling import add_labels, name_catalogue_label
from indexer.classification.model import Classifier
from indexer.documents.hybrid import HybridDocument, IndexDocument, book_document, page_document
from indexer.documents.pictures import Picture
from indexer.documents.places import PlaceTable
from indexer.documents.stored import StoredVersion
from indexer.elasticsearch.collection import Collection
from indexer.elasticsearch.index import BulkIndex
from indexer.images.crops import Cropper
from indexer.images.decoration import classify_decoration
from indexer.images.fetching import Fetcher, ServerDown
from indexer.ingest.crop_files import CropFiles
from indexer.ingest.ownership import BookOwnership, repeated_page_problem
from indexer.ingest.progress import NO_PROGRESS, ProgressCallbacks
from indexer.ingest.reader import LeafReader
from indexer.ingest.report import RunReportBuilder
from indexer.ingest.vectors import DocumentEncoders
from indexer.ingest.volume_contents import VolumeContents
from indexer.records import Book, Problem, Volume
from indexer.run_records import FileAccount, RunReport

PictureWithDocument = tuple[Picture, HybridDocument]

PAGE_BATCH_SIZE = 100
"""The text, stems and boxes of a page are some 20 kB, so a request is about 2 MB."""


class Pipeline:
    """Fills the indices from volumes; one batch of pictures and one of pages is in memory at a time."""

    def __init__(
        self,
        collection: Collection,
        encoders: DocumentEncoders,
        cropper: Cropper,
        fetcher: Fetcher,
        *,
        crops_folder: Path,
        batch_size: int,
        indexed_at: str,
        progress: ProgressCallbacks = NO_PROGRESS,
        report_builder: RunReportBuilder | None = None,
        classifier: Classifier | None = None,
        places: PlaceTable | None = None,
    ) -> None:
        self._collection, self._encoders, self._cropper = collection, encoders, cropper
        self._crop_files, self._batch_size, self._indexed_at = CropFiles(crops_folder), batch_size, indexed_at
        self._progress = progress
        self._model_versions = encoders.versions
        self._ownership = BookOwnership(collection)
        self._report_builder = report_builder or RunReportBuilder()
        self._reader = LeafReader(cropper, fetcher, self._report_builder)
        self._classifier, self._places = classifier, places
        self._class_set = classifier.class_set if classifier else read_classes(None)

    def run(self, volumes: Iterable[Volume | Problem | FileAccount]) -> RunReport:
        """Write every volume and return the report; a bad file becomes a problem, a wrong vector stops the run."""
        self._collection.refresh()
        for volume in volumes:
            if isinstance(volume, Problem):
                self._report_builder.add_problem(volume)
            elif isinstance(volume, FileAccount):
                self._report_builder.add_account(volume)
            else:
                self._index_volume(volume)
        self._collection.refresh()
        return self._report_builder.build()

    def _index_volume(self, volume: Volume) -> None:
        is_first_reading = not self._ownership.has_been_read(volume)
        if problem := self._ownership.claim(volume):
            self._report_builder.add_problem(problem)
            return
        failures_before, contents = self._report_builder.failure_count, VolumeContents()
        self._report_builder.count("books")
        for warning in volume.warnings:
            self._report_builder.add_warning(volume.book.id, warning)
        for note in volume.notes:
            self._report_builder.add_note(volume.book.id, note)
        self._progress.on_book(volume.book, len(volume.leaves))
        # Each batch is written as soon as it is encoded, so a run that is stopped keeps its work.
        for batch in batched(self._changed_pictures(volume, contents), self._batch_size):
            self._report_builder.count("written", self._write(self._collection.pictures, self._encode_batch(batch)))
        self._write_pending_pages(volume, contents)
        is_complete = (
            volume.is_complete and not volume.warnings and self._report_builder.failure_count == failures_before
        )
        self._write_book(volume, contents, is_complete=is_complete)
        # Only documents of this run need a refresh to be visible: an earlier source may have had the same book.
        self._remove_stale_documents(volume.book, contents, is_complete=is_complete, refresh=not is_first_reading)

    def _changed_pictures(self, volume: Volume, contents: VolumeContents) -> Iterator[PictureWithDocument]:
        """Yield each picture of the volume once, except those that the index already has in this form."""
        for batch in batched(self._picture_documents(volume, contents), self._batch_size):
            versions = self._collection.pictures.versions([picture.id for picture, _ in batch])
            own_pictures = [
                (picture, document)
                for picture, document in batch
                if self._is_own_page(volume, picture.leaf.id, versions.get(picture.id))
            ]
            contents.picture_ids -= {picture.id for picture, _ in batch} - {picture.id for picture, _ in own_pictures}
            changed_pictures = [
                (picture, document)
                for picture, document in own_pictures
                if not _is_current(document, versions) or not self._crop_files.has_files_of(picture)
            ]
            self._report_builder.count("unchanged", len(own_pictures) - len(changed_pictures))
            corrections = self._collection.corrections([picture.id for picture, _ in changed_pictures])
            for picture, document in changed_pictures:
                correction = corrections.get(picture.id)
                yield picture, document.with_correction(correction) if correction else document

    def _picture_documents(self, volume: Volume, contents: VolumeContents) -> Iterator[PictureWithDocument]:
        for leaf in volume.leaves:
            for page in self._reader.read_pages(volume.book, leaf):
                file = leaf.alto or leaf.scan or leaf.image_service or volume.source
                if earlier_file := contents.add_page(page, file):
                    self._report_builder.add_problem(repeated_page_problem(page.id, file, earlier_file))
                    continue
                if page.ocr_page:
                    self._queue_page(volume, page_document(page.ocr_page, self._places), contents)
                for picture in page.pictures:
                    if picture.id not in contents.picture_ids:
                        contents.picture_ids.add(picture.id)
                        provenance = f"{self._cropper.scan_signature(picture.leaf)} {self._model_versions}"
                        document = HybridDocument.from_picture(picture, provenance, self._places)
                        yield picture, name_catalogue_label(document, self._class_set)
            self._progress.on_page()

    def _queue_page(self, volume: Volume, page: IndexDocument, contents: VolumeContents) -> None:
        contents.page_ids.add(page.id)
        contents.pending_pages.append(page)
        if len(contents.pending_pages) >= PAGE_BATCH_SIZE:
            self._write_pending_pages(volume, contents)

    def _write_pending_pages(self, volume: Volume, contents: VolumeContents) -> None:
        versions = self._collection.pages.versions([page.id for page in contents.pending_pages])
        own_pages = [
            page
            for page in contents.pending_pages
            if self._is_own_page(volume, str(page.source["page_id"]), versions.get(page.id))
        ]
        changed_pages = (page for page in own_pages if not _is_current(page, versions))
        self._report_builder.count("pages_written", self._write(self._collection.pages, changed_pages))
        contents.pending_pages.clear()

    def _is_own_page(self, volume: Volume, page_id: str, version: StoredVersion | None) -> bool:
        """Return whether the volume may write a page or a picture on it; else report whose it is."""
        problem = self._ownership.foreign_page_problem(volume, page_id, version)
        if problem:
            self._report_builder.add_problem(problem)
        return problem is None

    def _write_book(self, volume: Volume, contents: VolumeContents, *, is_complete: bool) -> None:
        """Write the book's record; if only part of the book was read, the larger counts of an earlier run stay."""
        page_count, picture_count = max(contents.page_count, len(volume.leaves)), len(contents.picture_ids)
        stored_book = None if is_complete else self._collection.stored_book(volume.book.id)
        if stored_book:
            page_count = max(page_count, stored_book.pages)
            picture_count = max(picture_count, stored_book.pictures)
        document = book_document(
            volume.book, pages=page_count, pictures=picture_count, source=volume.source, places=self._places
        )
        if not _is_current(document, self._collection.books.versions([document.id])):
            self._report_builder.count("books_written", self._write(self._collection.books, [document]))

    def _write(self, index: BulkIndex, documents: Iterable[IndexDocument]) -> int:
        written_count = 0
        for rejection in index.write(documents, self._indexed_at):
            if rejection:
                self._report_builder.add_rejection(rejection.id, rejection.reason)
            else:
                written_count += 1
        return written_count

    def _remove_stale_documents(
        self, book: Book, contents: VolumeContents, *, is_complete: bool, refresh: bool
    ) -> None:
        # Pages that were not read keep their pictures.
        page_ids = None if is_complete else contents.complete_page_ids
        removed_pictures = self._collection.pictures.delete_stale(
            book.id, contents.picture_ids, page_ids, refresh=refresh
        )
        self._crop_files.delete(removed_pictures)
        self._report_builder.count("removed", len(removed_pictures))
        removed_pages = self._collection.pages.delete_stale(book.id, contents.page_ids, page_ids, refresh=refresh)
        self._report_builder.count("pages_removed", len(removed_pages))

    def _encode_batch(self, batch: Sequence[PictureWithDocument]) -> Iterator[HybridDocument]:
        images: list[Image] = []
        documents: list[HybridDocument] = []
        for picture, document in batch:
            try:
                full_image = self._cropper.crop(picture.leaf, picture.element.box)
                images.append(self._crop_files.save(picture, full_image))
                decoration = classify_decoration(images[-1], picture.placement)
                documents.append(document.with_fields({"decoration": decoration}) if decoration else document)
                for file, warning in self._cropper.take_warnings():
                    self._report_builder.add_warning(file, warning)
            except FileUnavailable as error:
                prefix = "" if isinstance(error, ServerDown) else f"{picture.id}: "
                self._report_builder.add_problem(Problem(error.file, prefix + error.reason, error.code))
        if not images:
            return
        encoded_documents = self._encoders.encode(images, documents)
        yield from (
            add_labels(encoded_documents, self._classifier, self._indexed_at) if self._classifier else encoded_documents
        )


def _is_current(document: IndexDocument, versions: Mapping[str, StoredVersion]) -> bool:
    version = versions.get(document.id)
    return version is not None and version.fingerprint == document.fingerprint
