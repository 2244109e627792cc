"""Books → documents: read, cut, encode in batches, write; what was left out is counted and named."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy.typing as npt
from PIL.Image import Image

from core.batches import batched
from core.encoders.features import FeatureEncoder, encoder_identity
from core.encoders.protocols import Encoder, check_vectors
from core.errors import CropUnavailable, FrontispieceError
from core.identifiers import document_id
from indexer.classification.labelling import add_labels
from indexer.classification.model import Classifier
from indexer.documents.hybrid import HybridDocument, IndexDocument, book_document, page_document
from indexer.documents.pictures import Picture
from indexer.elasticsearch.collection import Collection
from indexer.elasticsearch.index import BulkIndex
from indexer.images.crops import Cropper, is_complete_crop, save_crop, shrink_to_crop_size
from indexer.images.fetching import ServerDown
from indexer.ingest.progress import NO_PROGRESS, ProgressCallbacks
from indexer.ingest.reader import LeafReader
from indexer.ingest.removal import delete_crops
from indexer.ingest.report import RunReport, RunReportBuilder
from indexer.records import Book, Problem, Volume

PictureWithDocument = tuple[Picture, HybridDocument]
ArrayRows = TypeVar("ArrayRows", bound=npt.NDArray[Any])

PAGE_BATCH_SIZE = 100
"""A page's words, stems and boxes are some 20 kB: 2 MB a request."""

MAX_LARGE_SIDE = 2000
"""Pixels of the larger picture: more than a screen has; whoever needs every pixel has the scan."""


@dataclass(slots=True)
class VolumeContents:
    """What a volume has, as far as it was read."""

    picture_ids: set[str] = field(default_factory=set)
    page_ids: set[str] = field(default_factory=set)
    complete_page_ids: set[str] = field(default_factory=set)
    """Pages of which everything is known."""
    page_count: int = 0
    pending_pages: list[IndexDocument] = field(default_factory=list)
    """Pages that are not written yet."""


class Pipeline:
    """Fills the indices from volumes, one batch of pictures and one of pages in memory at a time."""

    def __init__(
        self,
        collection: Collection,
        encoders: Sequence[Encoder],
        crops: Cropper,
        *,
        crops_folder: Path,
        batch_size: int,
        indexed_at: str,
        progress: ProgressCallbacks = NO_PROGRESS,
        report_builder: RunReportBuilder | None = None,
        classifier: Classifier | None = None,
    ) -> None:
        self._collection, self._encoders, self._crops = collection, encoders, crops
        self._crops_folder, self._batch_size, self._indexed_at = crops_folder, batch_size, indexed_at
        self._progress = progress
        self._model_versions = " ".join(
            f"{encoder.name}@{'/'.join(encoder_identity(encoder).values())}" for encoder in encoders
        )
        self._processed_book_ids: set[str] = set()
        self._report_builder = report_builder or RunReportBuilder()
        self._report = self._report_builder.report
        self._reader = LeafReader(crops, self._report_builder)
        self._classifier = classifier

    def run(self, volumes: Iterable[Volume | Problem]) -> RunReport:
        """Writes every volume; a bad file is reported and the next one comes, a wrong vector stops the run."""
        self._collection.refresh()
        for volume in volumes:
            if isinstance(volume, Problem):
                self._report.problems.append(volume)
            else:
                self._index_volume(volume)
        self._collection.refresh()
        return self._report_builder.build()

    def _index_volume(self, volume: Volume) -> None:
        failures_before, contents = self._report_builder.failure_count, VolumeContents()
        self._report.books += 1
        self._report.warnings += [Problem(volume.book.id, warning) for warning in volume.warnings]
        self._progress.on_book(volume.book, len(volume.leaves))
        # Each batch as soon as it is encoded: a run that is stopped keeps what it has paid for.
        for batch in batched(self._changed_pictures(volume, contents), self._batch_size):
            self._report.written += self._write(self._collection.pictures, self._encode_batch(batch))
        self._write_pending_pages(contents)
        is_complete = (
            volume.is_complete and not volume.warnings and self._report_builder.failure_count == failures_before
        )
        self._write_book(volume, contents, is_complete=is_complete)
        self._remove_stale_documents(volume.book, contents, is_complete=is_complete)

    def _changed_pictures(self, volume: Volume, contents: VolumeContents) -> Iterator[PictureWithDocument]:
        """The volume's pictures, each once, without those that the index has as they are."""
        for batch in batched(self._picture_documents(volume, contents), self._batch_size):
            fingerprints = self._collection.pictures.fingerprints([picture.id for picture, _ in batch])
            changed_pictures = [
                (picture, document)
                for picture, document in batch
                if fingerprints.get(picture.id) != document.fingerprint or not self._has_files(picture)
            ]
            self._report.unchanged += len(batch) - len(changed_pictures)
            corrections = self._collection.corrections([picture.id for picture, _ in changed_pictures])
            for picture, document in changed_pictures:
                correction = corrections.get(picture.id)
                yield picture, document.with_label(**correction) if correction else document

    def _picture_documents(self, volume: Volume, contents: VolumeContents) -> Iterator[PictureWithDocument]:
        for leaf in volume.leaves:
            for page in self._reader.read_pages(volume.book, leaf):
                contents.page_count += 1
                if page.is_complete:
                    contents.complete_page_ids.add(page.id)
                if page.ocr_page:
                    self._queue_page(page_document(page.ocr_page), contents)
                for picture in page.pictures:
                    if picture.id not in contents.picture_ids:
                        contents.picture_ids.add(picture.id)
                        provenance = f"{self._crops.scan_signature(picture.leaf)} {self._model_versions}"
                        yield picture, HybridDocument.from_picture(picture, provenance)
            self._progress.on_page()

    def _queue_page(self, page: IndexDocument, contents: VolumeContents) -> None:
        if page.id in contents.page_ids:
            return
        contents.page_ids.add(page.id)
        contents.pending_pages.append(page)
        if len(contents.pending_pages) >= PAGE_BATCH_SIZE:
            self._write_pending_pages(contents)

    def _write_pending_pages(self, contents: VolumeContents) -> None:
        self._report.pages_written += self._write_changed(self._collection.pages, contents.pending_pages)
        contents.pending_pages.clear()

    def _write_book(self, volume: Volume, contents: VolumeContents, *, is_complete: bool) -> None:
        """The record; where only a part of the book was read, with the counts of a run that read more."""
        page_count, picture_count = max(contents.page_count, len(volume.leaves)), len(contents.picture_ids)
        if not is_complete:
            id_ = document_id(volume.book.id)
            previous_counts = self._collection.books.get_fields([id_], "pages", "pictures").get(id_, {})
            page_count, picture_count = (
                max(page_count, previous_counts.get("pages", 0)),
                max(picture_count, previous_counts.get("pictures", 0)),
            )
        document = book_document(volume.book, pages=page_count, pictures=picture_count)
        self._report.books_written += self._write_changed(self._collection.books, [document])

    def _write_changed(self, index: BulkIndex, documents: Sequence[IndexDocument]) -> int:
        fingerprints = index.fingerprints([document.id for document in documents])
        return self._write(
            index, (document for document in documents if fingerprints.get(document.id) != document.fingerprint)
        )

    def _write(self, index: BulkIndex, documents: Iterable[IndexDocument]) -> int:
        written_count = 0
        for rejection in index.write(documents, self._indexed_at):
            if rejection:
                self._report.rejected.append(Problem(rejection.id, rejection.reason))
            else:
                written_count += 1
        return written_count

    def _remove_stale_documents(self, book: Book, contents: VolumeContents, *, is_complete: bool) -> None:
        # Of a page that was not read nothing is known, so its pictures stay.
        page_ids = None if is_complete else contents.complete_page_ids
        # What earlier runs wrote is seen without a refresh; a source before this one may have had the same book.
        refresh = book.id in self._processed_book_ids
        self._processed_book_ids.add(book.id)
        removed_pictures = self._collection.pictures.delete_stale(
            book.id, contents.picture_ids, page_ids, refresh=refresh
        )
        delete_crops(self._crops_folder, removed_pictures)
        self._report.removed += len(removed_pictures)
        removed_pages = self._collection.pages.delete_stale(book.id, contents.page_ids, page_ids, refresh=refresh)
        self._report.pages_removed += len(removed_pages)

    def _encode_batch(self, batch: Sequence[PictureWithDocument]) -> Iterator[HybridDocument]:
        images: list[Image] = []
        documents: list[HybridDocument] = []
        for picture, document in batch:
            try:
                images.append(self._save_crop(picture))
                documents.append(document)
            except CropUnavailable as error:
                prefix = "" if isinstance(error, ServerDown) else f"{picture.id}: "
                self._report_builder.add_problem(Problem(error.file, prefix + error.reason))
        if not images:
            return
        vectors = {
            encoder.name: check_vectors(encoder.encode_images(images), encoder, len(images))
            for encoder in self._encoders
        }
        features = {
            encoder.name: encoder.encode_features(images)
            for encoder in self._encoders
            if isinstance(encoder, FeatureEncoder)
        }
        encoded_documents = [
            document.with_vectors(_select_row(vectors, position), _select_row(features, position))
            for position, document in enumerate(documents)
        ]
        yield from (
            add_labels(encoded_documents, self._classifier, self._indexed_at) if self._classifier else encoded_documents
        )

    def _has_files(self, picture: Picture) -> bool:
        return all(
            is_complete_crop(self._crops_folder / file) for file in (picture.crop_file, picture.large_file) if file
        )

    def _save_crop(self, picture: Picture) -> Image:
        """The picture as it is encoded, kept as a JPEG for the readers; and a larger one where there is one."""
        full_image = self._crops.crop(picture.leaf, picture.element.box)
        image = shrink_to_crop_size(full_image)
        file = self._crops_folder / picture.crop_file
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            save_crop(image, file)
            if picture.large_file:
                full_image.thumbnail((MAX_LARGE_SIDE, MAX_LARGE_SIDE))
                save_crop(full_image, self._crops_folder / picture.large_file)
        except OSError as error:
            raise FrontispieceError(
                f"cannot write {file}: {error.strerror or error}; FRONTISPIECE_DATA moves it"
            ) from error
        return image


def _select_row(arrays: Mapping[str, ArrayRows], position: int) -> dict[str, ArrayRows]:
    return {name: rows[position] for name, rows in arrays.items()}
