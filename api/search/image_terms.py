"""One picture or model of a question: what it is, where in it to look, and what it weighs.

`ID#xywh=10,20,300,400^0.5`: region and weight stand at the end, in this order, and both may be missing. A region is a
media fragment (https://www.w3.org/TR/media-frags/), in pixels or in per cent (`pct:` as in IIIF, or `percent:`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from api.errors import InvalidRequest
from core.geometry import Box, PixelBox

MAX_WEIGHT = 100
"""Beyond it the other terms no longer count."""

# A `^` that has a `/` or `#` behind it belongs to the value: Image API 3 asks for enlarged pictures with `/^512,/`.
_WEIGHT_SUFFIX = re.compile(r"(.*)\^([^\^/#?]*)", re.DOTALL)
_REGION_SUFFIX = re.compile(r"(.*)#xywh=([^#]*)", re.DOTALL)
_WEIGHT_VALUE = re.compile(r"[+-]?(\d{1,9}(\.\d{0,30})?|\.\d{1,30})(e[+-]?\d{1,3})?", re.ASCII)
_COORDINATE = r"(\d{1,9}(?:\.\d{1,9})?)"
_REGION_VALUE = re.compile(rf"(pct:|percent:|pixel:)?{_COORDINATE},{_COORDINATE},{_COORDINATE},{_COORDINATE}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ImageRegion:
    """A rectangle of a picture, in its pixels or in hundredths of its sides."""

    x: float
    y: float
    width: float
    height: float
    percent: bool = False

    def __str__(self) -> str:
        coordinates = ",".join(map(_format_number, (self.x, self.y, self.width, self.height)))
        return f"pct:{coordinates}" if self.percent else coordinates

    def to_pixels(self, size: tuple[int, int], full_size: tuple[int, int] | None = None) -> PixelBox:
        """The part of it that lies on a file of that `size`; its own pixels are those of the `full` picture."""
        reference_size = (100, 100) if self.percent else full_size or size
        scale_x, scale_y = size[0] / reference_size[0], size[1] / reference_size[1]
        box = Box(self.x * scale_x, self.y * scale_y, self.width * scale_x, self.height * scale_y).clip(*size)
        if box.width <= 0 or box.height <= 0:
            raise InvalidRequest(
                f"The region {self} lies outside the picture, which has {reference_size[0]} × {reference_size[1]}."
            )
        left, top = min(int(box.x), size[0] - 1), min(int(box.y), size[1] - 1)
        return PixelBox(left, top, max(1, round(box.right) - left), max(1, round(box.bottom) - top))


@dataclass(frozen=True, slots=True)
class ImageTerm:
    """A picture that is asked for: more like it, or, with a negative weight, less."""

    value: str
    weight: float = 1.0
    region: ImageRegion | None = None

    def __str__(self) -> str:
        text = f"{self.value}#xywh={self.region}" if self.region else self.value
        # A value with a tail that reads like a weight keeps it by having another one behind it.
        omit_weight = self.weight == 1 and not _WEIGHT_SUFFIX.fullmatch(text)
        return text if omit_weight else f"{text}^{_format_number(self.weight)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageTerms:
    """The pictures of a search request, by the parameter that names them."""

    like: tuple[ImageTerm, ...] = ()
    image: tuple[ImageTerm, ...] = ()
    vector: tuple[ImageTerm, ...] = ()

    @property
    def all(self) -> tuple[ImageTerm, ...]:
        return (*self.like, *self.image, *self.vector)


def parse_image_terms(*, like: Iterable[str], image: Iterable[str], vector: Iterable[str]) -> ImageTerms:
    """Parse the values of three parameters; raise `InvalidRequest` for the first that cannot be read."""
    return ImageTerms(
        like=tuple(map(parse_image_term, like)),
        image=tuple(map(parse_image_term, image)),
        vector=tuple(map(parse_image_term, vector)),
    )


def parse_image_term(text: str) -> ImageTerm:
    """`BadQuestion` where the tail is neither part of the value nor a weight or region that can be used."""
    unweighted_text, weight = _split_weight(text)
    match = _REGION_SUFFIX.fullmatch(unweighted_text)
    return ImageTerm(match[1], weight, parse_region(match[2])) if match else ImageTerm(unweighted_text, weight)


def parse_region(text: str) -> ImageRegion:
    """What stands behind `xywh=`."""
    if not (match := _REGION_VALUE.fullmatch(text.strip())):
        raise InvalidRequest(
            f"The region “{text[:50]}” cannot be read: write left, top, width and height, "
            "as in `10,20,300,400` (pixels) or `pct:10,20,30,40`."
        )
    x, y, width, height = (float(side) for side in match.groups()[1:])
    if not (width and height):
        raise InvalidRequest(f"The region “{text[:50]}” is empty: its width and height must be above 0.")
    return ImageRegion(x, y, width, height, percent=match[1] in ("pct:", "percent:"))


def parse_model_weights(model_terms: Iterable[str]) -> dict[str, float]:
    """Model → what it counts, from `sscd` or `sscd^2`; a model cannot count against."""
    weights_by_model = dict(map(_split_weight, model_terms))
    if negative_models := [name for name, weight in weights_by_model.items() if weight < 0]:
        raise InvalidRequest(
            f"The weight of the model “{negative_models[0][:50]}” must be above 0: leave the model out instead."
        )
    return weights_by_model


def check_weight(weight: float) -> float:
    """The weight itself, where it is one that can be used."""
    if not 0 < abs(weight) <= MAX_WEIGHT:
        raise InvalidRequest(
            f"A weight lies between -{MAX_WEIGHT} and {MAX_WEIGHT} and is not 0, so {_format_number(weight)} "
            "cannot be used."
        )
    return weight


def _split_weight(text: str) -> tuple[str, float]:
    if not (match := _WEIGHT_SUFFIX.fullmatch(text)):
        return text, 1.0
    weight_text = match[2].strip()
    if not _WEIGHT_VALUE.fullmatch(weight_text):
        raise InvalidRequest(
            f"The weight “{weight_text[:50]}” is not a number: write `^2`, `^0.5`, or `^-1` for less like this."
        )
    return match[1], check_weight(float(weight_text))


def _format_number(value: float) -> str:
    """The shortest text that reads as the same number."""
    return str(value).removesuffix(".0")
