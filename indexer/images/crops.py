"""Crops of pictures from scans on disk or from IIIF Image API servers."""

import math
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Self

from cachetools import LRUCache
from PIL import Image

from core import image_api
from core.errors import FileUnavailable, ProblemCode
from core.geometry import PixelBox
from core.image_files import ImageHeader, decode_image, read_image_header
from core.images import to_rgb
from core.scan_folders import ScanFolders
from core.settings import Settings
from indexer.images.fetching import ErrorResponse, Fetcher
from indexer.images.image_services import ImageServices
from indexer.images.orientation import choose_orientation
from indexer.images.page_images import PageImage, load_page_image
from indexer.images.scan_decoding import LARGE_PIXELS, DecodedScan, LargeScan, Scan
from indexer.records import Leaf, Page, is_url

WIDTH_ONLY_STATUSES = {400, 500, 501}
"""Responses of level 1 servers to the size `w,h`."""

MAX_DOWNLOAD_BYTES = 128 * 2**20
"""Scans on the web that are kept between reading their page and cutting out its pictures."""

CROP_QUALITY = 88
"""JPEG quality of the crops for readers; vectors are computed from the uncompressed picture."""


class _LastFiles(threading.local):
    """What a thread has last opened; a page often has several pictures."""

    def __init__(self) -> None:
        self.scan: tuple[tuple[str | None, int | None, bool], Scan] | None = None
        self.header: tuple[tuple[str | None, int | None], ImageHeader] | None = None
        self.page: PageImage | None = None
        self.warnings: list[tuple[str, str]] = []


class Cropper:
    """Cuts pictures out of pages, in any thread. Each thread keeps its last scan decoded until it calls `release`."""

    def __init__(self, settings: Settings, fetcher: Fetcher) -> None:
        self._max_pixels = settings.max_image_pixels
        self._fetcher = fetcher
        self._last = _LastFiles()
        self._downloads: LRUCache[str, bytes] = LRUCache(MAX_DOWNLOAD_BYTES, getsizeof=len)
        """Scans on the web: a page is read some time before its pictures are cut out."""
        self._lock = threading.Lock()
        self._decoding = threading.BoundedSemaphore(settings.decoders)
        self._services = ImageServices(fetcher, self._max_pixels)
        self._scan_folders = ScanFolders.from_setting(settings.scans)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exception_type: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def release(self) -> None:
        """Forget the scan that this thread has decoded."""
        if self._last.scan:
            self._last.scan[1].close()
        self._last.scan = self._last.page = None

    def prepare_page(self, leaf: Leaf, boxes: Sequence[PixelBox]) -> None:
        """Fetch the whole page for the next calls of `crop` in this thread, if that is cheaper than each picture."""
        self._last.page = load_page_image(leaf, boxes, self._services, self._fetch_image)

    def scan_signature(self, leaf: Leaf) -> str:
        """Return a string that identifies the scan and changes when its file changes."""
        if not leaf.scan or is_url(leaf.scan):
            return leaf.image_service or leaf.scan or ""
        try:
            file_stat = Path(leaf.scan).stat()
        except OSError:
            return Path(leaf.scan).name
        return f"{Path(leaf.scan).name}:{file_stat.st_size}:{file_stat.st_mtime_ns}"

    def scan_name(self, leaf: Leaf) -> str:
        """Return the name under which the service finds the scan; empty if it may not send it, or cannot read it."""
        if not leaf.scan or leaf.image_service or is_url(leaf.scan):
            return ""
        try:
            self._read_header(leaf)
        except FileUnavailable:
            return ""
        return self._scan_folders.name_of(leaf.scan)

    def scan_size(self, leaf: Leaf) -> tuple[int, int]:
        """Return the pixels of the whole scan as it is used; only the header of its file is read."""
        if not leaf.image_service:
            header = self._read_header(leaf)
            return header.upright_size if leaf.is_upright else header.stored_size
        if leaf.width and leaf.height:
            return leaf.width, leaf.height
        info = self._services.info(leaf.image_service)
        return info.width, info.height

    def resolve(self, leaf: Leaf) -> Leaf:
        """Return the leaf as its image server allows to read it; call it before the other methods."""
        return self._services.resolve(leaf)

    def orient(self, leaf: Leaf, page: Page) -> tuple[Leaf, str]:
        """Return the leaf with the orientation of the scan to which the page refers, and a warning if that is a guess.

        An image server sends its pictures in one orientation, so its leaves are returned as they are.
        """
        if leaf.image_service:
            return leaf, ""
        is_upright, warning = choose_orientation(self._read_header(leaf), page.width, page.height)
        return replace(leaf, is_upright=is_upright), warning

    def take_warnings(self) -> list[tuple[str, str]]:
        """Return the files that this thread decoded although something is wrong with them, each with a sentence."""
        warnings, self._last.warnings = self._last.warnings, []
        return warnings

    def crop(self, leaf: Leaf, box: PixelBox) -> Image.Image:
        """Return the region in RGB: from a server at the paper's crop size, from disk at full size."""
        image = self._crop_remote(leaf, box) if leaf.image_service else self._crop_local(leaf, box)
        rotation = leaf.selection.rotation
        return image.rotate(-rotation, expand=True) if rotation else image

    def _crop_local(self, leaf: Leaf, box: PixelBox) -> Image.Image:
        scan = self._load_scan(leaf)
        width, height = scan.size
        left, top = max(0, box.x), max(0, box.y)
        right, bottom = min(width, box.x + box.width), min(height, box.y + box.height)
        if right <= left or bottom <= top:
            name = leaf.scan or leaf.id
            reason = f"the region {box} lies outside the scan of {width} × {height} pixels"
            raise FileUnavailable(name, reason, code=ProblemCode.OUTSIDE_SCAN)
        return scan.crop(PixelBox(left, top, right - left, bottom - top))

    def _crop_remote(self, leaf: Leaf, box: PixelBox) -> Image.Image:
        service = leaf.image_service or ""
        if self._last.page and self._last.page.service == service:
            return self._last.page.crop(box)
        url = image_api.crop_url(service, box, version=leaf.image_api_version)
        try:
            return self._fetch_image(url)
        except ErrorResponse as refusal:
            url_by_width = image_api.crop_url_by_width(service, box, version=leaf.image_api_version)
            if refusal.status not in WIDTH_ONLY_STATUSES:
                raise
            if url_by_width != url:
                with suppress(ErrorResponse):
                    return self._fetch_image(url_by_width)
            return self._crop_within_limits(leaf, box, refusal)

    def _crop_within_limits(self, leaf: Leaf, box: PixelBox, refusal: ErrorResponse) -> Image.Image:
        """Return the region at the largest size that the server's info.json allows."""
        service = leaf.image_service or ""
        width, height = image_api.crop_size(box.width, box.height)
        allowed_width, allowed_height = self._services.info(service).fit(width, height)
        if allowed_width >= width:
            raise refusal
        size = f"{allowed_width},{allowed_height}" if leaf.image_api_version >= 3 else f"{allowed_width},"
        return self._fetch_image(f"{service}/{box}/{size}/0/{image_api.quality_keyword(leaf.image_api_version)}.jpg")

    def _fetch_image(self, url: str) -> Image.Image:
        data = BytesIO(self._fetcher.get(url))
        with self._decoding:
            return to_rgb(decode_image(data, url, max_pixels=self._max_pixels).image)

    def _read_header(self, leaf: Leaf) -> ImageHeader:
        key = (leaf.scan, leaf.frame)
        if self._last.header is None or self._last.header[0] != key:
            source, name = self._open_source(leaf)
            header = read_image_header(source, name, max_pixels=self._max_pixels, frame=leaf.frame)
            self._last.header = (key, header)
        return self._last.header[1]

    def _load_scan(self, leaf: Leaf) -> Scan:
        """Return the decoded scan, turned upright or as it is stored."""
        key = (leaf.scan, leaf.frame, leaf.is_upright)
        if self._last.scan is None or self._last.scan[0] != key:
            self.release()
            source, name = self._open_source(leaf)
            scan: Scan
            if math.prod(self._read_header(leaf).stored_size) > LARGE_PIXELS:
                data = source.getvalue() if isinstance(source, BytesIO) else source
                with self._decoding:
                    large = LargeScan(data, name, self._max_pixels, leaf.frame, upright=leaf.is_upright)
                scan, warnings = large, large.warnings
            else:
                with self._decoding:
                    decoded = decode_image(
                        source, name, max_pixels=self._max_pixels, frame=leaf.frame, upright=leaf.is_upright
                    )
                scan, warnings = DecodedScan(decoded.image), decoded.warnings
            self._last.warnings += [(name, warning) for warning in warnings]
            self._last.scan = (key, scan)
        return self._last.scan[1]

    def _open_source(self, leaf: Leaf) -> tuple[Path | BytesIO, str]:
        """Return the scan's file, or its content if it is on the web, and its name for messages."""
        if not leaf.scan:
            raise FileUnavailable(leaf.alto or leaf.id, "the page has no scan", code=ProblemCode.NO_SCAN)
        if not is_url(leaf.scan):
            return Path(leaf.scan), leaf.scan
        with self._lock:
            data = self._downloads.get(leaf.scan)
        if data is None:
            data = self._services.fetch_whole(leaf.scan)
            with self._lock, suppress(ValueError):  # larger than all that is kept
                self._downloads[leaf.scan] = data
        return BytesIO(data), leaf.scan


def shrink_to_crop_size(image: Image.Image) -> Image.Image:
    """Return the picture at the paper's crop size, as an Image API server would send it."""
    size = image_api.crop_size(*image.size)
    return image if size == image.size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def encode_crop(image: Image.Image) -> bytes:
    """Return the JPEG file of a crop."""
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=CROP_QUALITY)
    return buffer.getvalue()
