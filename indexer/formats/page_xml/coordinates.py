"""Outlines and boxes: `points` of the newer versions, and the `Point` elements of the older ones."""

import math

from lxml import etree

from core.geometry import Box
from indexer.formats.ocr.frame import MAX_COORDINATE, Outline


def read_box(coords: etree._Element | None) -> Box | None:
    """Return the box around a `Coords` element; None if it has no usable points."""
    values = _read_numbers(coords) if coords is not None else []
    if len(values) < 4:
        return None
    horizontal, vertical = values[::2], values[1::2]
    left, top = min(horizontal), min(vertical)
    return Box(left, top, max(horizontal) - left, max(vertical) - top)


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
