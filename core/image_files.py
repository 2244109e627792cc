"""Picture files: which formats are read, limits before decoding, orientation, frames, and JPEGs that end early.

Pictures are opened nowhere else, so that what is indexed and what is uploaded is read in the same way.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image, Jpeg2KImagePlugin, JpegImagePlugin, TiffImagePlugin, UnidentifiedImageError
from PIL.ImageFile import ImageFile

from core.errors import FileUnavailable, ProblemCode
from core.exif_orientation import ORIENTATION, REVERSE_TURNS, SWAPPED_SIDES, UPRIGHT_TURNS, read_orientation, turn_image
from core.images import DEEP_MODES, to_eight_bits
from core.jpeg2000_depth import read_deep_colour, restore_white
from core.jpeg_repair import complete_jpeg
from core.settings import MAX_IMAGE_PIXELS
from core.tiff_levels import correct_planes, level_options, tiff_tag
from core.tiff_pages import TIFF_SUFFIXES, read_tiff_pages

HAS_HEIF = find_spec("pi_heif") is not None
"""Whether the extra `heic` is installed."""
if HAS_HEIF:
    import_module("pi_heif").register_heif_opener()

FORMATS = ("JPEG", "PNG", "TIFF", "JPEG2000", "WEBP", "AVIF", "GIF", "BMP", *(("HEIF",) if HAS_HEIF else ()))
"""Formats that Pillow decodes itself or by pi-heif; not those that run other programs (EPS) or contain documents."""

FORMAT_NAMES = ("JPEG", "PNG", "TIFF", "JPEG 2000", "WebP", "AVIF", *(("HEIC",) if HAS_HEIF else ()), "GIF", "BMP")
"""The formats as people name them."""

JPEG_SUFFIXES = (".jpg", ".jpeg", ".jpe", ".jfif")
JPEG_2000_SUFFIXES = (".jp2", ".jpx", ".jpf", ".j2k", ".j2c", ".jpc")
HEIF_SUFFIXES = (".heic", ".heif", ".hif")
OTHER_SUFFIXES = (".png", ".apng", ".webp", ".avif", ".gif", ".bmp")
IMAGE_SUFFIXES = frozenset((*JPEG_SUFFIXES, *JPEG_2000_SUFFIXES, *TIFF_SUFFIXES, *HEIF_SUFFIXES, *OTHER_SUFFIXES))
"""Suffixes of files in these formats, in lower case."""

EARLY_END_WARNING = "the file ends early; its last rows may be grey"
ANIMATION_WARNING = "an animation, or several pictures in one file; only the first picture is read"
OUT_OF_MEMORY = "its pixels need more memory than there is; save it smaller, or as JPEG"
HEIC_MISSING = "a HEIC picture, which needs the package pi-heif (`pip install 'frontispiece[heic]'`)"

MAX_REDUCED_LEVELS = 5
"""How often a picture is halved at most while it is decoded; JPEG 2000 encoders make five levels."""

HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
"""The brands of HEIF files with HEVC pictures (ISO/IEC 23008-12)."""

HEAD_BYTES = 12
KNOWN_STARTS = (
    *((start, "TIFF") for start in (b"II*\0", b"II+\0", b"MM\0*", b"MM\0+")),
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG", "PNG"),
    (b"RIFF", "WebP"),
)
"""The first bytes of formats of which not every kind can be decoded."""

Source = Path | BytesIO

# Pillow's limit is replaced by `max_pixels`, which is checked before anything is decoded.
Image.MAX_IMAGE_PIXELS = None


class ImageHeader(NamedTuple):
    """What a picture file says before it is decoded."""

    stored_size: tuple[int, int]
    orientation: int
    """EXIF's number, 1 to 8; 1 if the file has none."""
    format: str
    """Pillow's name of the format."""

    @property
    def upright_size(self) -> tuple[int, int]:
        """Width and height after turning the picture as its orientation says."""
        width, height = self.stored_size
        return (height, width) if self.orientation in SWAPPED_SIDES else (width, height)


@dataclass(frozen=True, slots=True)
class DecodedImage:
    """A decoded picture in its own mode, with grey of more than eight bits reduced to eight."""

    image: Image.Image
    warnings: tuple[str, ...] = ()
    """Sentences about what is unusual in the file."""


def read_image_header(source: Source, name: str, *, max_pixels: int, frame: int | None = None) -> ImageHeader:
    """Return size and orientation without decoding; FileUnavailable if it is no picture, or has too many pixels."""
    with _open_frame(source, name, max_pixels, frame) as image:
        return _header(image)


def decode_image(
    source: Source, name: str, *, max_pixels: int = MAX_IMAGE_PIXELS, frame: int | None = None, upright: bool = True
) -> DecodedImage:
    """Return a frame of a picture file, by default its first page.

    `upright` turns it as its EXIF orientation says; else the pixels stand as they are stored. A JPEG that lacks only
    its end is completed with grey. FileUnavailable, with its code, if the file cannot be decoded or has too many
    pixels.
    """
    try:
        with _open_frame(source, name, max_pixels, frame) as image:
            return _decode(image, upright=upright)
    except FileUnavailable as error:
        jpeg = _read_jpeg_without_end(source) if error.code == ProblemCode.UNREADABLE else None
        if jpeg is None:
            raise
        with _open_frame(jpeg, name, max_pixels, frame) as image:
            decoded = _decode(image, upright=upright)
        return DecodedImage(decoded.image, (EARLY_END_WARNING, *decoded.warnings))


def decode_reduced(source: Source, name: str, *, max_pixels: int, frame: int | None, reduction: float) -> Image.Image:
    """Return the pixels of a frame as they are stored, if its format allows scaled down by up to `reduction`.

    JPEG and JPEG 2000 are scaled down by powers of two while they are decoded, which saves time and memory.
    """
    for levels in range(min(MAX_REDUCED_LEVELS, int(math.log2(max(1.0, reduction)))), 0, -1):
        # A JPEG 2000 picture may have fewer levels.
        with suppress(FileUnavailable), _open_frame(source, name, max_pixels, frame) as image:
            if isinstance(image, Jpeg2KImagePlugin.Jpeg2KImageFile):
                image.reduce = levels
            elif isinstance(image, JpegImagePlugin.JpegImageFile):
                image.draft(None, (image.width >> levels, image.height >> levels))
            else:
                break
            return _decode(image, upright=False).image
    return decode_image(source, name, max_pixels=max_pixels, frame=frame, upright=False).image


@contextmanager
def _open_frame(source: Source, name: str, max_pixels: int, frame: int | None) -> Iterator[ImageFile]:
    """Yield the picture with its size checked and not yet decoded; every error becomes FileUnavailable."""
    if isinstance(source, BytesIO):
        source.seek(0)
    try:
        with Image.open(source, formats=FORMATS) as image:
            page = _first_page(image) if frame is None else frame
            if page:
                image.seek(page)
            _check_pixels(image, name, max_pixels)
            yield image
    except FileUnavailable:
        raise
    except FileNotFoundError as error:
        raise FileUnavailable(name, "no such file", code=ProblemCode.NOT_FOUND) from error
    except UnidentifiedImageError as error:
        raise _unidentified_error(source, name) from error
    except MemoryError as error:
        raise FileUnavailable(name, OUT_OF_MEMORY, code=ProblemCode.OUT_OF_MEMORY) from error
    # Damaged files make the decoders raise whatever they stumble over: OSError, KeyError, struct.error…
    except Exception as error:
        place = f"frame {frame + 1}: " if frame else ""
        raise FileUnavailable(name, f"{place}unreadable picture: {error or type(error).__name__}") from error


def _unidentified_error(source: Source, name: str) -> FileUnavailable:
    """Return the error for a file that no decoder takes for a picture."""
    head = _read_head(source)
    if not head:
        return FileUnavailable(name, "the file is empty", code=ProblemCode.EMPTY)
    if not HAS_HEIF and head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS:
        return FileUnavailable(name, HEIC_MISSING, code=ProblemCode.UNSUPPORTED)
    reason = f"not a picture that can be opened; {', '.join(FORMAT_NAMES[:-1])} or {FORMAT_NAMES[-1]} is read"
    if format_name := next((format_name for start, format_name in KNOWN_STARTS if head.startswith(start)), ""):
        reason = f"a {format_name} file that is damaged, or of a kind that cannot be decoded; save it with 8 or 16 bits"
    return FileUnavailable(name, f"unreadable picture: {reason}")


def _check_pixels(image: ImageFile, name: str, max_pixels: int) -> None:
    """Check the size before decoding: a file of some kB can declare a picture of a terabyte."""
    if image.width * image.height > max_pixels:
        size = f"{image.width} × {image.height} pixels"
        reason = f"{size} are more than FRONTISPIECE_MAX_IMAGE_PIXELS={max_pixels}"
        raise FileUnavailable(name, reason, code=ProblemCode.TOO_LARGE)


def _first_page(image: ImageFile) -> int:
    """Return the frame of the first page, which in a TIFF with a preview is not the first frame."""
    if image.format != "TIFF" or image.fp is None:
        return 0
    position = image.fp.tell()
    try:
        return read_tiff_pages(image.fp).frames[0]
    finally:
        image.fp.seek(position)


def _header(image: ImageFile) -> ImageHeader:
    width, height = image.size
    if tiff_tag(image, ORIENTATION) in SWAPPED_SIDES:
        # Pillow's TIFF reader gives the size of the upright picture.
        width, height = height, width
    return ImageHeader((width, height), read_orientation(image), image.format or "")


def _decode(image: ImageFile, *, upright: bool) -> DecodedImage:
    orientation = _header(image).orientation
    is_tiff = isinstance(image, TiffImagePlugin.TiffImageFile)
    levels = level_options(image)
    correct_planes(image)
    warnings = (ANIMATION_WARNING,) if _is_animation(image) else ()
    # The pixels stay valid after the file is closed; a copy would cost half as much as decoding.
    deep_colour = read_deep_colour(image)
    image.load()
    decoded = to_eight_bits(image, **levels) if image.mode.startswith(DEEP_MODES) else image
    if deep_colour:
        decoded = restore_white(image, deep_colour)
    # Pillow turns TIFFs upright while it decodes them, and nothing else.
    turns = {} if is_tiff == upright else UPRIGHT_TURNS if upright else REVERSE_TURNS
    turn = turns.get(orientation)
    return DecodedImage(decoded if turn is None else turn_image(decoded, turn), warnings)


def _is_animation(image: ImageFile) -> bool:
    """Return whether the file holds several pictures that are no pages; the second one of an MPO is a preview."""
    if image.format in ("TIFF", "MPO"):
        return False
    with suppress(Exception):  # a damaged second frame
        return bool(getattr(image, "is_animated", False))
    return False


def _read_jpeg_without_end(source: Source) -> BytesIO | None:
    """Return a JPEG that ends early with the missing rows in grey; None if it is no JPEG, or lacks too much."""
    try:
        data = source.getvalue() if isinstance(source, BytesIO) else source.read_bytes()
    except OSError:
        return None
    return complete_jpeg(data)


def _read_head(source: Source) -> bytes:
    if isinstance(source, BytesIO):
        return source.getvalue()[:HEAD_BYTES]
    with suppress(OSError), source.open("rb") as file:
        return file.read(HEAD_BYTES)
    return b""
