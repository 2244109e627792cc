"""The rectangle of a page, which clips boxes, and warnings about what is wrong with them."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from core.geometry import Box

MAX_COORDINATE = 1e7
"""Larger numbers are damage, as no page is that large in any unit."""

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
    """The rectangle of a page: clips boxes to the page."""

    def __init__(self, width: float, height: float, warning_log: WarningLog) -> None:
        self.warning_log = warning_log
        self.right = width or MAX_COORDINATE
        self.bottom = height or MAX_COORDINATE
        # Rounding between two resolutions can exceed the edge by a unit or two, which needs no warning.
        self._tolerance = max(2.0, 0.005 * max(width, height))

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

    def fit_line_box(self, box: Box | None) -> Box | None:
        """Return a line's box clipped to the page; None if nothing is left."""
        if box and box.x >= 0 and box.y >= 0 and box.width > 0 < box.height:
            if box.right <= self.right and box.bottom <= self.bottom:
                return box
            clipped_box = box.clip(self.right, self.bottom)
            return clipped_box if clipped_box.area else None
        if box:
            self.warning_log.count("line with a negative or empty box; the box of its words is used")
        return None

    def fit_word_box(self, box: Box | None, line_box: Box | None) -> Box:
        """Return a word's box clipped to the page, or the box of its line; the slow path for unusual boxes."""
        clipped_box = box.clip(self.right, self.bottom) if box and box.width > 0 < box.height else None
        if box is None or clipped_box is None or not clipped_box.area:
            self.warning_log.count("word without a usable box; the box of its line is used")
            return line_box or Box(0.0, 0.0, 0.0, 0.0)
        if not self._is_nearly_inside(box):
            self.warning_log.count("word that reaches beyond the page; clipped")
        return clipped_box

    def clip_outline(self, points: Iterable[tuple[float, float]]) -> Outline:
        return tuple((min(max(x, 0.0), self.right), min(max(y, 0.0), self.bottom)) for x, y in points)

    def _is_nearly_inside(self, box: Box) -> bool:
        tolerance = self._tolerance
        return (
            min(box.x, box.y) >= -tolerance
            and box.right <= self.right + tolerance
            and box.bottom <= self.bottom + tolerance
        )


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
