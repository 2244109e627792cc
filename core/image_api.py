"""URLs and info.json of the IIIF Image API, versions 1 to 3. Pure functions."""

import re
from collections.abc import Mapping
from typing import Any

from core.errors import SourceError
from core.geometry import PixelBox

IMAGE_REQUEST_URL = re.compile(
    r"^(https?://.+)/(?:full|square|\d+,\d+,\d+,\d+|pct:[\d.,]+)/(?:\^?(?:full|max|!?\d*,\d*|pct:[\d.]+))/!?[\d.]+"
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


def region_url(service: str, box: PixelBox, *, version: int = 2) -> str:
    """Return the URL of the region at full size."""
    return f"{service}/{box}/{full_size_keyword(version)}/0/{quality_keyword(version)}.jpg"


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
    match = re.search(r"level(\d)", str(service.get("profile") or ""))
    return int(match[1]) if match else 1


def _positive_int(value: Any) -> int | None:
    """Return the number; some servers write it as a string."""
    if isinstance(value, str) and value.strip().isdecimal():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 < value < 2**31 else None
