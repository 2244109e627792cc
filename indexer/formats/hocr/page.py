"""One `ocr_page`: an open block and an open line, which the next element of their kind closes."""

from collections.abc import Sequence
from dataclasses import replace

from lxml import etree

from core.geometry import Box
from indexer.formats.hocr import properties
from indexer.formats.hocr.element_kinds import ElementKind, classify
from indexer.formats.ocr.hyphenation import RawLines
from indexer.formats.ocr.page_builder import OpenBlock, PageBuilder
from indexer.records import Page, Word

MAX_ANCESTORS = 20
"""Elements between a picture or block and an `ocr_float` around it; real files have one or two."""

LANGUAGE_ATTRIBUTES = ("lang", "{http://www.w3.org/XML/1998/namespace}lang")


class HocrPage:
    """Collects the elements of one page in their order."""

    def __init__(self, element: etree._Element, page_id: str) -> None:
        title = element.get("title") or ""
        box = properties.parse_box(title)
        # Coordinates refer to the whole image, even if the page is only a part of it.
        width, height = (max(box.right, 0.0), max(box.bottom, 0.0)) if box else (0.0, 0.0)
        self._builder = PageBuilder(page_id, width, height)
        self._words: list[etree._Element] = []
        """The words of the open block, which are read together for speed."""
        self._title = title
        self._block: OpenBlock | None = None
        self._block_title = ""
        self._line: etree._Element | None = None
        self._line_start = 0
        self._lines: list[tuple[etree._Element | None, int]] = []
        """The element of each line of the open block, and the number of words up to its end."""
        self._line_role = ""
        self._float_ids: dict[etree._Element, str] = {}
        self._group_ids: set[str] = set()
        self._count_language(element)

    def add(self, element: etree._Element, kind: ElementKind, class_name: str) -> None:
        """Take an element other than a word."""
        if kind is ElementKind.LINE:
            self._start_line(element, _line_role(element.getparent()))
        elif kind is ElementKind.ROLE and str(element.tag).endswith("span"):
            self._start_line(element, class_name.removeprefix("ocr_"))
        elif kind in (ElementKind.BLOCK, ElementKind.ROLE):
            self._start_block(element, class_name.removeprefix("ocr_") if kind is ElementKind.ROLE else "")
        elif kind in (ElementKind.PICTURE, ElementKind.FLOAT):
            self._add_picture(element, kind, class_name)

    def add_words(self, elements: Sequence[etree._Element]) -> None:
        """Take words that follow one another; each may have elements inside: `strong`, or its characters."""
        self._words += elements

    def finish(self) -> Page:
        self._close_block()
        self._builder.remove_pictures(self._group_ids)
        page = self._builder.build()
        return replace(
            page,
            number=properties.parse_physical_number(self._title),
            label=properties.parse_logical_number(self._title),
            image_file_name=properties.parse_image(self._title),
        )

    def _count_language(self, element: etree._Element) -> None:
        language = element.get(LANGUAGE_ATTRIBUTES[0]) or element.get(LANGUAGE_ATTRIBUTES[1])
        if language:
            self._builder.languages[language] += 1

    def _start_block(self, element: etree._Element, role: str) -> None:
        self._close_block()
        self._count_language(element)
        written_id = element.get("id") or ""
        block_id = self._builder.ids.allocate("block", written_id)
        self._block = OpenBlock(block_id, written_id, None, role, self._enclosing_float(element))
        self._block_title = element.get("title") or ""

    def _close_block(self) -> None:
        self._close_line()
        if self._lines:
            block = self._block or OpenBlock(self._builder.ids.allocate("block", ""), "", None, "", "")
            block.box = properties.parse_box(self._block_title)
            block.lines = self._read_lines()
            self._builder.add_block(block)
        self._block, self._block_title = None, ""

    def _read_lines(self) -> RawLines:
        """Return the lines of the open block, with words."""
        titles = [element.get(b"title", "") if element is not None else "" for element, _ in self._lines]
        boxes = list(map(self._builder.frame.fit_line_box, properties.parse_boxes(titles)))
        lines = [(box, end) for box, (_, end) in zip(boxes, self._lines, strict=True)]
        sides, confidences = properties.parse_titles([word.get(b"title", "") for word in self._words])
        texts = [_inner_text(word) if len(word) else word.text or "" for word in self._words]
        words_of_lines = self._builder.words(texts, sides, confidences, lines)
        raw_lines: RawLines = [
            (box, words or self._read_line_text(element, box), False)
            for box, words, (element, _) in zip(boxes, words_of_lines, self._lines, strict=True)
        ]
        self._words, self._lines, self._line_start = [], [], 0
        return raw_lines

    def _read_line_text(self, line: etree._Element | None, line_box: Box | None) -> list[Word]:
        """Return the text of a line without words, as some programs write it, as one word."""
        if line is None or line_box is None:
            return []
        word = self._builder.word(_inner_text(line), line_box, None, line_box)
        return [word] if word else []

    def _start_line(self, element: etree._Element, role: str) -> None:
        if self._line is not None and self._line is element.getparent() and len(self._words) == self._line_start:
            # A `span` with a role contains lines, so it is none itself and its text is read once.
            self._line = None
        self._close_line()
        if self._block and self._lines and role != self._line_role:
            # A caption or heading among the lines of a paragraph is a block of its own.
            self._close_block()
        if self._block is None:
            block_id = self._builder.ids.allocate("block", "")
            self._block = OpenBlock(block_id, "", None, role, self._enclosing_float(element))
        self._block.role = self._block.role or role
        self._line_role = role
        self._line = element

    def _close_line(self) -> None:
        if self._line is not None or len(self._words) > self._line_start:
            self._lines.append((self._line, len(self._words)))
        self._line, self._line_start = None, len(self._words)

    def _add_picture(self, element: etree._Element, kind: ElementKind, class_name: str) -> None:
        self._close_block()
        written_id = element.get("id") or ""
        picture_id = self._builder.ids.allocate(class_name, written_id)
        group_id = self._enclosing_float(element)
        if group_id:
            self._group_ids.add(group_id)
        if kind is ElementKind.FLOAT:
            self._float_ids[element] = picture_id
            group_id = group_id or picture_id
        box = properties.parse_box(element.get("title") or "")
        self._builder.add_picture(picture_id, class_name, box, written_id=written_id, composed_block_id=group_id)

    def _enclosing_float(self, element: etree._Element) -> str:
        """Return the id of the `ocr_float` around an element; empty if there is none."""
        if not self._float_ids:
            return ""
        for _, ancestor in zip(range(MAX_ANCESTORS), element.iterancestors(), strict=False):
            if ancestor in self._float_ids:
                return self._float_ids[ancestor]
        return ""


def _line_role(parent: etree._Element | None) -> str:
    """Return the role of a line by the element around it: `caption` in a `span` of class `ocr_caption`."""
    if parent is None or not str(parent.tag).endswith("span"):
        return ""
    kind, class_name = classify(parent.get("class") or "")
    return class_name.removeprefix("ocr_") if kind is ElementKind.ROLE else ""


def _inner_text(element: etree._Element) -> str:
    """Return the text of a word or line; characters that are elements of their own (`ocrx_cinfo`) are joined."""
    separator = "" if (element[0].get("class") if len(element) else None) == "ocrx_cinfo" else " "
    return separator.join("".join(map(str, element.itertext())).split())
