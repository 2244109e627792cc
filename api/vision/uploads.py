"""Uploaded files and pictures of the index as RGB pictures; any other file is refused with an error message."""

from pathlib import Path

from PIL import Image

from api.errors import InvalidImage, UploadTooLarge
from api.search.image_terms import ImageRegion
from api.search.parameter import either
from api.sentences import Sentence
from api.vision.decoding import Runner
from core.errors import FileUnavailable, ProblemCode
from core.geometry import PixelBox
from core.image_files import FORMAT_NAMES, IMAGE_SUFFIXES
from core.settings import Settings
from core.small_pictures import decode_small, read_picture_size

ACCEPTED_IMAGES = ",".join(("image/*", *sorted(IMAGE_SUFFIXES)))
"""What the browser's file dialogue offers; many systems do not know that `.jp2` or `.heic` are pictures."""
UNREADABLE_MESSAGE = Sentence(
    "The file is not a picture that this service can read. Use %(formats)s.",
    formats=either(FORMAT_NAMES),
)
EMPTY_MESSAGE = Sentence("No picture was sent: choose a file first. Programs send it as the form field `image`.")
TOO_DEMANDING_MESSAGE = Sentence(
    "Decoding that picture takes more memory or time than this service allows. Make it smaller, or save it as JPEG."
)


class PictureReader:
    """Reads pictures that a search opens, in processes of their own and only as large as the models need them."""

    def __init__(self, settings: Settings, run: Runner) -> None:
        self._settings, self._run = settings, run

    async def read_upload(self, data: bytes, region: ImageRegion | None = None) -> Image.Image:
        """Return the picture, or the first page, upright and in RGB; raise `InvalidImage` or `UploadTooLarge`."""
        if not data:
            raise InvalidImage(EMPTY_MESSAGE)
        if len(data) > self._settings.max_upload_bytes:
            raise too_many_bytes_error(self._settings)
        return await self._read(data, self._settings.max_upload_pixels, region)

    async def read_region(self, file: Path, region: ImageRegion, full_size: tuple[int, int]) -> Image.Image:
        """Return a region of a crop; its pixel coordinates refer to a picture of `full_size`."""
        return await self._read(file, self._settings.max_image_pixels, region, full_size)

    async def _read(
        self,
        source: bytes | Path,
        max_pixels: int,
        region: ImageRegion | None,
        full_size: tuple[int, int] | None = None,
    ) -> Image.Image:
        try:
            box: PixelBox | None = None
            if region:
                size = await self._run(read_picture_size, source, "picture", max_pixels)
                box = region.to_pixels(size, full_size)
            return (await self._run(decode_small, source, "picture", max_pixels, box)).to_image()
        except FileUnavailable as error:
            if error.code == ProblemCode.TOO_LARGE:
                raise _too_many_pixels_error(max_pixels) from error
            if error.code == ProblemCode.OUT_OF_MEMORY:
                raise UploadTooLarge(TOO_DEMANDING_MESSAGE) from error
            raise InvalidImage(UNREADABLE_MESSAGE) from error


def too_many_bytes_error(settings: Settings) -> UploadTooLarge:
    megabytes = f"{settings.max_upload_bytes / 1e6:.3g}"
    return UploadTooLarge(Sentence("That file is larger than %(size)s MB. Make the picture smaller.", size=megabytes))


def _too_many_pixels_error(max_pixels: int) -> UploadTooLarge:
    millions = f"{max_pixels / 1e6:.3g}"
    return UploadTooLarge(
        Sentence("That picture has more than %(size)s million pixels. Make it smaller.", size=millions)
    )
