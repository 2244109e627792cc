"""Scans, decoded: ordinary ones here, large ones in a process that ends if they take too much memory or time."""

import subprocess
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from PIL import Image

from core.decoding_processes import HEADER, command, environment, read_answer, write_request
from core.errors import FileUnavailable, ProblemCode
from core.geometry import PixelBox
from core.images import crop_to_rgb
from core.large_scans import crop_loaded_scan, load_scan

LARGE_PIXELS = 40_000_000
"""Larger scans get a process of their own, which takes half a second to start."""
MAX_BYTES_PER_PIXEL, MAX_OTHER_BYTES = 24, 500_000_000
"""The memory of such a process: the decoder of JPEG 2000 takes up to 20 bytes for a pixel of four colours."""
MAX_CPU_SECONDS = 600
"""Processor time for one scan; a busy machine does not shorten it."""
BLOCK_PIXELS = 8_000_000
"""Pixels that pass from one process to another at a time."""


class Scan(Protocol):
    """A decoded scan."""

    size: tuple[int, int]

    def crop(self, box: PixelBox) -> Image.Image:
        """Return a region that lies in the scan, in RGB."""
        ...

    def close(self) -> None:
        """Give its memory back."""
        ...


class DecodedScan:
    """A scan in the memory of this process."""

    def __init__(self, image: Image.Image) -> None:
        self._image, self.size = image, image.size

    def crop(self, box: PixelBox) -> Image.Image:
        """Return a region in RGB."""
        return crop_to_rgb(self._image, box)

    def close(self) -> None:
        """Leave the memory to the interpreter."""


class LargeScan:
    """A scan in the memory of another process. Close it."""

    def __init__(self, source: Path | bytes, name: str, max_pixels: int, frame: int | None, *, upright: bool) -> None:
        """Decode it; raise FileUnavailable if it cannot be decoded, or where a limit has ended the process."""
        max_bytes = MAX_BYTES_PER_PIXEL * max_pixels + MAX_OTHER_BYTES
        self._name = name
        self._process = subprocess.Popen(  # noqa: S603 our own command
            command(max_bytes, niceness=0, max_cpu_seconds=MAX_CPU_SECONDS),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
        )
        try:
            self.size, self.warnings = self._ask(partial(load_scan, upright=upright), source, name, max_pixels, frame)
        except BaseException:
            self.close()
            raise

    def crop(self, box: PixelBox) -> Image.Image:
        """Return a region in RGB, fetched in blocks of rows."""
        image = Image.new("RGB", (box.width, box.height))
        rows = max(1, BLOCK_PIXELS // box.width)
        for top in range(0, box.height, rows):
            block = PixelBox(box.x, box.y + top, box.width, min(rows, box.height - top))
            image.paste(self._ask(crop_loaded_scan, block).to_image(), (0, top))
        return image

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()

    def _ask(self, function: Any, *args: Any) -> Any:
        requests, answers = self._process.stdin, self._process.stdout
        assert requests is not None  # noqa: S101 both are pipes
        assert answers is not None  # noqa: S101
        try:
            requests.write(write_request(function, args))
            requests.flush()
            head = answers.read(HEADER.size)
            data = answers.read(HEADER.unpack(head)[0]) if len(head) == HEADER.size else b""
        except BrokenPipeError:
            data = b""
        with suppress(MemoryError):
            if data:
                return read_answer(data)
        reason = (
            f"decoding it takes more memory than is allowed, or more than {MAX_CPU_SECONDS} seconds of processor time"
        )
        raise FileUnavailable(self._name, reason, code=ProblemCode.OUT_OF_MEMORY)
