"""Crops in a folder that all machines see."""

import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile

from core.errors import FrontispieceError
from core.files import atomic_write

JPEG_END = b"\xff\xd9"
"""The marker EOI, with which every JPEG ends (ITU-T T.81, B.1.1.3)."""


class FolderCropStore:
    """Crops in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, name: str) -> Path | None:
        path = self._path(name)
        return path if path and path.is_file() else None

    def check_writable(self) -> None:
        action = "made"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            action = "written"
            # A folder that exists may be read-only, or on a disk that is full.
            with TemporaryFile(dir=self.folder, buffering=0) as probe:
                probe.write(JPEG_END)
        except OSError as error:
            raise FrontispieceError(
                f"the folder of the crops, {self.folder}, cannot be {action}: {error.strerror or error}; set "
                "FRONTISPIECE_DATA or FRONTISPIECE_CROPS to another folder"
            ) from error

    def describe(self, name: str) -> str:
        return str(self.folder / name)

    def complete_names(self, names: Iterable[str]) -> set[str]:
        return {name for name in names if (path := self._path(name)) and is_complete_jpeg(path)}

    def write(self, name: str, content: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as temporary_path:
            temporary_path.write_bytes(content)

    def delete(self, name: str) -> None:
        if path := self._path(name):
            path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path | None:
        """Return the file of a name, unless it lies outside the folder."""
        if not is_crop_name(name):
            return None
        try:
            path = (self.folder / name).resolve()
            return path if path.is_relative_to(self.folder.resolve()) else None
        except (OSError, RuntimeError, ValueError):
            return None


def is_crop_name(name: str) -> bool:
    """Return whether a name stays below the folder of the crops: it comes from the index or from a request."""
    path = PurePosixPath(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts and not set(name) & {"\0", "\\"}


def is_complete_jpeg(file: Path) -> bool:
    """Return whether a file exists and ends as a JPEG does."""
    try:
        with file.open("rb") as stream:
            stream.seek(-len(JPEG_END), os.SEEK_END)
            return stream.read() == JPEG_END
    except OSError:
        return False
