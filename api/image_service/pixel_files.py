"""A file with the pixels of an image; this module and `cutting` import nothing of the service, see `scan_processes`."""

from dataclasses import dataclass
from pathlib import Path

from core.geometry import PixelBox


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelFile:
    """A file that has the pixels of an image, or of a smaller copy of it."""

    path: Path
    frame: int | None = None
    """The frame of a multi-page TIFF; None for the first page."""
    is_upright: bool = True
    """Whether it is turned as its EXIF orientation says before a region is counted."""
    size: tuple[int, int]
    """Pixels of the file, turned so."""
    region: PixelBox
    """The part of the file that is the image."""

    @property
    def stamp(self) -> str:
        """What changes when the file changes; OSError if it is gone."""
        file_stat = self.path.stat()
        return f"{self.path}:{self.frame}:{file_stat.st_size}:{file_stat.st_mtime_ns}"
