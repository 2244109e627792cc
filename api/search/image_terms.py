"""Image terms: a picture of a request with its region and weight; also the weights of models.

`ID#xywh=10,20,300,400^0.5`: region and weight follow the value in this order, and both are optional. A region is a
media fragment (https://www.w3.org/TR/media-frags/), in pixels or in per cent (`pct:` as in IIIF, or `percent:`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from api.errors import InvalidRequest
from api.sentences import Sentence
from core.geometry import Box, PixelBox

MAX_WEIGHT = 100
"""With a higher weight the other terms would no longer matter."""

# A `^` before a `/` or `#` belongs to the value: IIIF Image API 3 requests upscaled images with `/^512,/`.
_WEIGHT_SUFFIX = re.compile(r"(.*)\^([^\^/#?]*)", re.DOTALL)
_REGION_SUFFIX = re.compile(r"(.*)#xywh=([^#]*)", re.DOTALL)
_WEIGHT_VALUE = re.compile(r"[+-]?(\d{1,9}(\.\d{0,30})?|\.\d{1,30})(e[+-]?\d{1,3})?", re.ASCII)
_COORDINATE = r"(\d{1,9}(?:\.\d{1,9})?)"
_REGION_VALUE = re.compile(rf"(pct:|percent:|pixel:)?{_COORDINATE},{_COORDINATE},{_COORDINATE},{_COORDINATE}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ImageRegion:
    """A rectangle of a picture, in pixels or in per cent of its sides."""

    x: float
    y: float
    width: float
    height: float
    percent: bool = False

    def __str__(self) -> str:
        coordinates = ",".join(map(_format_number, (self.x, self.y, self.width, self.height)))
        return f"pct:{coordinates}" if self.percent else coordinates

    def to_pixels(self, size: tuple[int, int], full_size: tuple[int, int] | None = None) -> PixelBox:
        """Return the part of the region that lies within a file of `size`.

        Its pixel coordinates refer to `full_size`, by default the same. Raise `InvalidRequest` if nothing is left.
        """
        reference_size = (100, 100) if self.percent else full_size or size
        scale_x, scale_y = size[0] / reference_size[0], size[1] / reference_size[1]
        box = Box(self.x * scale_x, self.y * scale_y, self.width * scale_x, self.height * scale_y).clip(*size)
        if box.width <= 0 or box.height <= 0:
            raise InvalidRequest(
                Sentence(
                    "The region %(region)s is outside the picture, whose size is %(width)s × %(height)s.",
                    region=str(self),
                    width=reference_size[0],
                    height=reference_size[1],
                )
            )
        left, top = min(int(box.x), size[0] - 1), min(int(box.y), size[1] - 1)
        return PixelBox(left, top, max(1, round(box.right) - left), max(1, round(box.bottom) - top))


@dataclass(frozen=True, slots=True)
class ImageTerm:
    """A picture of a request; a negative weight asks for less like it."""

    value: str
    weight: float = 1.0
    region: ImageRegion | None = None

    def __str__(self) -> str:
        text = f"{self.value}#xywh={self.region}" if self.region else self.value
        # If the value itself ends like a weight, an explicit weight follows it.
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
    """Parse one value; raise `InvalidRequest` if its weight or region is not valid."""
    unweighted_text, weight = _split_weight(text)
    match = _REGION_SUFFIX.fullmatch(unweighted_text)
    return ImageTerm(match[1], weight, parse_region(match[2])) if match else ImageTerm(unweighted_text, weight)


def parse_region(text: str) -> ImageRegion:
    """Parse the text after `xywh=`; raise `InvalidRequest` if it is not a region."""
    if not (match := _REGION_VALUE.fullmatch(text.strip())):
        raise InvalidRequest(
            Sentence(
                "The region “%(region)s” cannot be read: write left, top, width and height, "
                "as in `10,20,300,400` (pixels) or `pct:10,20,30,40`.",
                region=text[:50],
            )
        )
    x, y, width, height = (float(side) for side in match.groups()[1:])
    if not (width and height):
        raise InvalidRequest(
            Sentence("The region “%(region)s” is empty: its width and height must be above 0.", region=text[:50])
        )
    return ImageRegion(x, y, width, height, percent=match[1] in ("pct:", "percent:"))


def parse_model_weights(model_terms: Iterable[str]) -> dict[str, float]:
    """Return model name → weight, from values such as `sscd` or `sscd^2`; raise `InvalidRequest` if one is negative."""
    weights_by_model = dict(map(_split_weight, model_terms))
    if negative_models := [name for name, weight in weights_by_model.items() if weight < 0]:
        raise InvalidRequest(
            Sentence(
                "The weight of the model “%(model)s” must be above 0: leave the model out instead.",
                model=negative_models[0][:50],
            )
        )
    return weights_by_model


def check_weight(weight: float) -> float:
    """Return the weight; raise `InvalidRequest` if it is 0 or too large."""
    if not 0 < abs(weight) <= MAX_WEIGHT:
        raise InvalidRequest(
            Sentence(
                "The weight %(weight)s is not valid: use a number between -%(limit)s and %(limit)s other than 0.",
                weight=_format_number(weight),
                limit=MAX_WEIGHT,
            )
        )
    return weight


def _split_weight(text: str) -> tuple[str, float]:
    if not (match := _WEIGHT_SUFFIX.fullmatch(text)):
        return text, 1.0
    weight_text = match[2].strip()
    if not _WEIGHT_VALUE.fullmatch(weight_text):
        raise InvalidRequest(
            Sentence(
                "The weight “%(weight)s” is not a number: write `^2`, `^0.5`, or `^-1` for less like this.",
                weight=weight_text[:50],
            )
        )
    return match[1], check_weight(float(weight_text))


def _format_number(value: float) -> str:
    """Return the shortest text of the number."""
    return str(value).removesuffix(".0")
