"""Crops of pictures from scans on disk or from IIIF Image API servers."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Self

from PIL import Image, UnidentifiedImageError

from core import image_api
from core.errors import FileUnavailable, ProblemCode, SourceError
from core.files import atomic_write
from core.geometry import PixelBox
from core.images import to_rgb
from core.settings import Settings
from indexer.images.fetching import ErrorResponse, Fetcher
from indexer.records import Leaf, is_url

WIDTH_ONLY_STATUSES = {400, 500, 501}
"""Responses of level 1 servers to the size `w,h`."""

CROP_QUALITY = 88
"""JPEG quality of the crops for readers; vectors are computed from the uncompressed picture."""
JPEG_END = b"\xff\xd9"
"""The marker EOI, with which every JPEG ends (ITU-T T.81, B.1.1.3)."""


class Cropper:
    """Cuts pictures out of pages. The last scan stays decoded, as a page often has several pictures."""

    def __init__(self, settings: Settings, fetcher: Fetcher) -> None:
        self._max_pixels = settings.max_image_pixels
        self._fetcher = fetcher
        self._last_scan: tuple[str, Image.Image] | None = None
        self._last_size: tuple[str, tuple[int, int]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exception_type: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._last_scan = None

    def scan_signature(self, leaf: Leaf) -> str:
        """Return a string that identifies the scan and changes when its file changes."""
        if not leaf.scan or is_url(leaf.scan):
            return leaf.image_service or leaf.scan or ""
        try:
            file_stat = Path(leaf.scan).stat()
        except OSError:
            return Path(leaf.scan).name
        return f"{Path(leaf.scan).name}:{file_stat.st_size}:{file_stat.st_mtime_ns}"

    def scan_size(self, leaf: Leaf) -> tuple[int, int]:
        """Return the pixels of the whole scan; of a file on disk only the header is read."""
        if not leaf.image_service:
            return self._read_size(leaf.scan) if leaf.scan and not is_url(leaf.scan) else self._load_scan(leaf).size
        if leaf.width and leaf.height:
            return leaf.width, leaf.height
        if self._last_size is None or self._last_size[0] != leaf.image_service:
            self._last_size = (leaf.image_service, self._fetch_size(leaf.image_service))
        return self._last_size[1]

    def crop(self, leaf: Leaf, box: PixelBox) -> Image.Image:
        """Return the region in RGB: from a server at the paper's crop size, from disk at full size."""
        return self._crop_remote(leaf, box) if leaf.image_service else self._crop_local(leaf, box)

    def _crop_local(self, leaf: Leaf, box: PixelBox) -> Image.Image:
        scan = self._load_scan(leaf)
        left, top = max(0, box.x), max(0, box.y)
        right, bottom = min(scan.width, box.x + box.width), min(scan.height, box.y + box.height)
        if right <= left or bottom <= top:
            name = leaf.scan or leaf.id
            reason = f"the region {box} lies outside the scan of {scan.width} × {scan.height} pixels"
            raise FileUnavailable(name, reason, code=ProblemCode.OUTSIDE_SCAN)
        with self._translate_decoding_errors(leaf.scan or leaf.id):
            return to_rgb(scan.crop((left, top, right, bottom)))

    def _crop_remote(self, leaf: Leaf, box: PixelBox) -> Image.Image:
        service = leaf.image_service or ""
        url = image_api.crop_url(service, box, version=leaf.image_api_version)
        try:
            return self._fetch_image(url)
        except ErrorResponse as refusal:
            url_by_width = image_api.crop_url_by_width(service, box, version=leaf.image_api_version)
            if refusal.status not in WIDTH_ONLY_STATUSES or url_by_width == url:
                raise
            return self._fetch_image(url_by_width)

    def _fetch_image(self, url: str) -> Image.Image:
        data = self._fetcher.get(url)
        with self._translate_decoding_errors(url):
            return to_rgb(self._open_image(BytesIO(data), url))

    def _read_size(self, scan: str) -> tuple[int, int]:
        if self._last_scan and self._last_scan[0] == scan:
            return self._last_scan[1].size
        with self._translate_decoding_errors(scan), Image.open(scan) as image:
            self._check_pixel_limit(image, scan)
            return image.size

    def _fetch_size(self, service: str) -> tuple[int, int]:
        url = image_api.info_url(service)
        try:
            return image_api.read_size(json.loads(self._fetcher.get(url)), url)
        except SourceError as error:
            raise FileUnavailable(error.file, error.reason, code=error.code) from error
        except ValueError as error:
            raise FileUnavailable(url, f"not JSON ({error})", code=ProblemCode.MALFORMED) from error

    def _load_scan(self, leaf: Leaf) -> Image.Image:
        """Return the decoded scan, without applying its orientation tag, as ALTO refers to the pixels as stored."""
        if not leaf.scan:
            raise FileUnavailable(leaf.alto or leaf.id, "the page has no scan", code=ProblemCode.NO_SCAN)
        if self._last_scan is None or self._last_scan[0] != leaf.scan:
            self._last_scan = None
            source = BytesIO(self._fetcher.get(leaf.scan)) if is_url(leaf.scan) else Path(leaf.scan)
            with self._translate_decoding_errors(leaf.scan):
                self._last_scan = (leaf.scan, self._open_image(source, leaf.scan))
        return self._last_scan[1]

    def _open_image(self, source: Path | BytesIO, name: str) -> Image.Image:
        with Image.open(source) as image:
            self._check_pixel_limit(image, name)
            # The pixels stay valid after the file is closed; a copy would cost half as much as decoding.
            image.load()
            return image

    def _check_pixel_limit(self, image: Image.Image, name: str) -> None:
        if image.width * image.height > self._max_pixels:
            size = f"{image.width} × {image.height} pixels"
            raise FileUnavailable(
                name,
                f"{size} are more than FRONTISPIECE_MAX_IMAGE_PIXELS={self._max_pixels}",
                code=ProblemCode.TOO_LARGE,
            )

    @contextmanager
    def _translate_decoding_errors(self, name: str) -> Iterator[None]:
        """Turn errors of Pillow's decoders into FileUnavailable; Pillow's own pixel limit is off meanwhile."""
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            yield
        except FileUnavailable:
            raise
        except FileNotFoundError as error:
            raise FileUnavailable(name, "no such file", code=ProblemCode.NOT_FOUND) from error
        except (
            OSError,
            ValueError,
            TypeError,
            SyntaxError,
            EOFError,
            IndexError,
            MemoryError,
            ArithmeticError,
        ) as error:
            reason = "not a picture that can be opened" if isinstance(error, UnidentifiedImageError) else str(error)
            raise FileUnavailable(name, f"unreadable picture: {reason}") from error
        finally:
            Image.MAX_IMAGE_PIXELS = limit


def shrink_to_crop_size(image: Image.Image) -> Image.Image:
    """Return the picture at the paper's crop size, as an Image API server would send it."""
    size = image_api.crop_size(*image.size)
    return image if size == image.size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def save_crop(image: Image.Image, file: Path) -> None:
    """Write a JPEG file atomically, as a run can be stopped at any moment."""
    with atomic_write(file) as temporary_file:
        image.save(temporary_file, "JPEG", quality=CROP_QUALITY)


def is_complete_crop(file: Path) -> bool:
    """Return whether the file of a crop exists and is complete."""
    try:
        with file.open("rb") as stream:
            stream.seek(-len(JPEG_END), os.SEEK_END)
            return stream.read() == JPEG_END
    except OSError:
        return False
