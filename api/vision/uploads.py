"""Uploaded files as RGB pictures; any other file is refused with an error message."""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps
from PIL.Image import DecompressionBombError, DecompressionBombWarning

from api.errors import InvalidImage, UploadTooLarge, UserFacingError
from api.search.image_terms import ImageRegion
from core.images import to_rgb
from core.settings import Settings

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP")
"""Formats that Pillow decodes itself; not those that run other programs (EPS) or contain documents (PDF)."""

UNREADABLE_MESSAGE = "The file is not a picture that this service can read. Use JPEG, PNG, WebP, TIFF, GIF or BMP."
EMPTY_MESSAGE = "No picture was sent: choose a file first. Programs send it as the form field `image`."


def read_image(data: bytes, settings: Settings, region: ImageRegion | None = None) -> Image.Image:
    """Return the picture, or the first frame, upright and in RGB; raise `InvalidImage` or `UploadTooLarge`."""
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
        with Image.open(source, formats=FORMATS) as image:
            _check_pixels(image, settings)
            image.load()
            return to_rgb(ImageOps.exif_transpose(image))
    except UserFacingError:
        raise
    except (DecompressionBombError, DecompressionBombWarning) as error:
        raise _too_many_pixels_error(settings) from error
    # Damaged files make the decoders raise whatever they stumble over: OSError, KeyError, struct.error, MemoryError…
    except Exception as error:
        raise InvalidImage(UNREADABLE_MESSAGE) from error


def _check_pixels(image: Image.Image, settings: Settings) -> None:
    """Check the size before decoding: a file of some kB can declare a picture of a terabyte."""
    if image.width * image.height > settings.max_image_pixels:
        raise _too_many_pixels_error(settings)


def _too_many_pixels_error(settings: Settings) -> UploadTooLarge:
    return UploadTooLarge(
        f"That picture has more than {settings.max_image_pixels // 1_000_000} million pixels. Make it smaller."
    )
