"""Books → documents: read, cut, encode in batches, write; what was left out is counted and named."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import numpy.typing as npt
from PIL.Image import Image

from core.encoders.features import TraitEncoder, facts
from core.encoders.protocols import Encoder, check
from core.errors import CropUnavailable, FrontispieceError
from core.identifiers import document_id
from indexer.classification.applying import labelled
from indexer.classification.model import Classifier
from indexer.documents.hybrid import Document, HybridDocument, book_document, page_document
from indexer.documents.pictures import Picture
from indexer.elasticsearch.collection import Indices
from indexer.elasticsearch.index import Index
from indexer.images.crops import Crops, is_whole, keep, shrink
from indexer.images.fetching import ServerDown
from indexer.ingest.progress import SILENT, Progress
from indexer.ingest.reader import Reader
from indexer.ingest.removal import delete_crops
from indexer.ingest.report import Ledger, Report
from indexer.records import Book, Problem, Volume

Found = tuple[Picture, HybridDocument]
Row = TypeVar("Row", bound=npt.NDArray[Any])

PAGES_AT_ONCE = 100
"""A page's words, stems and boxes are some 20 kB: 2 MB a request."""

LARGEST_SIDE = 2000
"""Pixels of the larger picture: more than a screen has; whoever needs every pixel has the scan."""


@dataclass(slots=True)
class Seen:
    """What a volume has, as far as it was read."""

    pictures: set[str] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    """Pages of which everything is known."""
    count: int = 0
    waiting: list[Document] = field(default_factory=list)
    """Pages that are not written yet."""


class Pipeline:
    """Fills the indices from volumes, one batch of pictures and one of pages in memory at a time."""

    def __init__(
        self,
        indices: Indices,
        encoders: Sequence[Encoder],
        crops: Crops,
        *,
        folder: Path,
        batch_size: int,
        indexed_at: str,
        progress: Progress = SILENT,
        ledger: Ledger | None = None,
        classifier: Classifier | None = None,
    ) -> None:
        self._indices, self._encoders, self._crops = indices, encoders, crops
        self._folder, self._batch_size, self._indexed_at = folder, batch_size, indexed_at
        self._progress = progress
        self._models = " ".join(f"{each.name}@{'/'.join(facts(each).values())}" for each in encoders)
        self._books: set[str] = set()
        self._ledger = ledger or Ledger()
        self._report = self._ledger.report
        self._reader = Reader(crops, self._ledger)
        self._classifier = classifier

    def run(self, volumes: Iterable[Volume | Problem]) -> Report:
        """Writes every volume; a bad file is reported and the next one comes, a wrong vector stops the run."""
        self._indices.refresh()
        for volume in volumes:
            if isinstance(volume, Problem):
                self._report.problems.append(volume)
            else:
                self._volume(volume)
        self._indices.refresh()
        return self._ledger.closed()

    def _volume(self, volume: Volume) -> None:
        before, seen = self._ledger.failures, Seen()
        self._report.books += 1
        self._report.warnings += [Problem(volume.book.id, warning) for warning in volume.warnings]
        self._progress.book(volume.book, len(volume.leaves))
        # Each batch as soon as it is encoded: a run that is stopped keeps what it has paid for.
        for batch in _batches(self._fresh(volume, seen), self._batch_size):
            self._report.written += self._write(self._indices.pictures, self._encoded(batch))
        self._write_pages(seen)
        whole = volume.whole and not volume.warnings and self._ledger.failures == before
        self._write_book(volume, seen, whole=whole)
        self._remove_others(volume.book, seen, whole=whole)

    def _fresh(self, volume: Volume, seen: Seen) -> Iterator[Found]:
        """The volume's pictures, each once, without those that the index has as they are."""
        for batch in _batches(self._documents(volume, seen), self._batch_size):
            known = self._indices.pictures.fingerprints([picture.id for picture, _ in batch])
            fresh = [
                (picture, document)
                for picture, document in batch
                if known.get(picture.id) != document.fingerprint or not self._has_files(picture)
            ]
            self._report.unchanged += len(batch) - len(fresh)
            corrections = self._indices.corrections([picture.id for picture, _ in fresh])
            for picture, document in fresh:
                said = corrections.get(picture.id)
                yield picture, document.labelled(**said) if said else document

    def _documents(self, volume: Volume, seen: Seen) -> Iterator[Found]:
        for leaf in volume.leaves:
            for page in self._reader.pages(volume.book, leaf):
                seen.count += 1
                if page.complete:
                    seen.read.add(page.id)
                if page.words:
                    self._keep(page_document(page.words), seen)
                for picture in page.pictures:
                    if picture.id not in seen.pictures:
                        seen.pictures.add(picture.id)
                        made_from = f"{self._crops.stamp(picture.leaf)} {self._models}"
                        yield picture, HybridDocument.of(picture, made_from)
            self._progress.page()

    def _keep(self, page: Document, seen: Seen) -> None:
        if page.id in seen.pages:
            return
        seen.pages.add(page.id)
        seen.waiting.append(page)
        if len(seen.waiting) >= PAGES_AT_ONCE:
            self._write_pages(seen)

    def _write_pages(self, seen: Seen) -> None:
        self._report.pages_written += self._write_changed(self._indices.pages, seen.waiting)
        seen.waiting.clear()

    def _write_book(self, volume: Volume, seen: Seen, *, whole: bool) -> None:
        """The record; where only a part of the book was read, with the counts of a run that read more."""
        pages, pictures = max(seen.count, len(volume.leaves)), len(seen.pictures)
        if not whole:
            id_ = document_id(volume.book.id)
            had = self._indices.books.read([id_], "pages", "pictures").get(id_, {})
            pages, pictures = max(pages, had.get("pages", 0)), max(pictures, had.get("pictures", 0))
        document = book_document(volume.book, pages=pages, pictures=pictures)
        self._report.books_written += self._write_changed(self._indices.books, [document])

    def _write_changed(self, index: Index, documents: Sequence[Document]) -> int:
        known = index.fingerprints([each.id for each in documents])
        return self._write(index, (each for each in documents if known.get(each.id) != each.fingerprint))

    def _write(self, index: Index, documents: Iterable[Document]) -> int:
        written = 0
        for rejected in index.write(documents, self._indexed_at):
            if rejected:
                self._report.rejected.append(Problem(rejected.id, rejected.reason))
            else:
                written += 1
        return written

    def _remove_others(self, book: Book, seen: Seen, *, whole: bool) -> None:
        # Of a page that was not read nothing is known, so its pictures stay.
        read = None if whole else seen.read
        # What earlier runs wrote is seen without a refresh; a source before this one may have had the same book.
        refresh = book.id in self._books
        self._books.add(book.id)
        removed = self._indices.pictures.remove_others(book.id, seen.pictures, read, refresh=refresh)
        delete_crops(self._folder, removed)
        self._report.removed += len(removed)
        pages = self._indices.pages.remove_others(book.id, seen.pages, read, refresh=refresh)
        self._report.pages_removed += len(pages)

    def _encoded(self, batch: Sequence[Found]) -> Iterator[HybridDocument]:
        images: list[Image] = []
        documents: list[HybridDocument] = []
        for picture, document in batch:
            try:
                images.append(self._crop(picture))
                documents.append(document)
            except CropUnavailable as error:
                place = "" if isinstance(error, ServerDown) else f"{picture.id}: "
                self._ledger.left_out(Problem(error.file, place + error.reason))
        if not images:
            return
        vectors = {each.name: check(each.encode_images(images), each, len(images)) for each in self._encoders}
        traits = {each.name: each.encode_traits(images) for each in self._encoders if isinstance(each, TraitEncoder)}
        encoded = [
            document.with_vectors(_row(vectors, place), _row(traits, place)) for place, document in enumerate(documents)
        ]
        yield from labelled(encoded, self._classifier, self._indexed_at) if self._classifier else encoded

    def _has_files(self, picture: Picture) -> bool:
        return all(is_whole(self._folder / file) for file in (picture.crop_file, picture.large_file) if file)

    def _crop(self, picture: Picture) -> Image:
        """The picture as it is encoded, kept as a JPEG for the readers; and a larger one where there is one."""
        whole = self._crops.crop(picture.leaf, picture.element.box)
        image = shrink(whole)
        file = self._folder / picture.crop_file
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            keep(image, file)
            if picture.large_file:
                whole.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
                keep(whole, self._folder / picture.large_file)
        except OSError as error:
            raise FrontispieceError(
                f"cannot write {file}: {error.strerror or error}; FRONTISPIECE_DATA moves it"
            ) from error
        return image


def _row(columns: Mapping[str, Row], place: int) -> dict[str, Row]:
    return {name: rows[place] for name, rows in columns.items()}


def _batches(items: Iterator[Found], size: int) -> Iterator[list[Found]]:
    """Lists of up to `size`; `itertools.batched` came with Python 3.12."""
    while batch := list(islice(items, size)):
        yield batch
