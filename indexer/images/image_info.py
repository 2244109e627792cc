"""What an info.json of the Image API says about an image: its size and which requests the server answers."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from core import image_api
from core.geometry import PixelBox

MAX_TILES = 256
"""Requests for the tiles of one image; with more, a smaller picture is put together."""

REGION_FEATURES = {"regionByPx", "regionByPct"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TileRequest:
    """One prepared tile: the region of the image, and the pixels of the tile."""

    region: PixelBox
    size: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageInfo:
    """An image on a server of the Image API."""

    width: int
    height: int
    version: int
    can_crop: bool
    """Whether the server cuts out any region; one of level 0 has only prepared pictures."""
    sizes: tuple[tuple[int, int], ...] = ()
    """Prepared sizes of the whole image, largest first."""
    tiles: tuple[tuple[int, int, tuple[int, ...]], ...] = ()
    """Width and height of prepared tiles, and the factors by which they are scaled down."""
    max_width: int | None = None
    max_height: int | None = None
    max_area: int | None = None

    @classmethod
    def from_json(cls, info: Any, url: str) -> Self:
        """Return what an info.json says; SourceError if it gives no size."""
        width, height = image_api.read_size(info, url)
        limits = [info, *(entry for entry in _as_list(info.get("profile")) if isinstance(entry, Mapping))]
        features = {
            str(feature)
            for limit in limits
            for key in ("extraFeatures", "supports")
            for feature in _as_list(limit.get(key))
        }
        max_width = _first_int(limits, "maxWidth")
        return cls(
            width=width,
            height=height,
            version=image_api.api_version(info),
            can_crop=image_api.compliance_level(info) > 0 or bool(features & REGION_FEATURES),
            sizes=tuple(sorted(_read_sizes(info), reverse=True)),
            tiles=tuple(_read_tiles(info)),
            max_width=max_width,
            max_height=_first_int(limits, "maxHeight") or max_width,
            max_area=_first_int(limits, "maxArea"),
        )

    def fit(self, width: int, height: int) -> tuple[int, int]:
        """Return a size of the same shape that the server is willing to send."""
        factor = min(
            1.0,
            (self.max_width or width) / width,
            (self.max_height or height) / height,
            math.sqrt((self.max_area or width * height) / (width * height)),
        )
        return max(1, int(width * factor)), max(1, int(height * factor))

    def in_percent(self, region: str) -> str:
        """Return a region in pixels of the image, `x,y,w,h`, as the Image API writes it in percent."""
        x, y, width, height = map(int, region.split(","))
        sides = (x / self.width, y / self.height, width / self.width, height / self.height)
        return "pct:" + ",".join(f"{100 * side:.8g}" for side in sides)

    def tile_requests(self) -> tuple[list[TileRequest], int]:
        """Return the tiles of the largest affordable size, and the factor by which they are smaller."""
        candidates = sorted((factor, width, height) for width, height, factors in self.tiles for factor in factors)
        for factor, width, height in candidates:
            columns, rows = math.ceil(self.width / (width * factor)), math.ceil(self.height / (height * factor))
            if columns * rows <= MAX_TILES:
                return list(self._tiles(width * factor, height * factor, factor)), factor
        return [], 1

    def _tiles(self, width: int, height: int, factor: int) -> Iterator[TileRequest]:
        for y in range(0, self.height, height):
            for x in range(0, self.width, width):
                region = PixelBox(x, y, min(width, self.width - x), min(height, self.height - y))
                yield TileRequest(
                    region=region, size=(math.ceil(region.width / factor), math.ceil(region.height / factor))
                )


def _read_sizes(info: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    for size in _as_list(info.get("sizes")):
        if isinstance(size, Mapping):
            width, height = _positive(size.get("width")), _positive(size.get("height"))
            if width and height:
                yield width, height


def _read_tiles(info: Mapping[str, Any]) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Yield the tiles of versions 2 and 3, or the one kind that version 1 has."""
    version_1 = {
        "width": info.get("tile_width"),
        "height": info.get("tile_height"),
        "scaleFactors": info.get("scale_factors"),
    }
    for tile in [*_as_list(info.get("tiles")), version_1]:
        if isinstance(tile, Mapping) and (width := _positive(tile.get("width"))):
            factors = tuple(factor for value in _as_list(tile.get("scaleFactors")) if (factor := _positive(value)))
            yield width, _positive(tile.get("height")) or width, factors


def _first_int(resources: list[Mapping[str, Any]], key: str) -> int | None:
    return next((number for resource in resources if (number := _positive(resource.get(key)))), None)


def _positive(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) and 1 <= value < 2**31 else None


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
