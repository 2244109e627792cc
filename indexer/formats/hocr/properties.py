"""The properties in the `title` of an hOCR element: `bbox 1 2 3 4; x_wconf 93`."""

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import repeat
from operator import sub

from core.geometry import Box
from indexer.formats.ocr.bulk import NO_BOX, Sides, new_boxes, parse_numbers, transpose_boxes
from indexer.formats.ocr.frame import MAX_COORDINATE

NUMBER = r"(-?\d[\d.]*)"
BBOX = re.compile(rf"\bbbox\s+{NUMBER}\s+{NUMBER}\s+{NUMBER}\s+{NUMBER}")
WORD_CONFIDENCE = re.compile(rf"\bx_wconf\s+{NUMBER}")
IMAGE = re.compile(r"""\bimage\s+(?:"([^"]*)"|'([^']*)'|([^;"'][^;]*))""")
PHYSICAL_NUMBER = re.compile(r"\bppageno\s+(\d{1,9})\b")
LOGICAL_NUMBER = re.compile(r"""\blpageno\s+["']?([^;"']*)""")


def parse_box(title: str) -> Box | None:
    """Return the box; None if there is none, or none that a page can have."""
    # Nearly all titles begin with the box; to split them is faster than a regular expression.
    parts = title.partition(";")[0].split()
    if len(parts) == 5 and parts[0] == "bbox":
        return box_from_corners(*parts[1:])
    match = BBOX.search(title)
    return box_from_corners(*match.groups()) if match else None


def box_from_corners(left: str, top: str, right: str, bottom: str) -> Box | None:
    """Return the box between two corners; None if a number is damaged or too large for a page."""
    try:
        x, y = float(left), float(top)
        width, height = float(right) - x, float(bottom) - y
    except ValueError:
        return None
    is_plausible = (
        -MAX_COORDINATE <= x <= MAX_COORDINATE
        and -MAX_COORDINATE <= y <= MAX_COORDINATE
        and -MAX_COORDINATE <= width <= MAX_COORDINATE
        and -MAX_COORDINATE <= height <= MAX_COORDINATE
    )
    return Box(x, y, width, height) if is_plausible else None


def parse_boxes(titles: Sequence[str]) -> Sequence[Box | None]:
    """Return the boxes as `parse_box` does; all at once if the titles begin with whole boxes."""
    heads = [title.partition(";")[0] for title in titles]
    text = ",".join(heads)
    numbers = parse_numbers(text.replace("bbox ", "").replace(" ", ","))
    is_usual = len(numbers) == 4 * len(titles) and text.count("bbox ") == len(titles)
    if not numbers or not is_usual or set(map(str.count, heads, repeat(" "))) != {4}:
        return list(map(parse_box, titles))
    sides = _sides_from_corners(numbers, 4)
    if max(numbers) > MAX_COORDINATE / 2 or min(numbers) < -MAX_COORDINATE / 2:
        return list(map(parse_box, titles))
    return new_boxes(sides)


def parse_titles(titles: Sequence[str]) -> tuple[Sides, list[float | None]]:
    """Return the boxes and the confidences of words; `NO_BOX` for those without a usable box."""
    return (
        _parse_short_titles(titles)
        or _parse_similar_titles(titles)
        or (
            transpose_boxes([parse_box(title) or NO_BOX for title in titles]),
            [parse_confidence(title) for title in titles],
        )
    )


def _parse_short_titles(titles: Sequence[str]) -> tuple[Sides, list[float | None]] | None:
    """Return boxes and confidences if all titles are written as Tesseract does: `bbox 1 2 3 4; x_wconf 90`."""
    text = ",".join(titles)
    numbers = parse_numbers(text.replace("; x_wconf ", " ").replace("bbox ", "").replace(" ", ","))
    is_usual = len(numbers) == 5 * len(titles) and text.count("bbox ") == text.count("; x_wconf ") == len(titles)
    if not is_usual or set(map(str.count, titles, repeat(" "))) != {6}:
        return None
    return _sides_from_corners(numbers, 5), list(map(percent_to_confidence, numbers[4::5]))


def _sides_from_corners(numbers: Sequence[float], length: int) -> Sides:
    """Return the sides of the boxes whose corners begin each `length` numbers."""
    lefts, tops, rights, bottoms = (numbers[start::length] for start in range(4))
    return lefts, tops, list(map(sub, rights, lefts)), list(map(sub, bottoms, tops))


def _parse_similar_titles(titles: Sequence[str]) -> tuple[Sides, list[float | None]] | None:
    """Return boxes and confidences if all titles have the properties of the first: `bbox 1 2 3 4; x_fsize 9`."""
    parts = " ".join(titles).replace(";", " ").split()
    length, remainder = divmod(len(parts), max(len(titles), 1))
    if remainder or length < 7 or "x_wconf" not in parts[5:length:2]:
        return None
    position = parts.index("x_wconf")
    if not parts[::length].count("bbox") == parts[position::length].count("x_wconf") == len(titles):
        return None
    try:
        lefts, tops, rights, bottoms = (list(map(float, parts[start::length])) for start in (1, 2, 3, 4))
    except ValueError:
        return None
    sides = lefts, tops, list(map(sub, rights, lefts)), list(map(sub, bottoms, tops))
    return sides, list(map(parse_percent, parts[position + 1 :: length]))


def parse_confidence(title: str) -> float | None:
    """Return the confidence of a word, per cent in hOCR, as 0 to 1."""
    match = WORD_CONFIDENCE.search(title)
    return parse_percent(match[1]) if match else None


def parse_percent(text: str) -> float | None:
    try:
        return percent_to_confidence(float(text))
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def percent_to_confidence(percent: float) -> float | None:
    return min(max(percent / 100, 0.0), 1.0) if math.isfinite(percent) else None


def parse_image(title: str) -> str:
    """Return the file name of the scan as written; empty if there is none."""
    match = IMAGE.search(title)
    return next((name.strip() for name in match.groups() if name), "") if match else ""


def parse_physical_number(title: str) -> int | None:
    match = PHYSICAL_NUMBER.search(title)
    return int(match[1]) if match else None


def parse_logical_number(title: str) -> str:
    match = LOGICAL_NUMBER.search(title)
    return match[1].strip() if match else ""
