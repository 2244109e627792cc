"""One picture or model of a question: what it is, where in it to look, and what it weighs.

`ID#xywh=10,20,300,400^0.5`: region and weight stand at the end, in this order, and both may be missing. A region is a
media fragment (https://www.w3.org/TR/media-frags/), in pixels or in per cent (`pct:` as in IIIF, or `percent:`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from api.errors import BadQuestion
from core.geometry import Box, PixelBox

HEAVIEST = 100
"""Beyond it the other terms no longer count."""

# A `^` that has a `/` or `#` behind it belongs to the value: Image API 3 asks for enlarged pictures with `/^512,/`.
_WEIGHTED = re.compile(r"(.*)\^([^\^/#?]*)", re.DOTALL)
_PLACED = re.compile(r"(.*)#xywh=([^#]*)", re.DOTALL)
_WEIGHT = re.compile(r"[+-]?(\d{1,9}(\.\d{0,30})?|\.\d{1,30})(e[+-]?\d{1,3})?", re.ASCII)
_SIDE = r"(\d{1,9}(?:\.\d{1,9})?)"
_REGION = re.compile(rf"(pct:|percent:|pixel:)?{_SIDE},{_SIDE},{_SIDE},{_SIDE}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of a picture, in its pixels or in hundredths of its sides."""

    x: float
    y: float
    width: float
    height: float
    percent: bool = False

    def __str__(self) -> str:
        sides = ",".join(map(_number, (self.x, self.y, self.width, self.height)))
        return f"pct:{sides}" if self.percent else sides

    def on(self, size: tuple[int, int], full: tuple[int, int] | None = None) -> PixelBox:
        """The part of it that lies on a file of that `size`; its own pixels are those of the `full` picture."""
        whole = (100, 100) if self.percent else full or size
        across, down = size[0] / whole[0], size[1] / whole[1]
        box = Box(self.x * across, self.y * down, self.width * across, self.height * down).clipped(*size)
        if box.width <= 0 or box.height <= 0:
            raise BadQuestion(f"The region {self} lies outside the picture, which has {whole[0]} × {whole[1]}.")
        left, top = min(int(box.x), size[0] - 1), min(int(box.y), size[1] - 1)
        return PixelBox(left, top, max(1, round(box.right) - left), max(1, round(box.bottom) - top))


@dataclass(frozen=True, slots=True)
class Term:
    """A picture that is asked for: more like it, or, with a negative weight, less."""

    value: str
    weight: float = 1.0
    region: Region | None = None

    def __str__(self) -> str:
        text = f"{self.value}#xywh={self.region}" if self.region else self.value
        # A value with a tail that reads like a weight keeps it by having another one behind it.
        plain = self.weight == 1 and not _WEIGHTED.fullmatch(text)
        return text if plain else f"{text}^{_number(self.weight)}"


def parse(text: str) -> Term:
    """`BadQuestion` where the tail is neither part of the value nor a weight or region that can be used."""
    rest, weight = _weighted(text)
    placed = _PLACED.fullmatch(rest)
    return Term(placed[1], weight, region(placed[2])) if placed else Term(rest, weight)


def region(text: str) -> Region:
    """What stands behind `xywh=`."""
    if not (match := _REGION.fullmatch(text.strip())):
        raise BadQuestion(
            f"The region “{text[:50]}” cannot be read: write left, top, width and height, "
            "as in `10,20,300,400` (pixels) or `pct:10,20,30,40`."
        )
    x, y, width, height = (float(side) for side in match.groups()[1:])
    if not (width and height):
        raise BadQuestion(f"The region “{text[:50]}” is empty: its width and height must be above 0.")
    return Region(x, y, width, height, percent=match[1] in ("pct:", "percent:"))


def weights(models: Iterable[str]) -> dict[str, float]:
    """Model → what it counts, from `sscd` or `sscd^2`; a model cannot count against."""
    read = dict(map(_weighted, models))
    if below := [name for name, weight in read.items() if weight < 0]:
        raise BadQuestion(f"The weight of the model “{below[0][:50]}” must be above 0: leave the model out instead.")
    return read


def checked(weight: float) -> float:
    """The weight itself, where it is one that can be used."""
    if not 0 < abs(weight) <= HEAVIEST:
        raise BadQuestion(
            f"A weight lies between -{HEAVIEST} and {HEAVIEST} and is not 0, so {_number(weight)} cannot be used."
        )
    return weight


def _weighted(text: str) -> tuple[str, float]:
    if not (match := _WEIGHTED.fullmatch(text)):
        return text, 1.0
    tail = match[2].strip()
    if not _WEIGHT.fullmatch(tail):
        raise BadQuestion(f"The weight “{tail[:50]}” is not a number: write `^2`, `^0.5`, or `^-1` for less like this.")
    return match[1], checked(float(tail))


def _number(value: float) -> str:
    """The shortest text that reads as the same number."""
    return str(value).removesuffix(".0")
