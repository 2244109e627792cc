"""The pages of a TIFF file: its frames without previews, masks and the reduced copies of a pyramid.

Only the directories are read, not the pixels (TIFF 6.0; BigTIFF has the same structure with 8-byte numbers).
"""

import os
import struct
from collections.abc import Sequence
from itertools import pairwise
from typing import IO, NamedTuple

TIFF_SUFFIXES = frozenset({".tif", ".tiff", ".ptif", ".btf"})

MAX_FRAMES = 20_000
"""Directories that are followed; a file with more is damaged or hostile."""
MAX_ENTRIES = 4096
"""Entries of one directory; baseline TIFF has some 15."""
PREVIEW_SIDE = 256
"""Pixels of the longer side of an embedded preview."""
PREVIEW_REDUCTION = 4
"""How many times larger the picture of a preview is at least."""

NEW_SUBFILE_TYPE, SUBFILE_TYPE, WIDTH, HEIGHT, TILE_WIDTH = TAGS = 254, 255, 256, 257, 322
REDUCED_OR_MASK = 1 | 4
"""The bits of NewSubfileType for a reduced version of another frame and for a transparency mask."""
OLD_REDUCED = 2
"""The value of SubfileType for a reduced version."""

NUMBER_FORMATS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
"""TIFF's field types for whole numbers → the codes of `struct`."""


class TiffPages(NamedTuple):
    """The frames of a TIFF file that are pages, as numbers for Pillow's `seek`."""

    frames: tuple[int, ...]
    problem: str = ""
    """A sentence about frames that cannot be read."""


class _Directory(NamedTuple):
    """What one directory says about its frame."""

    width: int
    height: int
    is_page: bool
    """False for a frame that is marked as a reduced version or a mask."""
    is_tiled: bool
    """Whether it is stored in tiles, as all levels of a pyramid are."""


class _Layout(NamedTuple):
    """How numbers are written: byte order, and the sizes of TIFF or BigTIFF."""

    byte_order: str
    count_format: str
    offset_format: str

    def read(self, file: IO[bytes], number_format: str) -> int:
        return int(self.unpack(number_format, file.read(struct.calcsize(number_format))))

    def unpack(self, number_format: str, data: bytes) -> int:
        number: int = struct.unpack_from(self.byte_order + number_format, data)[0]
        return number


def read_tiff_pages(file: IO[bytes]) -> TiffPages:
    """Return the pages of a TIFF file; frame 0 if it is no TIFF, or if no frame is marked as a page."""
    directories, problem = _read_directories(file)
    candidates = [frame for frame, directory in enumerate(directories) if directory.is_page]
    frames = tuple(_without_copies(directories, candidates))
    return TiffPages(frames or (0,), problem)


def _read_directories(file: IO[bytes]) -> tuple[list[_Directory], str]:
    """Return the directories in the order of the file, and a sentence if the chain is broken."""
    directories: list[_Directory] = []
    end = file.seek(0, os.SEEK_END)
    file.seek(0)
    layout = _read_layout(file)
    if layout is None:
        return directories, ""
    try:
        offset, known_offsets = layout.read(file, layout.offset_format), set[int]()
        while offset and offset not in known_offsets and len(directories) < MAX_FRAMES:
            known_offsets.add(offset)
            if offset >= end:
                raise EOFError
            file.seek(offset)
            directory, offset = _read_directory(file, layout)
            directories.append(directory)
    except (EOFError, struct.error, OverflowError, OSError):
        number = len(directories) + 1
        return directories, f"frame {number} and those after it cannot be read, as the file ends early or is damaged"
    problem = f"only the first {MAX_FRAMES:,} frames are read" if len(directories) == MAX_FRAMES else ""
    return directories, problem


def _read_layout(file: IO[bytes]) -> _Layout | None:
    head = file.read(4)
    byte_order = {b"II": "<", b"MM": ">"}.get(head[:2])
    if byte_order is None or len(head) < 4:
        return None
    version = struct.unpack(byte_order + "H", head[2:])[0]
    if version == 43:
        file.seek(8)
        return _Layout(byte_order, "Q", "Q")
    return _Layout(byte_order, "H", "I") if version == 42 else None


def _read_directory(file: IO[bytes], layout: _Layout) -> tuple[_Directory, int]:
    """Return a directory and the offset of the next one, which is 0 at the end."""
    count = layout.read(file, layout.count_format)
    if not 0 < count <= MAX_ENTRIES:
        raise EOFError
    offset_size = struct.calcsize(layout.offset_format)
    entry_size = 4 + 2 * offset_size
    entries = file.read(count * entry_size)
    tags: dict[int, int] = {}
    for start in range(0, len(entries) - entry_size + 1, entry_size):
        tag = layout.unpack("H", entries[start : start + 2])
        number_format = NUMBER_FORMATS.get(layout.unpack("H", entries[start + 2 : start + 4]))
        if number_format and tag in TAGS:
            tags[tag] = layout.unpack(number_format, entries[start + 4 + offset_size : start + entry_size])
    next_offset = layout.read(file, layout.offset_format)
    is_copy = tags.get(NEW_SUBFILE_TYPE, 0) & REDUCED_OR_MASK or tags.get(SUBFILE_TYPE) == OLD_REDUCED
    width, height = tags.get(WIDTH, 0), tags.get(HEIGHT, 0)
    is_page = not is_copy and width > 0 and height > 0
    return _Directory(width, height, is_page, TILE_WIDTH in tags), next_offset


def _without_copies(directories: Sequence[_Directory], candidates: Sequence[int]) -> Sequence[int]:
    """Leave out copies that are not marked: the levels of a pyramid, and small previews of the first page."""
    pages = [directories[frame] for frame in candidates]
    if len(pages) > 1 and all(_is_next_level(larger, smaller) for larger, smaller in pairwise(pages)):
        return candidates[:1]
    largest = max(pages, key=lambda page: page.width, default=None)
    return [frame for frame in candidates if largest is None or not _is_preview(directories[frame], largest)]


def _is_next_level(larger: _Directory, smaller: _Directory) -> bool:
    """Return whether the second frame is the next level of a pyramid; its sides may be rounded up or down."""
    is_half_size = abs(larger.width - 2 * smaller.width) <= 2 and abs(larger.height - 2 * smaller.height) <= 2
    return is_half_size and larger.is_tiled and smaller.is_tiled


def _is_preview(frame: _Directory, page: _Directory) -> bool:
    if max(frame.width, frame.height) > PREVIEW_SIDE or frame.width * PREVIEW_REDUCTION > page.width:
        return False
    # Both sides are rounded to whole pixels.
    return abs(frame.width * page.height - frame.height * page.width) <= max(page.width, page.height)
