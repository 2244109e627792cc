"""Outlines and boxes: `points` of the newer versions, and the `Point` elements of the older ones."""

import math
from collections.abc import Sequence

from lxml import etree

from core.geometry import Box
from indexer.formats.ocr.frame import MAX_COORDINATE, Outline


def read_box(coords: etree._Element | None) -> Box | None:
    """Return the box around a `Coords` element; None if it has no usable points."""
    if coords is None:
        return None
    points = coords.get("points")
    return parse_box(points) if points else _box_around(_read_numbers(coords))


def parse_box(points: str) -> Box | None:
    """Return the box around `x,y x,y …`; None if a number is damaged."""
    try:
        return _box_around(list(map(float, points.replace(",", " ").split())))
    except ValueError:
        return None


def parse_rectangles(outlines: Sequence[str]) -> tuple[list[float], list[float], list[float], list[float]] | None:
    """Return left, top, right and bottom of outlines that have four points each; None if any is another one."""
    if any(outline.count(",") != 4 for outline in outlines):
        return None
    numbers = " ".join(outlines).replace(",", " ").split()
    if len(numbers) != 8 * len(outlines):
        return None
    try:
        values = list(map(float, numbers))
    except ValueError:
        return None
    horizontal, vertical = [values[start::8] for start in (0, 2, 4, 6)], [values[start::8] for start in (1, 3, 5, 7)]
    return (
        list(map(min, *horizontal)),
        list(map(min, *vertical)),
        list(map(max, *horizontal)),
        list(map(max, *vertical)),
    )


def _box_around(values: list[float]) -> Box | None:
    if len(values) < 4 or len(values) % 2:
        return None
    horizontal, vertical = values[::2], values[1::2]
    left, top, right, bottom = min(horizontal), min(vertical), max(horizontal), max(vertical)
    # A number that is none (NaN) fails the comparisons.
    if not (-MAX_COORDINATE <= left <= right <= MAX_COORDINATE and -MAX_COORDINATE <= top <= bottom <= MAX_COORDINATE):
        return None
    return Box(left, top, right - left, bottom - top)


def read_outline(coords: etree._Element | None) -> Outline:
    """Return the points of a `Coords` element; empty if it is only a rectangle or a line."""
    values = _read_numbers(coords) if coords is not None else []
    points = tuple(zip(values[::2], values[1::2], strict=False))
    return points if len(points) >= 3 else ()


def _read_numbers(coords: etree._Element) -> list[float]:
    """Return x and y in turn; none if a number is damaged or too large for a page."""
    if points := coords.get("points"):
        words = points.replace(",", " ").split()
    else:
        words = [point.get(axis) or "" for point in coords.iterchildren("{*}Point") for axis in ("x", "y")]
    try:
        values = list(map(float, words))
    except ValueError:
        return []
    is_usable = len(values) % 2 == 0 and math.isfinite(sum(values))
    return values if is_usable and all(abs(value) <= MAX_COORDINATE for value in values) else []
