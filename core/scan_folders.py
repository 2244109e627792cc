"""The folders whose scans the service may send, and names of files that do not tell where these folders are."""

import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Self

from core.errors import FrontispieceError


class ScanFolders:
    """Folders of scans. The name of a file begins with the name of its folder: `newspapers/1890/0001.tif`."""

    def __init__(self, folders: Iterable[Path] = ()) -> None:
        """Raises FrontispieceError if a folder has no name, or two have the same."""
        self._folders: dict[str, Path] = {}
        for folder in map(Path.resolve, folders):
            if not folder.name:
                raise FrontispieceError(f"FRONTISPIECE_SCANS names {folder}, the whole disk; name a folder of scans")
            if folder.name in self._folders:
                raise FrontispieceError(
                    f"FRONTISPIECE_SCANS names two folders called {folder.name}: {self._folders[folder.name]} and "
                    f"{folder}; name the folder that has both, or rename one"
                )
            self._folders[folder.name] = folder

    @classmethod
    def from_setting(cls, value: str) -> Self:
        """Return the folders of the setting `scans`, separated as in PATH."""
        return cls(Path(folder) for folder in value.split(os.pathsep) if folder)

    @property
    def missing(self) -> list[Path]:
        """The folders that do not exist, as when a disk is not mounted."""
        return [folder for folder in self._folders.values() if not folder.is_dir()]

    def name_of(self, file: str | Path) -> str:
        """Return the name of a file; empty if it is in none of the folders, or if its name is no valid Unicode."""
        path = Path(file).resolve()
        for folder_name, folder in self._folders.items():
            if path.is_relative_to(folder):
                name = PurePosixPath(folder_name, path.relative_to(folder).as_posix()).as_posix()
                return name if _is_unicode(name) else ""
        return ""

    def contains(self, name: str) -> bool:
        """Return whether a name belongs to one of the folders; the file may be missing."""
        return name.partition("/")[0] in self._folders

    def find(self, name: str) -> Path | None:
        """Return the file that has this name; None if there is none, or if it lies outside the folders."""
        folder_name, _, rest = name.partition("/")
        folder = self._folders.get(folder_name)
        if folder is None or not rest or "\0" in rest or rest.startswith("/"):
            return None
        try:
            path = (folder / rest).resolve(strict=True)
        except (OSError, RuntimeError, ValueError):
            return None
        return path if path.is_relative_to(folder) and path.is_file() else None


def _is_unicode(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


NO_SCAN_FOLDERS = ScanFolders()
