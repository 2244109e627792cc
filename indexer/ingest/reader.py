"""Volumes → the content of their pages: text with its boxes, and pictures with the words around them. No pixels."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from core import image_api
from core.errors import AltoError, FileUnavailable
from core.geometry import PixelBox
from indexer.context import PageScale, extract_graphical_elements
from indexer.context.page_text import words_and_boxes
from indexer.documents.pictures import OcrPage, Picture
from indexer.formats import alto
from indexer.images.crops import Cropper
from indexer.images.fetching import Fetcher
from indexer.ingest.report import RunReportBuilder
from indexer.records import Book, Context, GraphicalElement, Leaf, Page, Problem, TextPassage, is_url

MIN_PICTURE_SIDE = 8
"""Pixels. Column rules and dust, which BnF's ALTO lists by the hundred, are thinner; printed ornaments are not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContents:
    """What one page has."""

    id: str
    ocr_page: OcrPage | None
    """None for a plain picture, which has no ALTO."""
    pictures: tuple[Picture, ...]
    is_complete: bool
    """Whether all its pictures are known; False if the scan is not available."""


class LeafReader:
    """Reads leaves; a leaf that cannot be read becomes a problem of the report."""

    def __init__(self, cropper: Cropper, fetcher: Fetcher, report_builder: RunReportBuilder) -> None:
        self._cropper, self._fetcher, self._report_builder = cropper, fetcher, report_builder

    def read_pages(self, book: Book, leaf: Leaf) -> Iterator[PageContents]:
        """Yield the pages of a leaf: usually one, but a whole issue may be one ALTO file."""
        try:
            for page_leaf, page in self._read_alto_pages(leaf):
                self._report_builder.count("pages")
                yield (
                    self._read_picture_page(book, page_leaf) if page is None else self._read_page(book, page_leaf, page)
                )
        except (AltoError, FileUnavailable) as error:
            self._report_builder.add_problem(Problem.from_error(error))

    def _read_alto_pages(self, leaf: Leaf) -> Iterator[tuple[Leaf, Page | None]]:
        if leaf.alto is None:
            yield leaf, None
            return
        pages = alto.read_pages(self._fetcher.get(leaf.alto) if is_url(leaf.alto) else Path(leaf.alto), leaf.alto)
        for page in pages:
            for warning in page.warnings:
                self._report_builder.add_warning(leaf.alto, warning)
            yield (leaf if len(pages) == 1 else replace(leaf, id=f"{leaf.id}:{page.id}", scan=None)), page

    def _read_picture_page(self, book: Book, leaf: Leaf) -> PageContents:
        """Return a page without ALTO, whose scan is the picture."""
        scan_size = self._read_scan_size(leaf)
        pictures: tuple[Picture, ...] = ()
        if scan_size:
            element = GraphicalElement(
                alto_id="",
                block_type="Image",
                box=PixelBox(0, 0, *scan_size),
                context=Context(caption=TextPassage(leaf.caption)),
            )
            pictures = tuple(self._build_pictures(book, leaf, [element], scan_size))
        return PageContents(id=leaf.id, ocr_page=None, pictures=pictures, is_complete=scan_size is not None)

    def _read_page(self, book: Book, leaf: Leaf, page: Page) -> PageContents:
        leaf = self._orient(leaf, page)
        scan_size = self._read_scan_size(leaf) if page.pictures else None
        scale = PageScale.from_sizes(page, scan_size or self._local_scan_size(leaf))
        pictures: tuple[Picture, ...] = ()
        if scan_size:
            if scale.warning:
                self._report_builder.add_warning(leaf.alto or leaf.id, scale.warning)
            elements = extract_graphical_elements(page, scale)
            pictures = tuple(self._build_pictures(book, leaf, elements, scan_size, page.language))
        text, boxes = words_and_boxes(page, scale.factor)
        width, height = scale.scan_size or (round(page.width), round(page.height))
        ocr_page = OcrPage(
            book=book,
            leaf=leaf,
            text=text,
            word_boxes=boxes,
            width=width,
            height=height,
            language=page.language,
            picture_count=len(pictures),
        )
        is_complete = scan_size is not None or not page.pictures
        return PageContents(id=leaf.id, ocr_page=ocr_page, pictures=pictures, is_complete=is_complete)

    def _orient(self, leaf: Leaf, page: Page) -> Leaf:
        """Return the leaf with the orientation of its scan that the page refers to."""
        if not leaf.scan or (is_url(leaf.scan) and not page.pictures):
            return leaf
        try:
            oriented_leaf, warning = self._cropper.orient(leaf, page)
        except FileUnavailable:
            return leaf  # reported where the scan is needed
        if warning and page.pictures:
            self._report_builder.add_warning(leaf.alto or leaf.id, warning)
        return oriented_leaf

    def _read_scan_size(self, leaf: Leaf) -> tuple[int, int] | None:
        """Return the pixels of the scan; None, and a problem in the report, if it is not available."""
        try:
            return self._cropper.scan_size(leaf)
        except FileUnavailable as error:
            self._report_builder.add_problem(Problem.from_error(error))
            return None

    def _local_scan_size(self, leaf: Leaf) -> tuple[int, int] | None:
        """Return the pixels of the scan if that needs no request: a page without pictures is not worth one."""
        if leaf.width and leaf.height:
            return leaf.width, leaf.height
        if leaf.image_service or not leaf.scan or is_url(leaf.scan):
            return None
        try:
            return self._cropper.scan_size(leaf)
        except FileUnavailable:
            return None

    def _build_pictures(
        self,
        book: Book,
        leaf: Leaf,
        elements: Iterable[GraphicalElement],
        scan_size: tuple[int, int],
        language: str = "",
    ) -> Iterator[Picture]:
        service = leaf.image_service
        for element in elements:
            if min(element.box.width, element.box.height) < MIN_PICTURE_SIDE:
                self._report_builder.count("too_small")
                continue
            yield Picture(
                book=book,
                leaf=leaf,
                element=element,
                scan_width=scan_size[0],
                scan_height=scan_size[1],
                region=image_api.region_url(service, element.box, version=leaf.image_api_version) if service else "",
                page_image=image_api.page_url(service, version=leaf.image_api_version) if service else "",
                language=language,
            )
