"""Large scans are cut in processes of their own, which can be killed and give their memory back."""

import asyncio
import math
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from types import TracebackType
from typing import Self
from weakref import WeakValueDictionary

from api.image_service.cutting import MAX_DECODED_BYTES, cut_image
from api.image_service.pixel_files import PixelFile
from api.vision.decoding import DecodingProcesses, ProcessLimits
from core.decoding_processes import MAX_KEPT_BYTES
from core.errors import FileUnavailable, ProblemCode
from core.image_requests import ImageCut

SCANS = ProcessLimits(
    processes=min(4, os.cpu_count() or 1),
    max_bytes=3_000_000_000,
    seconds=60.0,
    niceness=5,
    kept_bytes=MAX_KEPT_BYTES + MAX_DECODED_BYTES,
    pictures=2000,
)
"""The decoder of JPEG 2000 takes up to 20 bytes a pixel: 150 million pixels. Readers wait for tiles: before uploads."""
MAX_WHOLE_SCANS = 2
"""Scans of other formats than JPEG and TIFF that are cut at a time, because they are decoded as a whole."""
MAX_SHARING_PIXELS = 60_000_000
"""Pixels of such a scan beside which another may be decoded; with both the memory is below `SCANS.max_bytes`."""
PARTLY_DECODED = frozenset({".jpg", ".jpeg", ".tif", ".tiff", ".ptif", ".btf"})
"""Endings of the formats of which libvips decodes only the rows or tiles that it needs."""


class ScanProcesses:
    """Cuts images in processes. Close it at the end."""

    def __init__(self, limits: ProcessLimits = SCANS) -> None:
        self._processes = DecodingProcesses(limits)
        self._whole_scans, self._lone_scan = asyncio.Semaphore(MAX_WHOLE_SCANS), asyncio.Lock()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, exception_type: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._processes.__aexit__(exception_type, error, trace)

    async def cut(self, file: PixelFile, cut: ImageCut, image_size: tuple[int, int], max_pixels: int) -> bytes:
        """Return the encoded image; raise FileUnavailable, also where a limit ends it, or ServiceBusy."""
        async with self._turn(file):
            try:
                return await self._processes(cut_image, file, cut, image_size, max_pixels, file=str(file.path))
            except FileUnavailable as error:
                if error.code != ProblemCode.UNREADABLE or _is_partly_decoded(file):
                    raise
                # Most decoders do not say that memory was refused.
                reason = f"{error.reason}; it is damaged, or needs more memory than is allowed"
                raise FileUnavailable(error.file, reason, code=error.code) from error

    @asynccontextmanager
    async def _turn(self, file: PixelFile) -> AsyncIterator[None]:
        """Wait until the file may be decoded; the tiles of a scan that is decoded as a whole come one after another.

        The process that has decoded it then cuts the next tile from what it keeps.
        """
        if _is_partly_decoded(file):
            yield
            return
        lock = self._locks.setdefault(str(file.path), asyncio.Lock())
        async with lock, AsyncExitStack() as turns:
            if math.prod(file.size) > MAX_SHARING_PIXELS:
                await turns.enter_async_context(self._lone_scan)  # two that wait for both places would wait for ever
                await turns.enter_async_context(self._whole_scans)
            await turns.enter_async_context(self._whole_scans)
            yield


def _is_partly_decoded(file: PixelFile) -> bool:
    return file.path.suffix.lower() in PARTLY_DECODED
