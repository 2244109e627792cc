"""Numbers, boxes and outlines in ALTO, and the coordinate space that they refer to."""

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from core.geometry import Box
from indexer.formats.ocr.frame import MAX_COORDINATE, Outline, PageFrame, WarningLog
from indexer.formats.xml_elements import local_name

BLOCK_DPI = 150
"""docWORKS before 6.9 writes NB's blocks in mm10 at this resolution, and everything else at that of the scan."""

SCAN_DPI = (400, 300, 600)
"""Resolutions of scans, most likely first; NB's books have 400."""

PAGE_SPACES = ("TopMargin", "LeftMargin", "PrintSpace", "RightMargin", "BottomMargin")
"""The parts of a page in reading order."""

MAX_CORNER_GAP = 0.01
"""Of the page's side: how far from its corner the margins may begin."""

BOX_ATTRIBUTES = ("HPOS", "VPOS", "WIDTH", "HEIGHT")

NUMBER = re.compile(r"[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)")
LEADING_NUMBER = re.compile(r"\s*([-+]?\d+(?:[.,]\d+)?)")


class AltoFrame(PageFrame):
    """The rectangle of a page: reads boxes from attributes and clips them to the page."""

    def read_box(self, element: etree._Element, name: str, factor: float = 1.0) -> Box | None:
        """Return the element's box on the page; None and a warning if no part of it is on the page."""
        box = read_raw_box(element, self.warning_log)
        if box is None:
            self.warning_log.add(f"{name}: no usable box")
            return None
        return self.fit_box(box.scale(factor) if factor != 1 else box, name)

    def read_word_box(self, element: etree._Element, line_box: Box | None) -> Box:
        """Return a word's box clipped to the page, or the box of its line; the slow path for unusual boxes."""
        box = read_raw_box(element, None)
        if box is None and element.get("HPOS") is None:
            return line_box or Box(0.0, 0.0, 0.0, 0.0)
        return self.fit_word_box(box, line_box)

    def read_outline(self, element: etree._Element, factor: float) -> Outline:
        return self.clip_outline((x * factor, y * factor) for x, y in read_polygon(element))


def read_number(element: etree._Element, attribute: str, warning_log: WarningLog | None) -> float | None:
    """Return the number in an attribute: 1999 for `1999;x_wconf`, None for `bar`. Damage adds a warning."""
    text = element.get(attribute)
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        number_match = LEADING_NUMBER.match(text)
        value = float(number_match[1].replace(",", ".")) if number_match else MAX_COORDINATE * 2
        if warning_log:
            correction = f"read as {value:g}" if number_match else "not a number"
            warning_log.add(f"{element_label(element)}: {attribute} {text[:30]!r} is {correction}")
    return value if -MAX_COORDINATE <= value <= MAX_COORDINATE else None


def element_label(element: etree._Element) -> str:
    """Return the element's name and id for a warning."""
    return f"{local_name(element)} {(element.get('ID') or '')[:60]}".rstrip()


def read_raw_box(element: etree._Element, warning_log: WarningLog | None = None) -> Box | None:
    """Return the box as written; from the outline if the attributes are missing, None if there is neither."""
    get = element.get
    try:
        x, y = float(get(b"HPOS", "")), float(get(b"VPOS", ""))
        width, height = float(get(b"WIDTH", "")), float(get(b"HEIGHT", ""))
        # Four comparisons, because NaN fails each of them, but `max` can lose it.
        if (
            -MAX_COORDINATE <= x <= MAX_COORDINATE
            and -MAX_COORDINATE <= y <= MAX_COORDINATE
            and -MAX_COORDINATE <= width <= MAX_COORDINATE
            and -MAX_COORDINATE <= height <= MAX_COORDINATE
        ):
            return Box(x, y, width, height)
    except ValueError:
        pass
    values = [value for name in BOX_ATTRIBUTES if (value := read_number(element, name, warning_log)) is not None]
    if len(values) == len(BOX_ATTRIBUTES):
        return Box(*values)
    points = read_polygon(element)
    return Box.from_boxes(Box(x, y, 0.0, 0.0) for x, y in points) if points else None


def read_polygon(element: etree._Element) -> Outline:
    """Return the points of `Shape/Polygon` in any notation of POINTS; empty if there are none."""
    shape = next(element.iterchildren("{*}Shape"), None)
    if shape is None or (polygon_element := next(shape.iterchildren("{*}Polygon"), None)) is None:
        return ()
    coordinates = list(_parse_coordinates(polygon_element.get("POINTS", "")))
    points = tuple(zip(coordinates[::2], coordinates[1::2], strict=False))
    return points if len(points) >= 3 else ()


def _parse_coordinates(text: str) -> Iterator[float]:
    # All of "1,2 3,4", "1 2 3 4" and "1,2,3,4" occur. A comma is never a decimal separator.
    for number_text in NUMBER.findall(text.replace(",", " ")):
        if -MAX_COORDINATE <= (value := float(number_text)) <= MAX_COORDINATE:
            yield value


def block_resolution(page: etree._Element, width: float, height: float) -> int | None:
    """Return the scan's resolution if the blocks of an mm10 page have their own coordinate space, else None.

    The lines inside the blocks decide. On a page without text, margins and PrintSpace that exceed the page by the
    same factor in both directions do.
    """
    votes: Counter[int | None] = Counter()
    for block in _direct_blocks(page):
        lines = [box for line in block.iterchildren("{*}TextLine") if (box := read_raw_box(line)) and box.area > 0]
        if lines and (box := read_raw_box(block)) and box.area > 0:
            votes[block_space_resolution(box, Box.from_boxes(lines))] += 1
    if votes:
        return votes.most_common(1)[0][0]
    return _resolution_by_size(page, width, height)


def block_space_resolution(block: Box, lines: Box) -> int | None:
    """Return the scan's resolution if the block is in block space, None if it is in the space of its lines."""

    def overlap_ratio(dpi: int | None) -> float:
        scaled_block = block.scale(BLOCK_DPI / dpi) if dpi else block
        shared_area = scaled_block.overlap_area(lines)
        return shared_area / (scaled_block.area + lines.area - shared_area)

    best_dpi = max(SCAN_DPI, key=overlap_ratio)
    # A block is only a little larger than its lines; in the wrong space they hardly overlap.
    return best_dpi if overlap_ratio(best_dpi) > max(0.3, 1.5 * overlap_ratio(None)) else None


def _direct_blocks(page: etree._Element) -> Iterator[etree._Element]:
    for space in page.iterchildren(*(f"{{*}}{name}" for name in PAGE_SPACES)):
        yield from space.iterchildren("{*}TextBlock")


def size_of_spaces(page: etree._Element) -> tuple[float, float]:
    """Return width and height of PrintSpace and margins together; zeros unless they begin at the page's corner.

    A PrintSpace that begins elsewhere, without margins, is smaller than the page.
    """
    boxes = [box for box in _space_boxes(page) if box.area > 0]
    if not boxes:
        return 0.0, 0.0
    union = Box.from_boxes(boxes)
    begins_at_corner = union.x <= MAX_CORNER_GAP * union.right and union.y <= MAX_CORNER_GAP * union.bottom
    return (union.right, union.bottom) if begins_at_corner else (0.0, 0.0)


def _space_boxes(page: etree._Element) -> list[Box]:
    return [
        box for space in page.iterchildren(*(f"{{*}}{name}" for name in PAGE_SPACES)) if (box := read_raw_box(space))
    ]


def _resolution_by_size(page: etree._Element, width: float, height: float) -> int | None:
    boxes = _space_boxes(page)
    if not boxes or not width or not height:
        return None
    horizontal_ratio, vertical_ratio = (
        max(box.right for box in boxes) / width,
        max(box.bottom for box in boxes) / height,
    )
    for dpi in SCAN_DPI:
        if all(abs(ratio * BLOCK_DPI / dpi - 1) < 0.02 for ratio in (horizontal_ratio, vertical_ratio)):
            return dpi
    return None
