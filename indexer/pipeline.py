"""Books → hybrid documents: read, cut, encode in batches, write; what was left out is counted and named."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from PIL.Image import Image

from indexer import alto, context, iiif
from indexer.boxes import PixelBox
from indexer.crops import Crops, shrink
from indexer.documents import HybridDocument, Picture
from indexer.encoders.base import Encoder, check
from indexer.errors import AltoError, CropUnavailable, FrontispieceError
from indexer.fetching import ServerDown
from indexer.index import PictureIndex
from indexer.records import Book, Context, GraphicalElement, Leaf, Page, Passage, Problem, Volume

Found = tuple[Picture, HybridDocument]

MIN_SIDE = 8
"""Pixels. Column rules and dust that BnF's ALTO lists by the hundred are thinner; a printed ornament is not."""

LARGEST_SIDE = 2000
"""Pixels of the larger picture: more than a screen has; whoever needs every pixel has the scan."""

CROP_QUALITY = 88
"""JPEG quality of the crops that readers see; the vectors are made before it is lost."""


@dataclass(slots=True)
class Report:
    """What a run did, and what it left out."""

    books: int = 0
    pages: int = 0
    written: int = 0
    unchanged: int = 0
    too_small: int = 0
    """Graphical elements with a side below `MIN_SIDE` pixels of the scan."""
    removed: int = 0
    """Pictures that an earlier run wrote and that the book's files no longer have."""
    problems: list[Problem] = field(default_factory=list)
    """Pages and pictures that were left out."""
    warnings: list[Problem] = field(default_factory=list)
    """What was read although something was wrong with it."""
    rejected: list[Problem] = field(default_factory=list)
    """Documents that Elasticsearch refused."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Called as the run goes on; each does nothing by default."""

    book: Callable[[Book, int], None] = lambda _book, _pages: None
    page: Callable[[], None] = lambda: None


class Pipeline:
    """Fills one index from volumes, one batch of pictures in memory at a time."""

    def __init__(
        self,
        index: PictureIndex,
        encoders: Sequence[Encoder],
        crops: Crops,
        *,
        folder: Path,
        batch_size: int,
        indexed_at: str,
        progress: Progress = Progress(),
    ) -> None:
        self._index, self._encoders, self._crops = index, encoders, crops
        self._folder, self._batch_size, self._indexed_at = folder, batch_size, indexed_at
        self._progress = progress
        self._models = " ".join(f"{each.name}@{each.revision}/{each.preprocessing}" for each in encoders)
        self._read: set[str] = set()
        self._books: set[str] = set()
        self.report = Report()
        self._told: dict[Problem, int] = {}

    def run(self, volumes: Iterable[Volume | Problem]) -> Report:
        """Writes every volume; a bad file is reported and the next one comes, a wrong vector stops the run."""
        self._index.refresh()
        for volume in volumes:
            if isinstance(volume, Problem):
                self.report.problems.append(volume)
            else:
                self._volume(volume)
        self._count_repeated()
        self._index.refresh()
        return self.report

    def _volume(self, volume: Volume) -> None:
        report, before = self.report, sum(self._told.values()) + len(self.report.rejected)
        report.books += 1
        report.warnings += [Problem(volume.book.id, warning) for warning in volume.warnings]
        self._progress.book(volume.book, len(volume.leaves))
        seen: set[str] = set()
        self._read.clear()
        # Each batch as soon as it is encoded: a run that is stopped keeps what it has paid for.
        for batch in _batches(self._fresh(volume, seen), self._batch_size):
            for rejected in self._index.write(self._encoded(batch), self._indexed_at):
                if rejected:
                    report.rejected.append(Problem(rejected.id, rejected.reason))
                else:
                    report.written += 1
        failed = volume.warnings or sum(self._told.values()) + len(report.rejected) > before
        # Of a page that was not read nothing is known, so its pictures stay.
        pages = None if volume.whole and not failed else self._read
        # What earlier runs wrote is seen without a refresh; a source before this one may have had the same book.
        refresh = volume.book.id in self._books
        self._books.add(volume.book.id)
        report.removed += self._index.remove_others(volume.book.id, seen, pages, refresh=refresh)

    def _fresh(self, volume: Volume, seen: set[str]) -> Iterator[Found]:
        """The volume's pictures, each once, without those that the index has as they are."""
        for batch in _batches(self._documents(volume, seen), self._batch_size):
            known = self._index.fingerprints([picture.id for picture, _ in batch])
            for picture, document in batch:
                if known.get(picture.id) == document.fingerprint and self._has_files(picture):
                    self.report.unchanged += 1
                else:
                    yield picture, document

    def _documents(self, volume: Volume, seen: set[str]) -> Iterator[Found]:
        for leaf in volume.leaves:
            for picture in self._pictures(volume.book, leaf):
                if picture.id not in seen:
                    seen.add(picture.id)
                    made_from = f"{self._crops.stamp(picture.leaf)} {self._models}"
                    yield picture, HybridDocument.of(picture, made_from)
            self._progress.page()

    def _pictures(self, book: Book, leaf: Leaf) -> Iterator[Picture]:
        try:
            for part, page in self._pages(leaf):
                self.report.pages += 1
                if page is None or page.pictures:
                    yield from self._cut_out(book, part, page)
                self._read.add(part.id)
        except (AltoError, CropUnavailable) as error:
            self._left_out(Problem(error.file, error.cause))

    def _pages(self, leaf: Leaf) -> Iterator[tuple[Leaf, Page | None]]:
        """The ALTO pages of a leaf: one, none (a plain picture), or a whole issue in one file."""
        if leaf.alto is None:
            yield leaf, None
            return
        pages = alto.read_pages(self._crops.read_alto(leaf), leaf.alto)
        for page in pages:
            self.report.warnings += [Problem(leaf.alto, warning) for warning in page.warnings]
            yield (leaf if len(pages) == 1 else replace(leaf, id=f"{leaf.id}:{page.id}", scan=None)), page

    def _cut_out(self, book: Book, leaf: Leaf, page: Page | None) -> Iterator[Picture]:
        width, height = self._crops.size(leaf)
        for element in self._elements(leaf, page, width, height):
            if min(element.box.width, element.box.height) < MIN_SIDE:
                self.report.too_small += 1
                continue
            service = leaf.image_service
            yield Picture(
                book=book,
                leaf=leaf,
                element=element,
                scan_width=width,
                scan_height=height,
                region=iiif.region_url(service, element.box, version=leaf.image_api) if service else "",
                page_image=iiif.page_url(service, version=leaf.image_api) if service else "",
            )

    def _elements(self, leaf: Leaf, page: Page | None, width: int, height: int) -> tuple[GraphicalElement, ...]:
        if page is None:
            words = Context(caption=Passage(leaf.caption))
            return (GraphicalElement(alto_id="", kind="Image", box=PixelBox(0, 0, width, height), context=words),)
        _, warning = context.scale(page, width, height)
        if warning:
            self.report.warnings.append(Problem(leaf.alto or leaf.id, warning))
        return context.elements(page, width, height)

    def _encoded(self, batch: Sequence[Found]) -> Iterator[HybridDocument]:
        images: list[Image] = []
        documents: list[HybridDocument] = []
        for picture, document in batch:
            try:
                images.append(self._crop(picture))
                documents.append(document)
            except CropUnavailable as error:
                place = "" if isinstance(error, ServerDown) else f"{picture.id}: "
                self._left_out(Problem(error.file, place + error.reason))
        if not images:
            return
        vectors = {each.name: check(each.encode_images(images), each, len(images)) for each in self._encoders}
        for row, document in enumerate(documents):
            yield document.with_vectors({name: rows[row] for name, rows in vectors.items()})

    def _has_files(self, picture: Picture) -> bool:
        return all((self._folder / file).exists() for file in (picture.crop_file, picture.large_file))

    def _left_out(self, problem: Problem) -> None:
        """The same thing is told once: a server that is down is so for hundreds of pages."""
        if problem not in self._told:
            self.report.problems.append(problem)
        self._told[problem] = self._told.get(problem, 0) + 1

    def _count_repeated(self) -> None:
        for place, problem in enumerate(self.report.problems):
            if (times := self._told.get(problem, 1)) > 1:
                self.report.problems[place] = replace(problem, reason=f"{problem.reason} ({times} pages and pictures)")

    def _crop(self, picture: Picture) -> Image:
        """The picture as it is encoded, kept as a JPEG for the readers; and a larger one where there is one."""
        whole = self._crops.crop(picture.leaf, picture.element.box)
        image = shrink(whole)
        file = self._folder / picture.crop_file
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            image.save(file, quality=CROP_QUALITY)
            if picture.large_file:
                whole.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
                whole.save(self._folder / picture.large_file, quality=CROP_QUALITY)
        except OSError as error:
            raise FrontispieceError(
                f"cannot write {file}: {error.strerror or error}; FRONTISPIECE_DATA moves it"
            ) from error
        return image


def _batches(items: Iterator[Found], size: int) -> Iterator[list[Found]]:
    """Lists of up to `size`; `itertools.batched` came with Python 3.12."""
    while batch := list(islice(items, size)):
        yield batch
