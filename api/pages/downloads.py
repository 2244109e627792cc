"""The sizes and formats in which a picture and its page can be downloaded. Pure functions."""

from dataclasses import dataclass
from typing import Literal

from api.picture_images import image_path
from api.records import BookLeaf
from api.responses import Hit
from core.image_requests import OutputLimits

SizeName = Literal["small", "medium", "full"]
SIDES: dict[SizeName, int] = {"small": 600, "medium": 1200}
"""Size → pixels of the longer side."""
FORMATS = ("jpg", "webp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """One size of a picture."""

    size: SizeName
    width: int
    height: int
    urls: dict[str, str]
    """Format → URL."""
    is_remote: bool = False
    """Whether the library's own server sends it."""


def list_downloads(
    hit: Hit, own_size: tuple[int, int] | None, limits: OutputLimits, *, is_full: bool
) -> list[Download]:
    """Return the sizes that are smaller than the picture, and its full size; the smallest first.

    See `page_views.picture_view` for `own_size` and `is_full`.
    """
    downloads: list[Download] = []
    width, height = hit.box[2], hit.box[3]
    # Not all that the library has is here, so its server sends the full size.
    has_remote_full = bool(hit.region) and not is_full
    if own_size:
        own_width, own_height = own_size
        path = image_path(hit.id)
        for name, side in SIDES.items():
            if side < max(own_size):
                factor = side / max(own_size)
                size = (max(1, round(own_width * factor)), max(1, round(own_height * factor)))
                downloads.append(_own_download(path, name, f"!{side},{side}", size))
        if not has_remote_full:
            downloads.append(_own_download(path, "full", "max", limits.fit(own_width, own_height)))
    if has_remote_full:
        downloads.append(Download(size="full", width=width, height=height, urls={"jpg": hit.region}, is_remote=True))
    return downloads


def page_download_url(leaf: BookLeaf) -> str:
    """Return the URL of the whole page as JPEG; empty if its image is not known."""
    return f"{image_path(leaf.scan_id)}/full/max/0/default.jpg" if leaf.scan_id else leaf.image


def _own_download(path: str, name: SizeName, size: str, pixels: tuple[int, int]) -> Download:
    urls = {name: f"{path}/full/{size}/0/default.{name}" for name in FORMATS}
    return Download(size=name, width=pixels[0], height=pixels[1], urls=urls)
