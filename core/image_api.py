"""URLs and info.json of the IIIF Image API, versions 1 to 3. Pure functions."""

import re
from collections.abc import Mapping
from dataclasses import replace
from math import isfinite
from typing import Any

from core.errors import SourceError
from core.geometry import Box, PixelBox

IMAGE_REQUEST_URL = re.compile(
    r"^(https?://.+)/(full|square|\d+,\d+,\d+,\d+|pct:[\d.,]+)/(?:\^?(?:full|max|!?\d*,\d*|pct:[\d.]+))/(!?[\d.]+)"
    r"/(?:default|native|color|gray|grey|bitonal)(?:\.\w+)?$"
)
"""URL of a request to the Image API: service, region, size, rotation, quality."""

INFO_JSON_URL = re.compile(r"^(https?://.+)/info\.json$")
"""METS for DFG-Viewer may refer to a picture by its info.json."""

HALVING_LIMIT = 512
"""The paper halves a crop until its shorter side is below this."""


def crop_size(width: int, height: int) -> tuple[int, int]:
    """Return the size at which the paper encodes a picture: halved until its shorter side has 256 to 511 pixels."""
    while min(width, height) >= HALVING_LIMIT:
        width, height = width // 2, height // 2
    return width, height


def region_url(service: str, box: PixelBox, *, version: int = 2, rotation: int = 0) -> str:
    """Return the URL of the region at full size, turned clockwise by `rotation` degrees."""
    return f"{service}/{box}/{full_size_keyword(version)}/{rotation}/{quality_keyword(version)}.jpg"


def page_url(service: str, *, version: int = 2) -> str:
    """Return the URL of the whole picture at full size."""
    return f"{service}/full/{full_size_keyword(version)}/0/{quality_keyword(version)}.jpg"


def crop_url(service: str, box: PixelBox, *, version: int = 2) -> str:
    """Return the URL of the region at the size of `crop_size`: `w,h` for landscape, `w,` for portrait, as in the paper.

    Image API 3 always gets `w,h`, its only canonical form.
    """
    width, height = crop_size(box.width, box.height)
    size = f"{width},{height}" if version >= 3 or width >= height else f"{width},"
    return f"{service}/{box}/{size}/0/{quality_keyword(version)}.jpg"


def crop_url_by_width(service: str, box: PixelBox, *, version: int = 2) -> str:
    """Return the URL with the width alone, for servers of level 1, which need not support `w,h`."""
    return f"{service}/{box}/{crop_size(box.width, box.height)[0]},/0/{quality_keyword(version)}.jpg"


def full_size_keyword(version: int) -> str:
    return "max" if version >= 3 else "full"


def quality_keyword(version: int) -> str:
    return "native" if version < 2 else "default"


def info_url(service: str) -> str:
    return f"{service}/info.json"


def service_base_uri(url: str) -> str | None:
    """Return the base URI of the service if the URL is an Image API request, else None."""
    path = url.partition("?")[0]
    url_match = IMAGE_REQUEST_URL.match(path) or INFO_JSON_URL.match(path)
    return url_match[1].rstrip("/") if url_match else None


def is_whole_image_url(url: str) -> bool:
    """Return whether the URL of an Image API request asks for the whole image at full size."""
    return re.search(r"/full/(?:full|max)/0/", url) is not None


def is_unscaled_image_url(url: str) -> bool:
    """Return whether the URL of an Image API request asks for the whole image and forbids the server to reduce it.

    `max` is the largest size that the server sends, which `maxWidth` and `maxArea` of info.json limit.
    """
    return "/full/full/0/" in url


def requested_region(url: str) -> str:
    """Return the region that the URL of an Image API request asks for; empty for the whole image or another URL."""
    request = IMAGE_REQUEST_URL.match(url.partition("?")[0])
    region = request[2] if request else ""
    return "" if region in ("full", "pct:0,0,100,100") else region


def requested_rotation(url: str) -> int:
    """Return the degrees, as `quarter_turns` does, by which the URL of an Image API request turns the image."""
    request = IMAGE_REQUEST_URL.match(url.partition("?")[0])
    return quarter_turns(request[3]) if request else 0


def resolve_region(region: str, width: int, height: int) -> PixelBox:
    """Return a region, as a request writes it, in pixels of an image of this size; the whole image if it is invalid."""
    whole = PixelBox(0, 0, width, height)
    if region == "square":
        side = min(width, height)
        return PixelBox((width - side) // 2, (height - side) // 2, side, side)
    is_relative = region.startswith("pct:")
    try:
        numbers = [float(number) for number in region.removeprefix("pct:").split(",")]
        box = Box(*numbers)
    except (ValueError, TypeError):
        return whole
    if not all(map(isfinite, box)):
        return whole
    if is_relative:
        box = Box(box.x * width / 100, box.y * height / 100, box.width * width / 100, box.height * height / 100)
    clipped_box = box.clip(width, height)
    if min(clipped_box.width, clipped_box.height) <= 0:
        return whole
    pixel_box = clipped_box.to_pixel_box()
    # A sliver at the edge may be rounded to the pixel beyond it.
    return replace(pixel_box, x=min(pixel_box.x, width - 1), y=min(pixel_box.y, height - 1))


def quarter_turns(rotation: Any) -> int:
    """Return a rotation in degrees as 0, 90, 180 or 270; 0 for any other, which no scan of a page needs."""
    try:
        degrees = float(str(rotation or "0"))
    except ValueError:
        return 0
    return int(degrees) % 360 if degrees in (-90, 90, 180, 270) else 0


def read_size(info: Any, url: str) -> tuple[int, int]:
    """Return width and height from an info.json of any version; SourceError if they are missing."""
    if not isinstance(info, Mapping):
        raise SourceError(url, "info.json is not an object")
    width, height = _positive_int(info.get("width")), _positive_int(info.get("height"))
    if not width or not height:
        raise SourceError(url, "info.json gives no width and height")
    return width, height


def api_version(service: Mapping[str, Any]) -> int:
    """Return the version (1, 2 or 3) that a service or an info.json declares; 2 if it declares none."""
    context = service.get("@context")
    contexts = " ".join(map(str, context)) if isinstance(context, list) else str(context or "")
    service_type, profile = str(service.get("type") or service.get("@type") or ""), str(service.get("profile") or "")
    for pattern, declaration in (
        (r"image/(\d)/", contexts),
        (r"ImageService(\d)", service_type),
        (r"image/(\d)/", profile),
    ):
        if match := re.search(pattern, declaration):
            return min(max(int(match[1]), 1), 3)
    if "image-api/1" in contexts + profile or "image-api/compliance" in profile:
        return 1
    return 3 if re.fullmatch(r"level\d", profile) and not service_type.endswith("2") else 2


def compliance_level(service: Mapping[str, Any]) -> int:
    """Return the compliance level; if none is declared 1, the lowest that supports regions."""
    level = declared_level(service)
    return 1 if level is None else level


def declared_level(service: Mapping[str, Any]) -> int | None:
    """Return the compliance level (0, 1 or 2) that a service or an info.json declares; None if it declares none."""
    match = re.search(r"level(\d)", str(service.get("profile") or ""))
    return int(match[1]) if match else None


def _positive_int(value: Any) -> int | None:
    """Return the number; some servers write it as a string."""
    if isinstance(value, str) and value.strip().isdecimal():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 < value < 2**31 else None
