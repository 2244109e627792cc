"""Sends images: finds their files, cuts small ones in threads and large ones in processes, keeps what was cut."""

import asyncio
import math
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from time import perf_counter
from types import TracebackType
from typing import Self

import structlog
from cachetools import TTLCache

from api.elasticsearch.gateway import SearchGateway
from api.elasticsearch.stored_images import find_stored_image
from api.errors import InvalidRequest
from api.image_service.cutting import MEDIA_TYPES, cut_image
from api.image_service.disk_cache import DiskCache
from api.image_service.errors import ImageNotFound, NotImplementedByImageApi, UnreadableImage
from api.image_service.pixel_files import PixelFile
from api.image_service.scan_processes import ScanProcesses
from api.image_service.sources import ServedImage, find_source
from api.monitoring.instruments import QUEUE_REFUSED, QUEUE_RUNNING, QUEUE_WAIT, QUEUE_WAITING, count_lookup
from api.records import StoredImage
from api.sentences import Sentence
from api.work_queue import ServiceBusy
from core.crop_stores import open_crop_store
from core.errors import FileUnavailable, ProblemCode
from core.image_requests import ImageCut, InvalidImageRequest, OutputLimits, parse_image_request
from core.scan_folders import ScanFolders
from core.settings import Settings

MAX_SIDE = 12_000
"""Pixels of the longest side that is sent; WebP ends at 16,383."""
MAX_THREADS = 4
"""Small images that are cut at a time."""
MAX_SMALL_PIXELS = 4_000_000
"""Pixels of a file that is cut in a thread, as crops are; a larger one is cut in a process."""
MAX_WAITING = 200
"""Images that wait; the tiles of a few readers."""
TIMEOUT_SECONDS = 30.0
"""How long a request waits for its image; the image is finished all the same and kept for the next request."""
SOURCE_SECONDS = 60
"""How long the files of an image are remembered: a changed file or a rebuilt index takes effect after this time."""
MAX_SOURCES = 5_000

MISSING_CROPS_MESSAGE = (
    "The folder of the pictures is missing: check FRONTISPIECE_DATA, or run `frontispiece index` over your books, "
    "which fills it again."
)
BUSY_MESSAGE = Sentence("Too many images are being cut at the moment. Please try again in a few seconds.")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedImage:
    """A valid request for an image, and what identifies the answer."""

    identifier: str
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
        self._crops = open_crop_store(settings)
        self._cache = DiskCache(settings.image_cache_folder, settings.image_cache_bytes)
        self._executor = ThreadPoolExecutor(min(MAX_THREADS, os.cpu_count() or 1), thread_name_prefix="image")
        self._sources: TTLCache[str, ServedImage] = TTLCache(MAX_SOURCES, SOURCE_SECONDS)
        self._scan_processes = ScanProcesses()
        self._pending: dict[str, asyncio.Task[bytes]] = {}
        for folder in self.scan_folders.missing:
            log.warning("scans.missing", folder=str(folder))
        self._local_crops = None if settings.has_remote_crops else settings.crops_folder
        if not self.has_crops:
            log.warning("crops.missing", folder=str(self._local_crops), advice=MISSING_CROPS_MESSAGE)

    @property
    def has_crops(self) -> bool:
        """Whether the folder of the crops is there; one at an address is not looked for."""
        return self._local_crops is None or self._local_crops.is_dir()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, exception_type: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        tasks = list(self._pending.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._scan_processes.__aexit__(exception_type, error, trace)
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def find_source(self, identifier: str, version: str = "") -> ServedImage:
        """Return the image of a page or a picture by its `_id`; raises ImageNotFound.

        One that is remembered with another version than the address asks for is looked up again.
        """
        source = self._sources.get(identifier)
        if source and version and source.version != version:
            source = None
        count_lookup("image_sources", is_hit=source is not None)
        if source:
            return source
        stored = await find_stored_image(self._gateway, identifier)
        if stored is None:
            raise ImageNotFound(identifier)
        return await self.open_source(identifier, stored)

    async def open_source(self, identifier: str, stored: StoredImage) -> ServedImage:
        """Return the image of a page or a picture that the index has been asked about; raises ImageNotFound."""
        find = partial(find_source, stored, self.scan_folders, self._crops, self._max_pixels)
        try:
            source = await asyncio.to_thread(find)
        except OSError:
            source = None  # a file vanished this very moment
        if source is None:
            raise ImageNotFound(identifier)
        self._sources[identifier] = source
        return source

    async def read_request(self, identifier: str, path: str, version: str = "") -> RequestedImage:
        """Return what the path after an identifier asks for; raises UserFacingError."""
        source = await self.find_source(identifier, version)
        try:
            cut = parse_image_request(path, (source.width, source.height), self.limits)
        except InvalidImageRequest as error:
            error_class = NotImplementedByImageApi if error.status == 501 else InvalidRequest
            raise error_class(str(error)) from error
        return RequestedImage(identifier=identifier, source=source, cut=cut)

    async def cut(self, requested: RequestedImage) -> bytes:
        """Return the encoded image; raises UserFacingError.

        Equal requests at the same time are cut once.
        """
        task = self._pending.get(requested.key)
        if task is None:
            if len(self._pending) >= MAX_WAITING:
                QUEUE_REFUSED.labels("images").inc()
                raise ServiceBusy(BUSY_MESSAGE)
            task = asyncio.create_task(self._load_or_cut(requested))
            self._pending[requested.key] = task
            task.add_done_callback(partial(self._forget, requested.key))
        try:
            # The shield lets the image be finished for the cache when this request gives up.
            return await asyncio.wait_for(asyncio.shield(task), TIMEOUT_SECONDS)
        except TimeoutError:
            QUEUE_REFUSED.labels("images").inc()
            raise ServiceBusy(BUSY_MESSAGE) from None
        except FileUnavailable as error:
            if error.code is ProblemCode.NOT_FOUND:
                # It was there a moment ago; the next request looks for another file of the image.
                self._sources.pop(requested.identifier, None)
                raise ImageNotFound(requested.identifier) from error
            log.error("image.unreadable", file=error.file, reason=error.reason)
            raise UnreadableImage(_describe_unreadable(error)) from error

    def _forget(self, key: str, task: asyncio.Task[bytes]) -> None:
        del self._pending[key]
        if not task.cancelled():
            task.exception()  # so that Python does not report an error for which no request waits any more

    async def _load_or_cut(self, requested: RequestedImage) -> bytes:
        QUEUE_WAITING.labels("images").inc()
        loop = asyncio.get_running_loop()
        content = await loop.run_in_executor(self._executor, self._load_or_cut_small, requested, perf_counter())
        if content is None:
            with QUEUE_RUNNING.labels("images").track_inprogress():
                content = await self._scan_processes.cut(*self._work(requested))
            await loop.run_in_executor(self._executor, self._cache.put, requested.key, content)
        return content

    def _load_or_cut_small(self, requested: RequestedImage, queued_at: float) -> bytes | None:
        """Return the image from the cache, or cut it if its file is small; runs in a thread."""
        QUEUE_WAITING.labels("images").dec()
        QUEUE_WAIT.labels("images").observe(perf_counter() - queued_at)
        with QUEUE_RUNNING.labels("images").track_inprogress():
            content = self._cache.get(requested.key)
            count_lookup("images", is_hit=content is not None)
            work = self._work(requested)
            if content is None and math.prod(work[0].size) <= MAX_SMALL_PIXELS:
                content = cut_image(*work)
                self._cache.put(requested.key, content)
            return content

    def _work(self, requested: RequestedImage) -> tuple[PixelFile, ImageCut, tuple[int, int], int]:
        """Return the arguments of `cut_image`."""
        source, cut = requested.source, requested.cut
        file = source.choose_file(cut.region, cut.width, cut.height)
        return file, cut, (source.width, source.height), self._max_pixels


UNREADABLE_MESSAGES: Mapping[ProblemCode, str] = {
    ProblemCode.OUTSIDE_SCAN: Sentence(
        "The scan has changed since its book was indexed; its operator has to index it again."
    ),
    ProblemCode.TOO_LARGE: Sentence("The scan has more pixels than this service opens."),
    ProblemCode.OUT_OF_MEMORY: Sentence(
        "Cutting this scan takes more memory or time than this service allows. "
        "Its operator can convert it into a JPEG or a TIFF with tiles."
    ),
}
UNREADABLE_MESSAGE = Sentence("The file of this image cannot be read; the log says why.")


def _describe_unreadable(error: FileUnavailable) -> str:
    """Return a sentence that does not name files of the server."""
    return UNREADABLE_MESSAGES.get(error.code, UNREADABLE_MESSAGE)
