"""Sends images: finds their files, cuts them in a few threads, and keeps what was cut."""

import asyncio
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Self

import structlog
from cachetools import TTLCache

from api.elasticsearch.gateway import SearchGateway
from api.elasticsearch.stored_images import find_stored_image
from api.errors import InvalidRequest
from api.image_service.cutting import MEDIA_TYPES, cut_image
from api.image_service.disk_cache import DiskCache
from api.image_service.errors import ImageNotFound, NotImplementedByImageApi, ServiceBusy, UnreadableImage
from api.image_service.sources import ServedImage, find_source
from core.errors import FileUnavailable, ProblemCode
from core.image_requests import ImageCut, InvalidImageRequest, OutputLimits, parse_image_request
from core.scan_folders import ScanFolders
from core.settings import Settings

MAX_SIDE = 12_000
"""Pixels of the longest side that is sent; WebP ends at 16,383."""
MAX_THREADS = 4
"""Images that are cut at a time; each may have a whole scan in memory."""
MAX_WAITING = 200
"""Images that wait for a thread; the tiles of a few readers."""
TIMEOUT_SECONDS = 30.0
"""How long a request waits for its image; the image is finished all the same and kept for the next request."""
SOURCE_SECONDS = 60
"""How long the files of an image are remembered: a changed file or a rebuilt index takes effect after this time."""
MAX_SOURCES = 5_000

BUSY_MESSAGE = "Too many images are being cut at the moment. Please try again in a few seconds."

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedImage:
    """A valid request for an image, and what identifies the answer."""

    source: ServedImage
    cut: ImageCut

    @property
    def canonical_request(self) -> str:
        return self.cut.canonical_request(self.source.width, self.source.height)

    @property
    def key(self) -> str:
        """What changes when the answer does."""
        return f"{self.source.stamp} {self.canonical_request}"

    @property
    def etag(self) -> str:
        return f'"{sha256(self.key.encode(errors="surrogatepass")).hexdigest()[:32]}"'

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.cut.format]


class ImageServer:
    """The images of one index. Close it at the end."""

    def __init__(self, gateway: SearchGateway, settings: Settings) -> None:
        self.scan_folders = ScanFolders.from_setting(settings.scans)
        self.limits = OutputLimits(width=MAX_SIDE, area=settings.max_served_pixels)
        self._gateway, self._max_pixels = gateway, settings.max_image_pixels
        self._crops_folder: Path = settings.crops_folder
        self._cache = DiskCache(settings.image_cache_folder, settings.image_cache_bytes)
        self._executor = ThreadPoolExecutor(min(MAX_THREADS, os.cpu_count() or 1), thread_name_prefix="image")
        self._sources: TTLCache[str, ServedImage] = TTLCache(MAX_SOURCES, SOURCE_SECONDS)
        self._pending: dict[str, asyncio.Future[bytes]] = {}
        for folder in self.scan_folders.missing:
            log.warning("scans.missing", folder=str(folder))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def find_source(self, identifier: str) -> ServedImage:
        """Return the image of a page or a picture by its `_id`; raises ImageNotFound."""
        if source := self._sources.get(identifier):
            return source
        stored = await find_stored_image(self._gateway, identifier)
        if stored is None:
            raise ImageNotFound(identifier)
        find = partial(find_source, stored, self.scan_folders, self._crops_folder, self._max_pixels)
        try:
            source = await asyncio.to_thread(find)
        except OSError:
            source = None  # a file vanished this very moment
        if source is None:
            raise ImageNotFound(identifier)
        self._sources[identifier] = source
        return source

    async def read_request(self, identifier: str, path: str) -> RequestedImage:
        """Return what the path after an identifier asks for; raises UserFacingError."""
        source = await self.find_source(identifier)
        try:
            cut = parse_image_request(path, (source.width, source.height), self.limits)
        except InvalidImageRequest as error:
            error_class = NotImplementedByImageApi if error.status == 501 else InvalidRequest
            raise error_class(str(error)) from error
        return RequestedImage(source=source, cut=cut)

    async def cut(self, requested: RequestedImage) -> bytes:
        """Return the encoded image; raises UserFacingError.

        Equal requests at the same time are cut once.
        """
        future = self._pending.get(requested.key)
        if future is None:
            if len(self._pending) >= MAX_WAITING:
                raise ServiceBusy(BUSY_MESSAGE)
            future = asyncio.get_running_loop().run_in_executor(self._executor, self._cut_or_load, requested)
            self._pending[requested.key] = future
            future.add_done_callback(lambda _: self._pending.pop(requested.key, None))
        try:
            # The shield lets the thread finish its work for the cache when this request gives up.
            return await asyncio.wait_for(asyncio.shield(future), TIMEOUT_SECONDS)
        except TimeoutError:
            raise ServiceBusy(BUSY_MESSAGE) from None
        except FileUnavailable as error:
            log.error("image.unreadable", file=error.file, reason=error.reason)
            raise UnreadableImage(_describe_unreadable(error)) from error

    def _cut_or_load(self, requested: RequestedImage) -> bytes:
        """Return the image from the cache, or cut it; runs in a thread."""
        content = self._cache.get(requested.key)
        if content is None:
            source, cut = requested.source, requested.cut
            file = source.choose_file(cut.region, cut.width, cut.height)
            content = cut_image(file, cut, (source.width, source.height), self._max_pixels)
            self._cache.put(requested.key, content)
        return content


UNREADABLE_MESSAGES: Mapping[ProblemCode, str] = {
    ProblemCode.OUTSIDE_SCAN: "The scan has changed since its book was indexed; its operator has to index it again.",
    ProblemCode.TOO_LARGE: "The scan has more pixels than this service opens.",
}


def _describe_unreadable(error: FileUnavailable) -> str:
    """Return a sentence that does not name files of the server."""
    return UNREADABLE_MESSAGES.get(error.code, "The file of this image cannot be read; the log says why.")
