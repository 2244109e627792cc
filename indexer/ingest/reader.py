"""Volumes → what is on their pages: words with their places, and pictures with the words around them; no pixels yet."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from core import image_api
from core.errors import AltoError, CropUnavailable
from core.geometry import PixelBox
from indexer import context
from indexer.context.page_text import words_and_boxes
from indexer.documents.pictures import Picture, PrintedPage
from indexer.formats import alto
from indexer.images.crops import Crops
from indexer.ingest.report import Ledger
from indexer.records import Book, Context, GraphicalElement, Leaf, Page, Passage, Problem, is_url

MIN_SIDE = 8
"""Pixels. Column rules and dust that BnF's ALTO lists by the hundred are thinner; a printed ornament is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """What is on one page."""

    id: str
    words: PrintedPage | None
    """None for a plain picture, which has no ALTO."""
    pictures: tuple[Picture, ...]
    complete: bool
    """Whether its pictures are known: those of a page whose scan cannot be had are not."""


class Reader:
    """Reads leaves; what cannot be read goes into the ledger and the next one comes."""

    def __init__(self, crops: Crops, ledger: Ledger) -> None:
        self._crops, self._ledger, self._report = crops, ledger, ledger.report

    def pages(self, book: Book, leaf: Leaf) -> Iterator[ReadPage]:
        """The pages of a leaf: one, or a whole issue in one file."""
        try:
            for part, page in self._pages(leaf):
                self._report.pages += 1
                yield self._read(book, part, page)
        except (AltoError, CropUnavailable) as error:
            self._ledger.left_out(Problem(error.file, error.cause))

    def _pages(self, leaf: Leaf) -> Iterator[tuple[Leaf, Page | None]]:
        if leaf.alto is None:
            yield leaf, None
            return
        pages = alto.read_pages(self._crops.read_alto(leaf), leaf.alto)
        for page in pages:
            self._report.warnings += [Problem(leaf.alto, warning) for warning in page.warnings]
            yield (leaf if len(pages) == 1 else replace(leaf, id=f"{leaf.id}:{page.id}", scan=None)), page

    def _read(self, book: Book, leaf: Leaf, page: Page | None) -> ReadPage:
        pictures: tuple[Picture, ...] = ()
        complete, size = True, None
        if page is None or page.pictures:
            try:
                size = self._crops.size(leaf)
                pictures = tuple(self._cut_out(book, leaf, page, *size))
            except CropUnavailable as error:
                self._ledger.left_out(Problem(error.file, error.cause))
                complete = False
        words = self._words(book, leaf, page, size or self._known_size(leaf), len(pictures)) if page else None
        return ReadPage(id=leaf.id, words=words, pictures=pictures, complete=complete)

    def _known_size(self, leaf: Leaf) -> tuple[int, int] | None:
        """Pixels of the scan where that costs no request: for the words alone no server is asked."""
        if leaf.width and leaf.height:
            return leaf.width, leaf.height
        if leaf.image_service or not leaf.scan or is_url(leaf.scan):
            return None
        try:
            return self._crops.size(leaf)
        except CropUnavailable:
            return None

    def _words(self, book: Book, leaf: Leaf, page: Page, scan: tuple[int, int] | None, pictures: int) -> PrintedPage:
        factor, _ = context.scale(page, *(scan or (None, None)))
        text, boxes = words_and_boxes(page, factor)
        width, height = scan or (round(page.width), round(page.height))
        return PrintedPage(
            book=book,
            leaf=leaf,
            text=text,
            boxes=boxes,
            width=width,
            height=height,
            language=page.language,
            pictures=pictures,
        )

    def _cut_out(self, book: Book, leaf: Leaf, page: Page | None, width: int, height: int) -> Iterator[Picture]:
        for element in self._elements(leaf, page, width, height):
            if min(element.box.width, element.box.height) < MIN_SIDE:
                self._report.too_small += 1
                continue
            service = leaf.image_service
            yield Picture(
                book=book,
                leaf=leaf,
                element=element,
                scan_width=width,
                scan_height=height,
                region=image_api.region_url(service, element.box, version=leaf.image_api) if service else "",
                page_image=image_api.page_url(service, version=leaf.image_api) if service else "",
                language=page.language if page else "",
            )

    def _elements(self, leaf: Leaf, page: Page | None, width: int, height: int) -> tuple[GraphicalElement, ...]:
        if page is None:
            words = Context(caption=Passage(leaf.caption))
            return (GraphicalElement(alto_id="", kind="Image", box=PixelBox(0, 0, width, height), context=words),)
        _, warning = context.scale(page, width, height)
        if warning:
            self._report.warnings.append(Problem(leaf.alto or leaf.id, warning))
        return context.elements(page, width, height)
