"""Volumes → the content of their pages: text with its boxes, and pictures with the words around them. No pixels."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from core import image_api
from core.errors import FileUnavailable, OcrError
from indexer.context import PageScale, extract_graphical_elements
from indexer.context.element_size import is_too_small
from indexer.context.page_placement import place_on_scan
from indexer.context.page_scale import UNSCALED
from indexer.context.page_text import words_and_boxes
from indexer.documents.pictures import OcrPage, Picture
from indexer.formats import ocr_files
from indexer.images.crops import Cropper
from indexer.images.fetching import Fetcher
from indexer.images.tiff_scans import alto_page_leaves
from indexer.ingest.annotation_reader import AnnotationReader
from indexer.ingest.canvas_pages import image_contexts, image_parts, page_images
from indexer.ingest.report import RunReportBuilder
from indexer.page_selection import WHOLE_IMAGE
from indexer.records import Book, Context, GraphicalElement, Leaf, Page, Problem, is_url


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
        self._annotation_reader = AnnotationReader(fetcher, report_builder)

    def read_pages(self, book: Book, leaf: Leaf) -> Iterator[PageContents]:
        """Yield the pages of a leaf: usually one, but a whole issue may be one ALTO file."""
        try:
            for page_leaf, page in self._read_alto_pages(leaf):
                self._report_builder.count("pages")
                yield (
                    self._read_picture_page(book, page_leaf) if page is None else self._read_page(book, page_leaf, page)
                )
        except (OcrError, FileUnavailable) as error:
            self._report_builder.add_problem(Problem.from_error(error))

    def _read_alto_pages(self, leaf: Leaf) -> Iterator[tuple[Leaf, Page | None]]:
        if leaf.alto is None:
            yield leaf, None
            return
        source = self._fetcher.get(leaf.alto) if is_url(leaf.alto) else Path(leaf.alto)
        pages = ocr_files.read_pages(source, leaf.alto)
        page_leaves, warning = alto_page_leaves(leaf, pages)
        if warning:
            self._report_builder.add_warning(leaf.alto, warning)
        for page_leaf, page in zip(page_leaves, pages, strict=True):
            if page_leaf is None:
                continue
            for page_warning in page.warnings:
                self._report_builder.add_warning(leaf.alto, page_warning)
            yield page_leaf, page

    def _read_picture_page(self, book: Book, leaf: Leaf) -> PageContents:
        """Return a page without ALTO, whose scan is the picture; its annotations can give its text."""
        leaf = self._cropper.resolve(leaf)
        images = page_images(leaf)
        annotations = self._annotation_reader.read(leaf)
        pictures: list[Picture] = []
        is_complete = annotations.is_complete
        for image, context in zip(images, image_contexts(images, annotations.page), strict=True):
            whole_picture = self._read_whole_picture(book, image, context, annotations.page.language)
            is_complete &= whole_picture is not None
            pictures += whole_picture or ()
        ocr_page = None
        if annotations.page.blocks:
            text_page = self._build_text_page(book, leaf, annotations.page, has_scan=bool(pictures))
            ocr_page = replace(text_page, picture_count=len(pictures))
        return PageContents(id=leaf.id, ocr_page=ocr_page, pictures=tuple(pictures), is_complete=is_complete)

    def _build_text_page(self, book: Book, leaf: Leaf, page: Page, *, has_scan: bool) -> OcrPage:
        if not (leaf.selection.fills_page and has_scan):
            return self._build_ocr_page(book, replace(leaf, image_service=None), page, UNSCALED)
        return self._build_ocr_page(
            book, *self._place_page(leaf, next(image_parts(leaf, page))[1] or page, needs_scan=True)
        )

    def _read_whole_picture(
        self, book: Book, image: Leaf, context: Context, language: str = ""
    ) -> tuple[Picture, ...] | None:
        """Return the one picture that an image is, none if it is too small; None if it is not available."""
        leaf = self._cropper.resolve(image)
        if (scan_size := self._read_scan_size(leaf)) is None:
            return None
        box = image_api.resolve_region(leaf.selection.region, *scan_size)
        element = GraphicalElement(alto_id="", block_type="Image", box=box, context=context)
        return tuple(self._build_pictures(book, leaf, [element], scan_size, language))

    def _read_page(self, book: Book, leaf: Leaf, page: Page) -> PageContents:
        pictures: list[Picture] = []
        ocr_page: OcrPage | None = None
        is_complete = True
        for image, part in image_parts(leaf, page):
            if part is None:
                part_pictures = self._read_whole_picture(book, image, image_contexts([image], page)[0])
            else:
                placed_leaf, placed_page, scale = self._place_page(image, part, needs_scan=bool(part.pictures))
                part_pictures = self._read_page_pictures(book, placed_leaf, placed_page, scale)
                if image is leaf and leaf.selection.fills_page:
                    ocr_page = self._build_ocr_page(book, placed_leaf, placed_page, scale)
            is_complete &= part_pictures is not None
            pictures += part_pictures or ()
        if ocr_page is None:
            # No single image shows the page, so its text keeps the coordinates of the ALTO.
            ocr_page = self._build_ocr_page(book, replace(leaf, image_service=None), page, UNSCALED)
        ocr_page = replace(ocr_page, picture_count=len(pictures))
        return PageContents(id=leaf.id, ocr_page=ocr_page, pictures=tuple(pictures), is_complete=is_complete)

    def _place_page(self, image: Leaf, page: Page, *, needs_scan: bool) -> tuple[Leaf, Page, PageScale]:
        """Return the page against its scan; the size of the scan is None in the scale if it is unknown."""
        needs_scan = needs_scan or image.selection != WHOLE_IMAGE
        leaf = self._cropper.resolve(image) if needs_scan else image
        if leaf.selection == WHOLE_IMAGE:
            leaf = self._orient(leaf, page)
        scan_size = self._read_scan_size(leaf) if needs_scan else self._local_scan_size(leaf)
        if scan_size is None or leaf.selection == WHOLE_IMAGE:
            return leaf, page, PageScale.from_sizes(page, scan_size or self._local_scan_size(leaf))
        return leaf, *place_on_scan(page, leaf.selection, scan_size)

    def _read_page_pictures(self, book: Book, leaf: Leaf, page: Page, scale: PageScale) -> tuple[Picture, ...] | None:
        """Return the pictures that ALTO lists; None if there are some and the scan is not available."""
        if not page.pictures:
            return ()
        if scale.scan_size is None:
            return None
        if scale.warning:
            self._report_builder.add_warning(leaf.alto or leaf.id, scale.warning)
        elements = extract_graphical_elements(page, scale)
        return tuple(self._build_pictures(book, leaf, elements, scale.scan_size, page.language))

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
        if not leaf.image_service and leaf.scan and not is_url(leaf.scan):
            with suppress(FileUnavailable):
                return self._cropper.scan_size(leaf)
        return (leaf.width, leaf.height) if leaf.width and leaf.height else None

    def _build_pictures(
        self,
        book: Book,
        leaf: Leaf,
        elements: Iterable[GraphicalElement],
        scan_size: tuple[int, int],
        language: str = "",
    ) -> Iterator[Picture]:
        service, scan_name = leaf.image_service, self._cropper.scan_name(leaf)
        for element in elements:
            if is_too_small(element.box, scan_size):
                self._report_builder.count("too_small")
                continue
            yield Picture(
                book=book,
                leaf=leaf,
                element=element,
                scan_width=scan_size[0],
                scan_height=scan_size[1],
                region=image_api.region_url(
                    service, element.box, version=leaf.image_api_version, rotation=leaf.selection.rotation
                )
                if service
                else "",
                scan_name=scan_name,
                page_image=image_api.page_url(service, version=leaf.image_api_version) if service else "",
                language=language,
            )

    def _build_ocr_page(self, book: Book, leaf: Leaf, page: Page, scale: PageScale) -> OcrPage:
        text, boxes = words_and_boxes(page, scale.factor)
        width, height = scale.scan_size or (round(page.width), round(page.height))
        return OcrPage(
            book=book,
            leaf=leaf,
            text=text,
            word_boxes=boxes,
            width=width,
            height=height,
            scan_name=self._cropper.scan_name(leaf) if scale.scan_size else "",
            language=page.language,
        )
