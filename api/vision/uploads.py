"""A reader's file → a picture that a model can see; whatever else was sent is refused with a sentence."""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps
from PIL.Image import DecompressionBombError, DecompressionBombWarning

from api.errors import BadPicture, ReaderError, TooLarge
from api.search.image_terms import Region
from core.settings import Settings

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP")
"""What Pillow decodes by itself; formats that call other programs (EPS) or hold documents (PDF) stay out."""

UNREADABLE = "That file is not a picture we can read: use JPEG, PNG, WebP, TIFF, GIF or BMP."
EMPTY = "No picture was sent: choose a file first; a program sends it as the field `image` of its form."


def read_picture(data: bytes, settings: Settings, region: Region | None = None) -> Image.Image:
    """Upright, in RGB, the first frame of an animation; `BadPicture` or `TooLarge` for everything else."""
    if not data:
        raise BadPicture(EMPTY)
    if len(data) > settings.upload_bytes:
        raise too_many_bytes(settings)
    return cut(_opened(BytesIO(data), settings), region)


def read_crop(file: Path, settings: Settings, region: Region, full: tuple[int, int]) -> Image.Image:
    """A region of a picture on disk, whose pixels are those of the `full` picture."""
    return cut(_opened(file, settings), region, full)


def cut(image: Image.Image, region: Region | None, full: tuple[int, int] | None = None) -> Image.Image:
    if region is None:
        return image
    box = region.on(image.size, full)
    return image.crop((box.x, box.y, box.x + box.width, box.y + box.height))


def too_many_bytes(settings: Settings) -> TooLarge:
    return TooLarge(f"That file is larger than {settings.upload_bytes / 1e6:.3g} MB. Make the picture smaller.")


def _opened(source: BytesIO | Path, settings: Settings) -> Image.Image:
    try:
        with Image.open(source, formats=FORMATS) as image:
            _small_enough(image, settings)
            image.load()
            return _rgb(ImageOps.exif_transpose(image))
    except ReaderError:
        raise
    except (DecompressionBombError, DecompressionBombWarning) as error:
        raise _too_many_pixels(settings) from error
    # Damaged files make the decoders raise whatever they stumble over: OSError, KeyError, struct.error, MemoryError…
    except Exception as error:
        raise BadPicture(UNREADABLE) from error


def _small_enough(image: Image.Image, settings: Settings) -> None:
    """Before a single pixel is decoded: a file of some kB can claim a terabyte."""
    if image.width * image.height > settings.image_pixels:
        raise _too_many_pixels(settings)


def _too_many_pixels(settings: Settings) -> TooLarge:
    return TooLarge(f"That picture has more than {settings.image_pixels // 1_000_000} million pixels. Make it smaller.")


def _rgb(image: Image.Image) -> Image.Image:
    """Transparent parts become paper: a drawing without a background would turn black on black."""
    if image.mode.startswith("I;16"):
        return image.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    if "A" in image.getbands() or "transparency" in image.info:
        drawn = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", drawn.size, "white"), drawn).convert("RGB")
    return image.convert("RGB")
