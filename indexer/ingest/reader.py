"""Volumes → what is on their pages: words with their places, and pictures with the words around them; no pixels yet."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from core import image_api
from core.errors import AltoError, CropUnavailable
from core.geometry import PixelBox
from indexer import context
from indexer.context.page_text import words_and_boxes
from indexer.documents.pictures import OcrPage, Picture
from indexer.formats import alto
from indexer.images.crops import Cropper
from indexer.ingest.report import RunReportBuilder
from indexer.records import Book, Context, GraphicalElement, Leaf, Page, Problem, TextPassage, is_url

MIN_PICTURE_SIDE = 8
"""Pixels. Column rules and dust that BnF's ALTO lists by the hundred are thinner; a printed ornament is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContents:
    """What is on one page."""

    id: str
    ocr_page: OcrPage | None
    """None for a plain picture, which has no ALTO."""
    pictures: tuple[Picture, ...]
    is_complete: bool
    """Whether its pictures are known: those of a page whose scan cannot be had are not."""


class LeafReader:
    """Reads leaves; what cannot be read goes into the ledger and the next one comes."""

    def __init__(self, crops: Cropper, report_builder: RunReportBuilder) -> None:
        self._crops, self._report_builder, self._report = crops, report_builder, report_builder.report

    def read_pages(self, book: Book, leaf: Leaf) -> Iterator[PageContents]:
        """The pages of a leaf: one, or a whole issue in one file."""
        try:
            for page_leaf, page in self._read_alto_pages(leaf):
                self._report.pages += 1
                yield self._build_page(book, page_leaf, page)
        except (AltoError, CropUnavailable) as error:
            self._report_builder.add_problem(Problem(error.file, error.cause))

    def _read_alto_pages(self, leaf: Leaf) -> Iterator[tuple[Leaf, Page | None]]:
        if leaf.alto is None:
            yield leaf, None
            return
        pages = alto.read_pages(self._crops.read_alto(leaf), leaf.alto)
        for page in pages:
            self._report.warnings += [Problem(leaf.alto, warning) for warning in page.warnings]
            yield (leaf if len(pages) == 1 else replace(leaf, id=f"{leaf.id}:{page.id}", scan=None)), page

    def _build_page(self, book: Book, leaf: Leaf, page: Page | None) -> PageContents:
        pictures: tuple[Picture, ...] = ()
        is_complete, scan_size = True, None
        if page is None or page.pictures:
            try:
                scan_size = self._crops.scan_size(leaf)
                pictures = tuple(self._build_pictures(book, leaf, page, *scan_size))
            except CropUnavailable as error:
                self._report_builder.add_problem(Problem(error.file, error.cause))
                is_complete = False
        ocr_page = (
            self._build_ocr_page(book, leaf, page, scan_size or self._local_scan_size(leaf), len(pictures))
            if page
            else None
        )
        return PageContents(id=leaf.id, ocr_page=ocr_page, pictures=pictures, is_complete=is_complete)

    def _local_scan_size(self, leaf: Leaf) -> tuple[int, int] | None:
        """Pixels of the scan where that costs no request: for the words alone no server is asked."""
        if leaf.width and leaf.height:
            return leaf.width, leaf.height
        if leaf.image_service or not leaf.scan or is_url(leaf.scan):
            return None
        try:
            return self._crops.scan_size(leaf)
        except CropUnavailable:
            return None

    def _build_ocr_page(
        self, book: Book, leaf: Leaf, page: Page, scan_size: tuple[int, int] | None, picture_count: int
    ) -> OcrPage:
        factor, _ = context.scan_scale(page, *(scan_size or (None, None)))
        text, boxes = words_and_boxes(page, factor)
        width, height = scan_size or (round(page.width), round(page.height))
        return OcrPage(
            book=book,
            leaf=leaf,
            text=text,
            word_boxes=boxes,
            width=width,
            height=height,
            language=page.language,
            picture_count=picture_count,
        )

    def _build_pictures(self, book: Book, leaf: Leaf, page: Page | None, width: int, height: int) -> Iterator[Picture]:
        for element in self._graphical_elements(leaf, page, width, height):
            if min(element.box.width, element.box.height) < MIN_PICTURE_SIDE:
                self._report.too_small += 1
                continue
            service = leaf.image_service
            yield Picture(
                book=book,
                leaf=leaf,
                element=element,
                scan_width=width,
                scan_height=height,
                region=image_api.region_url(service, element.box, version=leaf.image_api_version) if service else "",
                page_image=image_api.page_url(service, version=leaf.image_api_version) if service else "",
                language=page.language if page else "",
            )

    def _graphical_elements(
        self, leaf: Leaf, page: Page | None, width: int, height: int
    ) -> tuple[GraphicalElement, ...]:
        if page is None:
            caption_context = Context(caption=TextPassage(leaf.caption))
            return (
                GraphicalElement(
                    alto_id="", block_type="Image", box=PixelBox(0, 0, width, height), context=caption_context
                ),
            )
        _, warning = context.scan_scale(page, width, height)
        if warning:
            self._report.warnings.append(Problem(leaf.alto or leaf.id, warning))
        return context.extract_graphical_elements(page, width, height)
