"""Addresses of a picture in the sizes that pages need, from our own Image API. Pure functions."""

from dataclasses import dataclass
from urllib.parse import quote

from api.responses import Hit
from core import image_api

IMAGES_PATH = "/iiif/image"
"""Path below which the service answers the Image API."""
VERSION_PARAMETER = "v"
"""The parameter that makes an address new when its picture is indexed anew, so that browsers may keep it for ever."""

PICTURE_SIDES = (90, 130, 180, 220, 260, 310, 360, 420, 480, 600, 720, 960)
"""Pixels of the square into which each size of a picture fits."""
PICTURE_FORMAT = "webp"

NARROW_WINDOW = "40em"
"""Width of a window up to which pictures are as wide as a share of it."""

SAFE_CHARACTERS = ":,+~"
"""Characters of ids that need no escaping in a path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureImage:
    """The attributes of an `img` element; empty or 0 where they are not known."""

    src: str
    srcset: str
    sizes: str
    width: int
    height: int


def image_path(identifier: str) -> str:
    """Return the path of the image service of a page or a picture."""
    return f"{IMAGES_PATH}/{quote(identifier, safe=SAFE_CHARACTERS)}"


def small_image_path(picture_id: str) -> str:
    """Return the path of a picture in the smallest of its sizes."""
    side = PICTURE_SIDES[0]
    return f"{image_path(picture_id)}/full/!{side},{side}/0/default.{PICTURE_FORMAT}"


def picture_image(hit: Hit, side: int, narrow_side: int) -> PictureImage:
    """Return a picture in the sizes that browsers may need to show it in a square frame.

    `side` is the frame's in CSS pixels, `narrow_side` the frame's share of a narrow window in percent.
    """
    width, height = hit.box[2:]
    # The crop has these pixels; more would be cut from the scan, which takes longer.
    crop_width, crop_height = image_api.crop_size(width, height) if width and height else (0, 0)
    if not crop_width or not hit.image.startswith("/"):
        return PictureImage(src=hit.image, srcset="", sizes="", width=width, height=height)
    longer_side = max(crop_width, crop_height)
    width_share = crop_width / longer_side
    candidates = {
        max(1, round(frame * width_share)): _framed_url(hit, frame) for frame in PICTURE_SIDES if frame < longer_side
    }
    candidates[crop_width] = _framed_url(hit, longer_side)
    shown_width = max(1, round(min(side, longer_side) * width_share))
    narrow_width = max(1, round(narrow_side * width_share))
    default_frame = next((frame for frame in PICTURE_SIDES if side <= frame < longer_side), longer_side)
    return PictureImage(
        src=_framed_url(hit, default_frame),
        srcset=", ".join(f"{url} {candidate_width}w" for candidate_width, url in candidates.items()),
        sizes=f"(max-width: {NARROW_WINDOW}) min({narrow_width}vw, {crop_width}px), {shown_width}px",
        width=width,
        height=height,
    )


def _framed_url(hit: Hit, side: int) -> str:
    """Return the URL of a picture that fits into a square; its version makes it a new one when the picture changes."""
    version = f"?{VERSION_PARAMETER}={hit.version}" if hit.version else ""
    return f"{image_path(hit.id)}/full/!{side},{side}/0/default.{PICTURE_FORMAT}{version}"
