"""Numbers, rectangles and outlines as ALTO writes them, and which of two coordinate spaces they mean."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from core.geometry import Box
from indexer.formats.xml_loader import local_name

LIMIT = 1e7
"""No page is that large in any unit; a number beyond it is damage."""

BLOCK_DPI = 150
"""docWORKS before 6.9 wrote NB's blocks in mm10 at this resolution, and everything else at that of the scan."""

SCAN_DPI = (400, 300, 600)
"""What scans have; NB's books 400. The likeliest first."""

SPACES = ("TopMargin", "LeftMargin", "PrintSpace", "RightMargin", "BottomMargin")
"""The parts of a page in the order in which they are read."""

SIDES = ("HPOS", "VPOS", "WIDTH", "HEIGHT")

NUMBER = re.compile(r"[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)")
LEADING_NUMBER = re.compile(r"\s*([-+]?\d+(?:[.,]\d+)?)")

Outline = tuple[tuple[float, float], ...]


class Notes:
    """What was wrong with a page, in sentences: each picture by name, words by number."""

    def __init__(self) -> None:
        self._said: dict[str, None] = {}
        self._counts: Counter[str] = Counter()

    def say(self, sentence: str) -> None:
        # A damaged file may have thousands of the same; nobody reads past the first fifty.
        if len(self._said) < 50:
            self._said[sentence] = None
        else:
            self._counts["more of the like"] += 1

    def count(self, what: str) -> None:
        self._counts[what] += 1

    def sentences(self) -> tuple[str, ...]:
        return (*self._said, *(f"{what} ({number}×)" for what, number in self._counts.items()))


class Frame:
    """A page's rectangle: reads boxes and keeps them on the page."""

    def __init__(self, width: float, height: float, notes: Notes) -> None:
        self.notes = notes
        self.right = width or LIMIT
        self.bottom = height or LIMIT
        # Rounding between two resolutions gives a unit or two beyond the edge; that is no news.
        self._grace = max(2.0, 0.005 * max(width, height))

    def box(self, element: etree._Element, name: str, factor: float = 1.0) -> Box | None:
        """The element's box on the page; None, and a note, where nothing of it is on the page."""
        box = raw_box(element, self.notes)
        if box is None:
            self.notes.say(f"{name}: no usable box")
            return None
        return self.fitted(box.scaled(factor) if factor != 1 else box, name)

    def fitted(self, box: Box, name: str) -> Box | None:
        if box.width <= 0 or box.height <= 0:
            self.notes.say(f"{name}: empty box")
            return None
        if box.x >= 0 and box.y >= 0 and box.right <= self.right and box.bottom <= self.bottom:
            return box
        clipped = box.clipped(self.right, self.bottom)
        if not clipped.area:
            self.notes.say(f"{name}: lies outside the page")
            return None
        if not self._nearly_inside(box):
            self.notes.say(f"{name}: reaches beyond the page; clipped")
        return clipped

    def word_box(self, element: etree._Element, line: Box | None) -> Box:
        """The long way for a word's box, where the short one failed: at worst the box of its line."""
        box = raw_box(element, None)
        if box is None or not (clipped := box.clipped(self.right, self.bottom)).area:
            if element.get("HPOS") is not None:
                self.notes.count("word without a usable box; that of its line is taken")
            return line or Box(0.0, 0.0, 0.0, 0.0)
        if not self._nearly_inside(box):
            self.notes.count("word that reaches beyond the page; clipped")
        return clipped

    def outline(self, element: etree._Element, factor: float) -> Outline:
        points = ((x * factor, y * factor) for x, y in polygon(element))
        return tuple((min(max(x, 0.0), self.right), min(max(y, 0.0), self.bottom)) for x, y in points)

    def _nearly_inside(self, box: Box) -> bool:
        grace = self._grace
        return min(box.x, box.y) >= -grace and box.right <= self.right + grace and box.bottom <= self.bottom + grace


def number(element: etree._Element, attribute: str, notes: Notes | None) -> float | None:
    """A number, or what can be saved of one: `1999;x_wconf` is 1999, `bar` is nothing."""
    text = element.get(attribute)
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        found = LEADING_NUMBER.match(text)
        value = float(found[1].replace(",", ".")) if found else LIMIT * 2
        if notes:
            what = f"read as {value:g}" if found else "not a number"
            notes.say(f"{label(element)}: {attribute} {text[:30]!r} is {what}")
    return value if -LIMIT <= value <= LIMIT else None


def label(element: etree._Element) -> str:
    """How a warning calls an element: its name and, where it has one, its id."""
    return f"{local_name(element)} {(element.get('ID') or '')[:60]}".rstrip()


def raw_box(element: etree._Element, notes: Notes | None = None) -> Box | None:
    """The box as written, in the element's own space; from its outline where the attributes do not say."""
    get = element.get
    try:
        x, y = float(get(b"HPOS", "")), float(get(b"VPOS", ""))
        width, height = float(get(b"WIDTH", "")), float(get(b"HEIGHT", ""))
        # Four comparisons, since NaN fails each of them but may get lost in a `max`.
        if -LIMIT <= x <= LIMIT and -LIMIT <= y <= LIMIT and -LIMIT <= width <= LIMIT and -LIMIT <= height <= LIMIT:
            return Box(x, y, width, height)
    except ValueError:
        pass
    values = [value for name in SIDES if (value := number(element, name, notes)) is not None]
    if len(values) == len(SIDES):
        return Box(*values)
    points = polygon(element)
    return Box.around(Box(x, y, 0.0, 0.0) for x, y in points) if points else None


def polygon(element: etree._Element) -> Outline:
    """`Shape/Polygon` in any of the ways that POINTS is written; empty where there is none."""
    shape = next(element.iterchildren("{*}Shape"), None)
    if shape is None or (found := next(shape.iterchildren("{*}Polygon"), None)) is None:
        return ()
    numbers = list(_numbers(found.get("POINTS", "")))
    points = tuple(zip(numbers[::2], numbers[1::2], strict=False))
    return points if len(points) >= 3 else ()


def _numbers(text: str) -> Iterator[float]:
    # "1,2 3,4", "1 2 3 4" and "1,2,3,4" alike. A comma is never a decimal one: PAGE and ALTO use points.
    for found in NUMBER.findall(text.replace(",", " ")):
        if -LIMIT <= (value := float(found)) <= LIMIT:
            yield value


@lru_cache(maxsize=4096)
def confidence(text: str | None) -> float | None:
    """`WC` and `PC`: 0 to 1, though some write per cent."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    if 1 < value <= 100:
        value /= 100
    return value if 0 <= value <= 1 else None


def near_same(one: Box, other: Box) -> bool:
    """Two rectangles that a reader would call one."""
    shared = one.overlap(other)
    return shared > 0 and shared >= 0.8 * (one.area + other.area - shared)


def block_resolution(page: etree._Element, width: float, height: float) -> int | None:
    """The scan's resolution where the blocks of an mm10 page stand in a space of their own, else None.

    The lines inside the blocks decide. A page without text shows it by margins and PrintSpace that are larger
    than the page, by the same factor both ways.
    """
    votes: Counter[int | None] = Counter()
    for block in _direct_blocks(page):
        lines = [box for line in block.iterchildren("{*}TextLine") if (box := raw_box(line)) and box.area > 0]
        if lines and (box := raw_box(block)) and box.area > 0:
            votes[own_space(box, Box.around(lines))] += 1
    if votes:
        return votes.most_common(1)[0][0]
    return _resolution_by_size(page, width, height)


def own_space(block: Box, lines: Box) -> int | None:
    """The scan's resolution if the block's numbers are in block space, None if they are in its lines' own."""

    def fit(dpi: int | None) -> float:
        scaled = block.scaled(BLOCK_DPI / dpi) if dpi else block
        shared = scaled.overlap(lines)
        return shared / (scaled.area + lines.area - shared)

    best = max(SCAN_DPI, key=fit)
    # A block is taller than its lines by little; in the wrong space they hardly meet.
    return best if fit(best) > max(0.3, 1.5 * fit(None)) else None


def _direct_blocks(page: etree._Element) -> Iterator[etree._Element]:
    for space in page.iterchildren(*(f"{{*}}{name}" for name in SPACES)):
        yield from space.iterchildren("{*}TextBlock")


def _resolution_by_size(page: etree._Element, width: float, height: float) -> int | None:
    boxes = [box for space in page.iterchildren(*(f"{{*}}{name}" for name in SPACES)) if (box := raw_box(space))]
    if not boxes or not width or not height:
        return None
    across, down = max(box.right for box in boxes) / width, max(box.bottom for box in boxes) / height
    for dpi in SCAN_DPI:
        if all(abs(ratio * BLOCK_DPI / dpi - 1) < 0.02 for ratio in (across, down)):
            return dpi
    return None
