"""Outlines and boxes: `points` of the newer versions, and the `Point` elements of the older ones."""

import math
from collections.abc import Sequence
from itertools import repeat
from operator import sub

from lxml import etree

from core.geometry import Box
from indexer.formats.ocr.bulk import NO_BOX, Sides, new_boxes, parse_numbers, transpose_boxes
from indexer.formats.ocr.frame import MAX_COORDINATE, Outline


def read_box(coords: etree._Element | None) -> Box | None:
    """Return the box around a `Coords` element; None if it has no usable points."""
    return None if coords is None else parse_box(read_points(coords))


def read_points(coords: etree._Element) -> str:
    """Return the points of a `Coords` element as `x,y x,y …`, also of the older versions."""
    return coords.get(b"points") or " ".join(
        f"{point.get('x')},{point.get('y')}" for point in coords.iterchildren("{*}Point")
    )


def parse_box(points: str) -> Box | None:
    """Return the box around `x,y x,y …`; None if a number is damaged."""
    try:
        return _box_around(list(map(float, points.replace(",", " ").split())))
    except ValueError:
        return None


def parse_boxes(outlines: Sequence[str]) -> Sequence[Box | None]:
    """Return the boxes around outlines as `parse_box` does."""
    sides = _parse_rectangles(outlines) if outlines else None
    if sides and min(map(min, sides)) >= 0 and max(map(max, sides)) <= MAX_COORDINATE / 2:
        return new_boxes(sides)
    return list(map(parse_box, outlines))


def parse_outlines(outlines: Sequence[str]) -> Sides:
    """Return the boxes around outlines, `NO_BOX` for those that are damaged."""
    return _parse_rectangles(outlines) or transpose_boxes([parse_box(outline) or NO_BOX for outline in outlines])


def _parse_rectangles(outlines: Sequence[str]) -> Sides | None:
    """Return the boxes if each outline is `left,top right,top right,bottom left,bottom`, as most programs write it."""
    numbers = parse_numbers(",".join(outlines).replace(" ", ","))
    if len(numbers) != 8 * len(outlines) or set(map(str.count, outlines, repeat(","))) != {4}:
        return None
    lefts, tops, rights, bottoms = (numbers[start::8] for start in (0, 1, 2, 5))
    if lefts != numbers[6::8] or tops != numbers[3::8] or rights != numbers[4::8] or bottoms != numbers[7::8]:
        return None
    return lefts, tops, list(map(sub, rights, lefts)), list(map(sub, bottoms, tops))


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
    try:
        values = list(map(float, read_points(coords).replace(",", " ").split()))
    except ValueError:
        return []
    is_usable = len(values) % 2 == 0 and math.isfinite(sum(values))
    return values if is_usable and all(abs(value) <= MAX_COORDINATE for value in values) else []
