"""Requests to our own service of the IIIF Image API 3.0: parsing and arithmetic. Pure functions."""

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from core.errors import FrontispieceError
from core.geometry import PixelBox

Quality = Literal["default", "color", "gray", "bitonal"]
Format = Literal["jpg", "png", "webp"]
QUALITIES: tuple[Quality, ...] = get_args(Quality)
FORMATS: tuple[Format, ...] = get_args(Format)

NUMBER = r"[0-9]{1,9}(?:\.[0-9]{1,9})?|\.[0-9]{1,9}"
"""A number as section 4.7 allows it; longer ones are no use and cost time."""
PIXELS = r"[0-9]{1,9}"
REGION = re.compile(rf"(?P<pct>pct:)?({NUMBER}),({NUMBER}),({NUMBER}),({NUMBER})")
SIZE = re.compile(rf"(?:pct:(?P<percent>{NUMBER}))|(?P<confined>!)?(?P<width>{PIXELS})?,(?P<height>{PIXELS})?")
ROTATION = re.compile(rf"(!?)({NUMBER})")
QUARTER_TURNS = (0, 90, 180, 270, 360)


class InvalidImageRequest(FrontispieceError):
    """A request that the Image API answers with an error."""

    def __init__(self, message: str, status: Literal[400, 501] = 400) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputLimits:
    """The largest image that is sent."""

    width: int
    """Pixels of each side."""
    area: int
    """Pixels in all."""

    def fit(self, width: int, height: int) -> tuple[int, int]:
        """Return the largest size of this shape that is allowed and not larger than this."""
        factor = min(1.0, self.width / width, self.width / height, math.sqrt(self.area / (width * height)))
        if factor == 1:
            return width, height
        return max(1, math.floor(width * factor)), max(1, math.floor(height * factor))


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageCut:
    """What to make of an image: a region in pixels, its size before it is turned, and how it is encoded."""

    region: PixelBox
    width: int
    height: int
    is_largest: bool
    """Whether no larger size of the region is sent."""
    is_mirrored: bool
    """Whether it is reflected left to right before it is turned."""
    rotation: int
    """Degrees clockwise: 0, 90, 180 or 270."""
    quality: Quality
    format: Format

    def canonical_request(self, image_width: int, image_height: int) -> str:
        """Return the canonical form of the request's path after the identifier (section 4.7)."""
        is_full = self.region == PixelBox(0, 0, image_width, image_height)
        region = "full" if is_full else str(self.region)
        size = "max" if self.is_largest else f"{self.width},{self.height}"
        return f"{region}/{size}/{'!' if self.is_mirrored else ''}{self.rotation}/{self.quality}.{self.format}"


def parse_image_request(path: str, image_size: tuple[int, int], limits: OutputLimits) -> ImageCut:
    """Return what the path after an identifier, `full/max/0/default.jpg`, asks of an image of `image_size`.

    Raises InvalidImageRequest.
    """
    try:
        region, size, rotation, file = path.split("/")
    except ValueError:
        raise InvalidImageRequest(
            f"The address {path[:100]!r} is not valid; use region/size/rotation/quality.format."
        ) from None
    pixel_region = _parse_region(region, *image_size)
    width, height = _parse_size(size, pixel_region, limits)
    is_mirrored, degrees = _parse_rotation(rotation)
    quality, _, image_format = file.partition(".")
    if quality not in QUALITIES:
        raise InvalidImageRequest(f"The quality {quality[:50]!r} is not supported; use {', '.join(QUALITIES)}.")
    if image_format not in FORMATS:
        raise InvalidImageRequest(f"The format {image_format[:50]!r} is not supported; use {', '.join(FORMATS)}.")
    return ImageCut(
        region=pixel_region,
        width=width,
        height=height,
        is_largest=(width, height) == limits.fit(pixel_region.width, pixel_region.height),
        is_mirrored=is_mirrored,
        rotation=degrees,
        quality=quality,
        format=image_format,
    )


def _parse_region(region: str, width: int, height: int) -> PixelBox:
    """Return the part of a region that lies on the image."""
    if region == "full":
        return PixelBox(0, 0, width, height)
    if region == "square":
        side = min(width, height)
        return PixelBox((width - side) // 2, (height - side) // 2, side, side)
    match = REGION.fullmatch(region)
    if match is None or (not match["pct"] and "." in region):
        raise InvalidImageRequest(
            f"The region {region[:50]!r} is not valid; use full, square, x,y,w,h in pixels or pct:x,y,w,h."
        )
    x, y, box_width, box_height = map(Fraction, match.groups()[1:])
    if match["pct"]:
        x, box_width = x * width / 100, box_width * width / 100
        y, box_height = y * height / 100, box_height * height / 100
    # A part that lies on the image has at least one of its pixels.
    right, bottom = min(width, round(x + box_width)), min(height, round(y + box_height))
    left, top = min(width - 1, round(x)), min(height - 1, round(y))
    if min(box_width, box_height) <= 0 or x >= width or y >= height:
        raise InvalidImageRequest(
            f"The region {region[:50]!r} is empty or outside the image of {width} × {height} pixels."
        )
    return PixelBox(left, top, max(1, right - left), max(1, bottom - top))


def _parse_size(size: str, region: PixelBox, limits: OutputLimits) -> tuple[int, int]:
    """Return width and height of the region after scaling."""
    if size.startswith("^"):
        raise InvalidImageRequest(
            "This service does not enlarge images; ask for a size without ^, or for max.", status=501
        )
    if size == "max":
        return limits.fit(region.width, region.height)
    match = SIZE.fullmatch(size)
    if match is None or size in (",", "!,") or (match["confined"] and not (match["width"] and match["height"])):
        raise InvalidImageRequest(f"The size {size[:50]!r} is not valid; use one of: max; w,; ,h; w,h; !w,h; pct:n.")
    width, height = _scaled_size(match, region, limits)
    if not (1 <= width <= region.width and 1 <= height <= region.height):
        raise InvalidImageRequest(
            f"The size {size[:50]!r} is empty or larger than the region, which has "
            f"{region.width} × {region.height} pixels."
        )
    if max(width, height) > limits.width or width * height > limits.area:
        raise InvalidImageRequest(
            f"An image of {width} × {height} pixels is larger than this service sends, which is up to {limits.width} "
            f"pixels a side and {limits.area} in all; ask for max or for a part."
        )
    return width, height


def _scaled_size(match: re.Match[str], region: PixelBox, limits: OutputLimits) -> tuple[int, int]:
    if match["percent"]:
        factor = Fraction(match["percent"]) / 100
        # A small image has at least one pixel, but 0 % is an error.
        smallest = 1 if factor else 0
        return max(smallest, round(region.width * factor)), max(smallest, round(region.height * factor))
    width, height = (int(side) if side else None for side in (match["width"], match["height"]))
    if match["confined"] and width and height:
        allowed_width, allowed_height = limits.fit(region.width, region.height)
        width, height = min(width, allowed_width), min(height, allowed_height)
        factor = min(Fraction(width, region.width), Fraction(height, region.height))
        return max(1, round(region.width * factor)), max(1, round(region.height * factor))
    if width is None:
        width = max(1, round(Fraction(region.width * (height or 0), region.height))) if height else 0
    if height is None:
        height = max(1, round(Fraction(region.height * width, region.width))) if width else 0
    return width, height


def _parse_rotation(rotation: str) -> tuple[bool, int]:
    match = ROTATION.fullmatch(rotation)
    degrees = float(match[2]) if match else math.nan
    if match is None or degrees not in QUARTER_TURNS:
        raise InvalidImageRequest(
            f"The rotation {rotation[:50]!r} is not supported; use 0, 90, 180 or 270, with ! in front to mirror."
        )
    return bool(match[1]), int(degrees) % 360


def scale_factors(width: int, height: int, tile_side: int) -> list[int]:
    """Return the factors by which tiles of the image are scaled down: 1, 2, 4… until one tile has it all."""
    levels = math.ceil(math.log2(max(1, max(width, height) / tile_side)))
    return [2**level for level in range(levels + 1)]


def prepared_sizes(width: int, height: int, tile_side: int, limits: OutputLimits) -> list[tuple[int, int]]:
    """Return the sizes of the whole image at these factors, the smallest first, as far as they are allowed."""
    sizes = [
        (math.ceil(width / factor), math.ceil(height / factor))
        for factor in reversed(scale_factors(width, height, tile_side))
    ]
    return [size for size in sizes if limits.fit(*size) == size]
