"""Uploaded files as RGB pictures; any other file is refused with an error message."""

from io import BytesIO
from pathlib import Path

from PIL import Image

from api.errors import InvalidImage, UploadTooLarge
from api.search.image_terms import ImageRegion
from core.errors import FileUnavailable, ProblemCode
from core.image_files import FORMAT_NAMES, IMAGE_SUFFIXES, decode_image
from core.images import to_rgb
from core.settings import Settings

ACCEPTED_IMAGES = ",".join(("image/*", *sorted(IMAGE_SUFFIXES)))
"""What the browser's file dialogue offers; many systems do not know that `.jp2` or `.heic` are pictures."""
UNREADABLE_MESSAGE = f"The file is not a picture that this service can read. Use {FORMAT_NAMES}."
EMPTY_MESSAGE = "No picture was sent: choose a file first. Programs send it as the form field `image`."


def read_image(data: bytes, settings: Settings, region: ImageRegion | None = None) -> Image.Image:
    """Return the picture, or the first page, upright and in RGB; raise `InvalidImage` or `UploadTooLarge`."""
    if not data:
        raise InvalidImage(EMPTY_MESSAGE)
    if len(data) > settings.max_upload_bytes:
        raise too_many_bytes_error(settings)
    return crop_region(_open_image(BytesIO(data), settings), region)


def read_region(file: Path, settings: Settings, region: ImageRegion, full_size: tuple[int, int]) -> Image.Image:
    """Return a region of a file; its pixel coordinates refer to a picture of `full_size`."""
    return crop_region(_open_image(file, settings), region, full_size)


def crop_region(
    image: Image.Image, region: ImageRegion | None, full_size: tuple[int, int] | None = None
) -> Image.Image:
    if region is None:
        return image
    box = region.to_pixels(image.size, full_size)
    return image.crop((box.x, box.y, box.x + box.width, box.y + box.height))


def too_many_bytes_error(settings: Settings) -> UploadTooLarge:
    return UploadTooLarge(
        f"That file is larger than {settings.max_upload_bytes / 1e6:.3g} MB. Make the picture smaller."
    )


def _open_image(source: BytesIO | Path, settings: Settings) -> Image.Image:
    try:
        return to_rgb(decode_image(source, "upload", max_pixels=settings.max_image_pixels).image)
    except FileUnavailable as error:
        if error.code == ProblemCode.TOO_LARGE:
            raise _too_many_pixels_error(settings) from error
        raise InvalidImage(UNREADABLE_MESSAGE) from error


def _too_many_pixels_error(settings: Settings) -> UploadTooLarge:
    return UploadTooLarge(
        f"That picture has more than {settings.max_image_pixels // 1_000_000} million pixels. Make it smaller."
    )
