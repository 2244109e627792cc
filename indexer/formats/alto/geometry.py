"""Numbers, boxes and outlines in ALTO, and the coordinate space that they refer to."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from core.geometry import Box
from indexer.formats.xml_elements import local_name

MAX_COORDINATE = 1e7
"""Larger numbers are damage, as no page is that large in any unit."""

BLOCK_DPI = 150
"""docWORKS before 6.9 writes NB's blocks in mm10 at this resolution, and everything else at that of the scan."""

SCAN_DPI = (400, 300, 600)
"""Resolutions of scans, most likely first; NB's books have 400."""

PAGE_SPACES = ("TopMargin", "LeftMargin", "PrintSpace", "RightMargin", "BottomMargin")
"""The parts of a page in reading order."""

BOX_ATTRIBUTES = ("HPOS", "VPOS", "WIDTH", "HEIGHT")

NUMBER = re.compile(r"[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)")
LEADING_NUMBER = re.compile(r"\s*([-+]?\d+(?:[.,]\d+)?)")

Outline = tuple[tuple[float, float], ...]


class WarningLog:
    """Collects warnings about a page: one per picture, but only counts for words."""

    def __init__(self) -> None:
        self._messages: dict[str, None] = {}
        self._counts: Counter[str] = Counter()

    def add(self, message: str) -> None:
        # A damaged file can have thousands of warnings; the first fifty are enough.
        if len(self._messages) < 50:
            self._messages[message] = None
        else:
            self._counts["more warnings"] += 1

    def count(self, message: str) -> None:
        self._counts[message] += 1

    def messages(self) -> tuple[str, ...]:
        return (*self._messages, *(f"{message} ({number}×)" for message, number in self._counts.items()))


class PageFrame:
    """The rectangle of a page: reads boxes and clips them to the page."""

    def __init__(self, width: float, height: float, warning_log: WarningLog) -> None:
        self.warning_log = warning_log
        self.right = width or MAX_COORDINATE
        self.bottom = height or MAX_COORDINATE
        # Rounding between two resolutions can exceed the edge by a unit or two, which needs no warning.
        self._tolerance = max(2.0, 0.005 * max(width, height))

    def read_box(self, element: etree._Element, name: str, factor: float = 1.0) -> Box | None:
        """Return the element's box on the page; None and a warning if no part of it is on the page."""
        box = read_raw_box(element, self.warning_log)
        if box is None:
            self.warning_log.add(f"{name}: no usable box")
            return None
        return self.fit_box(box.scale(factor) if factor != 1 else box, name)

    def fit_box(self, box: Box, name: str) -> Box | None:
        if box.width <= 0 or box.height <= 0:
            self.warning_log.add(f"{name}: empty box")
            return None
        if box.x >= 0 and box.y >= 0 and box.right <= self.right and box.bottom <= self.bottom:
            return box
        clipped_box = box.clip(self.right, self.bottom)
        if not clipped_box.area:
            self.warning_log.add(f"{name}: lies outside the page")
            return None
        if not self._is_nearly_inside(box):
            self.warning_log.add(f"{name}: reaches beyond the page; clipped")
        return clipped_box

    def fit_word_box(self, element: etree._Element, line_box: Box | None) -> Box:
        """Return a word's box clipped to the page, or the box of its line; the slow path for unusual boxes."""
        box = read_raw_box(element, None)
        if box is None or not (clipped_box := box.clip(self.right, self.bottom)).area:
            if element.get("HPOS") is not None:
                self.warning_log.count("word without a usable box; the box of its line is used")
            return line_box or Box(0.0, 0.0, 0.0, 0.0)
        if not self._is_nearly_inside(box):
            self.warning_log.count("word that reaches beyond the page; clipped")
        return clipped_box

    def read_outline(self, element: etree._Element, factor: float) -> Outline:
        points = ((x * factor, y * factor) for x, y in read_polygon(element))
        return tuple((min(max(x, 0.0), self.right), min(max(y, 0.0), self.bottom)) for x, y in points)

    def _is_nearly_inside(self, box: Box) -> bool:
        tolerance = self._tolerance
        return (
            min(box.x, box.y) >= -tolerance
            and box.right <= self.right + tolerance
            and box.bottom <= self.bottom + tolerance
        )


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


@lru_cache(maxsize=4096)
def parse_confidence(text: str | None) -> float | None:
    """Return `WC` or `PC` as 0 to 1; some files write per cent."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    if 1 < value <= 100:
        value /= 100
    return value if 0 <= value <= 1 else None


def is_near_same(first_box: Box, second_box: Box) -> bool:
    """Return whether two boxes overlap so far that they mean the same region."""
    shared_area = first_box.overlap_area(second_box)
    return shared_area > 0 and shared_area >= 0.8 * (first_box.area + second_box.area - shared_area)


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


def _resolution_by_size(page: etree._Element, width: float, height: float) -> int | None:
    boxes = [
        box for space in page.iterchildren(*(f"{{*}}{name}" for name in PAGE_SPACES)) if (box := read_raw_box(space))
    ]
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
