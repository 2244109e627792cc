"""One `Page` element: its text blocks and pictures, in reading order and in one coordinate space."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from core.errors import AltoError
from core.geometry import Box
from indexer.formats.alto import geometry
from indexer.formats.alto.document import AltoDocument
from indexer.formats.alto.geometry import PAGE_SPACES, AltoFrame
from indexer.formats.alto.reading_order import BLOCK_TAGS, explicit_ranks
from indexer.formats.alto.text import TextReader, read_language
from indexer.formats.ocr.frame import Outline, WarningLog, is_near_same, parse_confidence
from indexer.formats.ocr.ids import IdAllocator
from indexer.formats.ocr.picture_types import is_picture
from indexer.formats.ocr.reading_order import effective_ranks, picture_positions, sort_by_rank
from indexer.formats.xml_elements import local_name
from indexer.records import Page, PictureBlock, TextBlock

MAX_DEPTH = 60
"""Maximum nesting of ComposedBlocks; real files have two or three levels."""

MAX_PICTURE_TEXT_LINES = 5
"""A zone tagged as a picture with this many lines of text is probably tagged by mistake."""


@dataclass(frozen=True, slots=True)
class _PlacedPicture:
    """A picture with its element's id and the number of text blocks before it in the file."""

    picture: PictureBlock
    element_id: str
    text_blocks_before: int | None


class PageReader:
    """Reads one `Page` element."""

    def __init__(self, document: AltoDocument, page: etree._Element, page_id: str, file: str) -> None:
        self._document, self._page, self._id, self._file = document, page, page_id, file
        self._warning_log = WarningLog()
        self._id_allocator = IdAllocator(page_id, self._warning_log)
        width, height = self._read_size("WIDTH"), self._read_size("HEIGHT")
        self._dpi = geometry.block_resolution(page, width, height) if document.unit == "mm10" else None
        self._factor = geometry.BLOCK_DPI / self._dpi if self._dpi else 1.0
        self._width, self._height = self._complete_size(width, height)
        self._frame = AltoFrame(self._width, self._height, self._warning_log)
        self._ranks = explicit_ranks(document.reading_order, page)
        self._text_reader = TextReader(self._frame, self._ranks)
        self._text_blocks: list[tuple[TextBlock, str]] = []
        self._pictures: list[_PlacedPicture] = []
        self._languages: Counter[str] = Counter()

    def read(self) -> Page:
        self._walk(self._page, "")
        for name in PAGE_SPACES:
            for space in self._page.iterchildren(f"{{*}}{name}"):
                self._walk(space, "")
        self._leave_out_unscalable_pictures()
        blocks, pictures = self._order_elements()
        get = self._page.get
        most_common_languages = self._languages.most_common(1)
        return Page(
            id=self._id,
            width=self._width,
            height=self._height,
            unit=self._document.unit,
            number=_parse_int(get("PHYSICAL_IMG_NR") or get("PHYSICAL_IMAGE_NR")),
            label=(get("PRINTED_IMG_NR") or "").strip(),
            confidence=parse_confidence(get("PC")),
            language=get("LANG") or (most_common_languages[0][0] if most_common_languages else ""),
            image_file_name=self._document.image_file_name,
            resolution=self._dpi,
            blocks=blocks,
            pictures=pictures,
            warnings=(*self._document.warnings, *self._warning_log.messages()),
        )

    def _read_size(self, attribute: str) -> float:
        size = geometry.read_number(self._page, attribute, self._warning_log)
        if size is None and self._page.get(attribute) is None:
            self._warning_log.add(f"the page has no {attribute}")
        return max(size or 0.0, 0.0)

    def _complete_size(self, width: float, height: float) -> tuple[float, float]:
        """Return the page's size, of which a missing part comes from PrintSpace and margins unless units are pixels."""
        if (width and height) or self._document.unit == "pixel":
            return width, height
        spaces_width, spaces_height = (side * self._factor for side in geometry.size_of_spaces(self._page))
        if spaces_width:
            self._warning_log.add("the size of the page is taken from its PrintSpace and margins")
        return width or spaces_width, height or spaces_height

    def _leave_out_unscalable_pictures(self) -> None:
        """Without the page's width, millimetres and inches cannot become pixels of the scan."""
        if self._pictures and not self._width and self._document.unit != "pixel":
            self._warning_log.add(
                f"the page has no size, so its {self._document.unit} cannot become pixels; "
                f"pictures left out: {len(self._pictures)}"
            )
            self._pictures.clear()

    def _order_elements(self) -> tuple[tuple[TextBlock, ...], tuple[PictureBlock, ...]]:
        def block_rank(block_and_id: tuple[TextBlock, str]) -> int | None:
            return self._ranks.get(block_and_id[1])

        block_ranks = effective_ranks(self._text_blocks, block_rank) if self._ranks else []
        ordered_blocks = sort_by_rank(self._text_blocks, block_rank) if self._ranks else self._text_blocks
        blocks = tuple(block for block, _ in ordered_blocks)
        picture_places = [
            (placed.element_id, placed.picture.box, placed.text_blocks_before) for placed in self._pictures
        ]
        reading_positions = picture_positions(picture_places, blocks, self._ranks, block_ranks)
        pictures = (
            replace(placed.picture, position=position)
            for placed, position in zip(self._pictures, reading_positions, strict=True)
        )
        return blocks, tuple(pictures)

    def _walk(self, parent: etree._Element, composed_block_id: str, depth: int = 0) -> None:
        if depth > MAX_DEPTH:
            raise AltoError(self._file, f"ComposedBlocks more than {MAX_DEPTH} deep", geometry.element_label(parent))
        for element in parent.iterchildren(*BLOCK_TAGS):
            element_name = local_name(element)
            element_id = self._id_allocator.allocate(element_name, element.get("ID"))
            if element_name == "TextBlock":
                self._add_text_block(element, element_id, composed_block_id)
            elif element_name == "ComposedBlock":
                self._read_composed_block(element, element_id, composed_block_id, depth)
            else:
                self._add_picture(element, element_id, element_name, composed_block_id)

    def _add_text_block(self, element: etree._Element, block_id: str, composed_block_id: str) -> None:
        labels = self._document.tag_labels(element)
        lines = self._text_reader.read_lines(element)
        if block_type := next((label for label in labels if is_picture(label)), ""):
            self._add_picture(element, block_id, block_type, composed_block_id, is_zone=True)
            if len(lines) >= MAX_PICTURE_TEXT_LINES:
                self._warning_log.add(
                    f"{block_type} {block_id}: holds {len(lines)} lines of text; kept as picture and as text"
                )
        if not lines:
            return
        self._languages.update(read_language(element))
        lines_box = Box.from_boxes(line.box for line in lines)
        box = self._fit_text_box(element, lines_box) or lines_box
        block = TextBlock(block_id, box, lines, role=labels[0] if labels else "", composed_block_id=composed_block_id)
        self._text_blocks.append((block, element.get("ID") or ""))

    def _fit_text_box(self, element: etree._Element, lines_box: Box) -> Box | None:
        box = geometry.read_raw_box(element, self._warning_log)
        if box is None:
            return None
        if self._dpi and geometry.block_space_resolution(box, lines_box):
            # In old NB files a block within a Table is in page space, and every other block in block space.
            box = box.scale(self._factor)
        return self._frame.fit_box(box, geometry.element_label(element))

    def _add_picture(
        self,
        element: etree._Element,
        element_id: str,
        block_type: str,
        composed_block_id: str,
        *,
        is_zone: bool = False,
    ) -> None:
        if not (box := self._frame.read_box(element, f"{block_type} {element_id}", self._factor)):
            return
        outline = self._frame.read_outline(element, self._factor)
        # eScriptorium lists zones in the order in which they were drawn, not in reading order.
        text_blocks_before = None if is_zone else len(self._text_blocks)
        picture = PictureBlock(element_id, block_type, box, outline, composed_block_id=composed_block_id)
        self._pictures.append(_PlacedPicture(picture, element.get("ID") or "", text_blocks_before))

    def _read_composed_block(self, element: etree._Element, block_id: str, composed_block_id: str, depth: int) -> None:
        first_picture, first_text_block = len(self._pictures), len(self._text_blocks)
        self._walk(element, block_id, depth + 1)
        block_type = next(
            (type_name for type_name in _type_names(element, self._document) if is_picture(type_name)), ""
        )
        if not block_type:
            return
        inner_pictures = self._pictures[first_picture:]
        has_text = len(self._text_blocks) > first_text_block
        box_and_outline = self._single_picture(element, f"{block_type} {block_id}", inner_pictures, has_text=has_text)
        if box_and_outline:
            picture = PictureBlock(
                block_id, block_type, *box_and_outline, composed_block_id=block_id if has_text else composed_block_id
            )
            text_blocks_before = inner_pictures[0].text_blocks_before if inner_pictures else first_text_block
            self._pictures[first_picture:] = [_PlacedPicture(picture, element.get("ID") or "", text_blocks_before)]

    def _single_picture(
        self, element: etree._Element, name: str, inner_pictures: list[_PlacedPicture], *, has_text: bool
    ) -> tuple[Box, Outline] | None:
        """Return box and outline if the ComposedBlock is one picture; None if it contains several."""
        # Such a block may have no box.
        own_box = (
            self._frame.read_box(element, name, self._factor)
            if not inner_pictures or geometry.read_raw_box(element)
            else None
        )
        if not own_box:
            own_box = (
                Box.from_boxes(placed.picture.box for placed in inner_pictures) if len(inner_pictures) == 1 else None
            )
            return (own_box, inner_pictures[0].picture.polygon) if own_box else None
        covered_area = sum(placed.picture.box.area for placed in inner_pictures)
        if len(inner_pictures) == 1 and has_text and covered_area >= own_box.area / 4:
            # The block also contains a caption, so the picture's own box is right.
            return inner_pictures[0].picture.box, inner_pictures[0].picture.polygon
        outline = self._frame.read_outline(element, self._factor)
        for placed in inner_pictures:
            if is_near_same(placed.picture.box, own_box):
                return own_box, outline or placed.picture.polygon
        if len(inner_pictures) > 1 and covered_area >= own_box.area / 2:
            return None
        return own_box, outline


def _type_names(element: etree._Element, document: AltoDocument) -> Iterator[str]:
    yield element.get("TYPE") or ""
    yield from document.tag_labels(element)


def _parse_int(text: str | None) -> int | None:
    digits = (text or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None
