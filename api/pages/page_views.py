"""What the viewer of a picture's page shows: the picture and its page, as images and as tiles. Pure functions."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Literal

from api.picture_images import PICTURE_FORMAT, VERSION_PARAMETER, PictureImage, image_path, picture_image
from api.records import BookLeaf
from api.responses import Hit
from core import image_api

IMAGE_WIDTHS = (360, 540, 720, 960, 1280, 1600, 1920)
"""Pixels of the widths in which an image of the page is offered to browsers."""
DEFAULT_WIDTH = 960

MAX_DETAIL = 1600
DETAIL_SIDES = (720, 960, 1280, MAX_DETAIL)
"""Pixels of the squares in which two compared pictures are offered besides their crops."""

PICTURE_SHARE = {"narrow": (92, 46), "wide": (58, 74)}
"""Window → percent of its width and of its height that the picture gets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TileSource:
    """An image that the viewer can zoom into, without asking its server for an info.json."""

    service: str
    """Base URI of the image service; empty: `url` is the whole image."""
    url: str = ""
    version: Literal[1, 2, 3] = 3
    x: int = 0
    """Where the image begins on that of the service, in its pixels."""
    y: int = 0
    width: int
    height: int
    format: str = "jpg"
    quality: str = "default"

    def as_json(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageView:
    """An image as an `img` element and as tiles; `width` and `height` give its shape."""

    src: str
    srcset: str = ""
    sizes: str = ""
    width: int
    height: int
    tiles: TileSource


def picture_view(hit: Hit, own_size: tuple[int, int] | None, *, is_full: bool) -> ImageView | None:
    """Return the picture; None if it has no image at all.

    `own_size` are the pixels of the picture in our own Image API, None if that does not have it; `is_full` says whether
    these are all that its scan has.
    """
    width, height = hit.box[2], hit.box[3]
    remote_tiles = _remote_tiles(hit.region, hit.box, (width, height)) if width and height else None
    if own_size:
        own_width, own_height = own_size
        service = image_path(hit.id)
        own_tiles = TileSource(service=service, width=own_width, height=own_height, format=PICTURE_FORMAT)
        version = f"?{VERSION_PARAMETER}={hit.version}" if hit.version else ""
        urls = {side: f"{service}/full/{side},/0/default.{PICTURE_FORMAT}{version}" for side in _widths(own_width)}
        return _view(urls, own_size, own_tiles if is_full else remote_tiles or own_tiles)
    if remote_tiles:
        return _view(_remote_urls(remote_tiles), (width, height), remote_tiles)
    url = hit.large_image or hit.image
    tiles = TileSource(service="", url=url, width=width or 1, height=height or 1)
    return ImageView(src=url, width=width, height=height, tiles=tiles) if url else None


def detailed_image(hit: Hit) -> PictureImage:
    """Return a picture up to `MAX_DETAIL` pixels a side, to compare the lines of two prints."""
    picture = picture_image(hit, MAX_DETAIL, 100)
    width, height = hit.box[2:]
    longer_side = max(width, height, 1)
    # A larger crop has up to 2,000 pixels, as many of them as the scan; without one the crop has them all.
    sides = [side for side in DETAIL_SIDES if side < longer_side] if hit.large_image != hit.image else []
    if not picture.srcset or not sides:
        return picture
    version = f"?{VERSION_PARAMETER}={hit.version}" if hit.version else ""
    larger = (
        f"{image_path(hit.id)}/full/!{side},{side}/0/default.{PICTURE_FORMAT}{version}"
        f" {max(1, round(width * side / longer_side))}w"
        for side in sides
    )
    return replace(picture, srcset=", ".join([picture.srcset, *larger]))


def page_view(leaf: BookLeaf, *, has_regions: bool) -> ImageView | None:
    """Return the whole page; None if its image or its size is not known.

    `has_regions` says whether the library's image service is known to serve regions.
    """
    size = (leaf.width, leaf.height)
    if not all(size):
        return None
    if leaf.scan_id:
        service = image_path(leaf.scan_id)
        urls = {side: f"{service}/full/{side},/0/default.{PICTURE_FORMAT}" for side in _widths(leaf.width)}
        tiles = TileSource(service=service, width=leaf.width, height=leaf.height, format=PICTURE_FORMAT)
        return _view(urls, size, tiles)
    request = leaf.image or (image_api.page_url(leaf.service) if leaf.service else "")
    remote_tiles = _remote_tiles(request, (0, 0, *size), size) if has_regions else None
    if remote_tiles:
        return _view(_remote_urls(remote_tiles), size, remote_tiles)
    if not request:
        return None
    tiles = TileSource(service="", url=request, width=leaf.width, height=leaf.height)
    return ImageView(src=request, width=leaf.width, height=leaf.height, tiles=tiles)


def _remote_tiles(url: str, box: Sequence[int], size: tuple[int, int]) -> TileSource | None:
    """Return tiles of a box on the image that a request to a library's Image API is about; None if it is turned."""
    service = image_api.service_base_uri(url) if url else None
    if not service or image_api.requested_rotation(url):
        return None
    quality = "native" if re.search(r"/native(\.\w+)?$", url) else "default"
    version: Literal[1, 2, 3] = 3 if "/max/" in url else 1 if quality == "native" else 2
    return TileSource(
        service=service, version=version, x=box[0], y=box[1], width=size[0], height=size[1], quality=quality
    )


def _remote_urls(tiles: TileSource) -> dict[int, str]:
    """Return width in pixels → URL, of the sizes that servers of level 1 make."""
    region = f"{tiles.x},{tiles.y},{tiles.width},{tiles.height}" if tiles.x or tiles.y else ""
    is_whole = not region
    return {
        width: f"{tiles.service}/{'full' if is_whole else region}/{_remote_size(tiles, width)}/0/{tiles.quality}.jpg"
        for width in _widths(tiles.width)
    }


def _remote_size(tiles: TileSource, width: int) -> str:
    if tiles.version < 3:
        return f"{width},"
    return f"{width},{max(1, round(tiles.height * width / tiles.width))}"


def _widths(width: int) -> list[int]:
    """Return the widths in which an image is offered, the widest last."""
    smaller = [candidate for candidate in IMAGE_WIDTHS if candidate < width]
    return [*smaller, width] if width <= IMAGE_WIDTHS[-1] else smaller


def _view(urls: dict[int, str], size: tuple[int, int], tiles: TileSource) -> ImageView:
    default = min(urls, key=lambda width: abs(width - DEFAULT_WIDTH))
    return ImageView(
        src=urls[default],
        srcset=", ".join(f"{url} {width}w" for width, url in urls.items()),
        sizes=_sizes(size),
        width=size[0],
        height=size[1],
        tiles=tiles,
    )


def _sizes(size: tuple[int, int]) -> str:
    """Return how wide the image is shown: it fits into a share of the window's width and height."""
    shape = size[0] / size[1]
    narrow, wide = (
        f"min({width}vw, {round(height * shape, 1):g}vh, {size[0]}px)" for width, height in PICTURE_SHARE.values()
    )
    return f"(max-width: 60em) {narrow}, {wide}"
