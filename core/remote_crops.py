"""Crops in an object store such as S3, through fsspec, with copies on this machine."""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any
from zlib import crc32

from cachetools import TTLCache

from core.crop_folder import is_crop_name
from core.errors import FrontispieceError
from core.files import atomic_write
from core.timestamps import utc_now

PROBE_NAME = "frontispiece-probe"
REQUESTS_AT_ONCE = 16
FRESH_SECONDS, MAX_FRESH_NAMES = 3600, 100_000
KEPT_AFTER_CLEANING = 0.8
"""The share of the allowed bytes that stays when copies of crops make room."""


class RemoteCropStore:
    """Crops below an address that fsspec knows; what is read is copied to this machine, as far as there is room.

    An object appears as a whole, so one that is there is complete.
    """

    def __init__(self, address: str, copies: Path, max_bytes: int) -> None:
        """Raises FrontispieceError if fsspec, or the package for this kind of address, is not installed."""
        self._address = address.rstrip("/")
        self._filesystem, self._root = _open_filesystem(address)
        self._copies, self._max_bytes = copies, max_bytes
        self._lock = Lock()
        self._total: int | None = None
        self._fresh_names: TTLCache[str, bool] = TTLCache(MAX_FRESH_NAMES, FRESH_SECONDS)
        """Crops that were copied not long ago; a run may write others since."""

    def find(self, name: str) -> Path | None:
        if not is_crop_name(name):
            return None
        copy = self._copies / name
        with self._lock:
            is_fresh = name in self._fresh_names
        if is_fresh and _record_use(copy):
            return copy
        try:
            content: bytes = self._filesystem.cat_file(self._object(name))
        except FileNotFoundError:
            copy.unlink(missing_ok=True)
            return None
        copy.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(copy) as temporary_path:
            temporary_path.write_bytes(content)
            # ETags come from the times of files: several services have the same for the same content.
            os.utime(temporary_path, (utc_now().timestamp(), crc32(content)))
        with self._lock:
            self._fresh_names[name] = True
        self._make_room(len(content))
        return copy

    def check_writable(self) -> None:
        try:
            self.write(PROBE_NAME, b"")
            self.delete(PROBE_NAME)
        except Exception as error:
            # Each package of fsspec has errors of its own, for credentials and for buckets that do not exist.
            raise FrontispieceError(
                f"FRONTISPIECE_CROPS={self._address} cannot be written: {error or type(error).__name__}; check that it "
                "exists and that the credentials in the environment may write there"
            ) from error

    def describe(self, name: str) -> str:
        return f"{self._address}/{name}"

    def complete_names(self, names: Iterable[str]) -> set[str]:
        valid_names = [name for name in names if is_crop_name(name)]
        with ThreadPoolExecutor(REQUESTS_AT_ONCE) as executor:
            answers = executor.map(self._filesystem.exists, map(self._object, valid_names))
            return {name for name, exists in zip(valid_names, answers, strict=True) if exists}

    def write(self, name: str, content: bytes) -> None:
        path = self._object(name)
        try:
            self._filesystem.pipe_file(path, content)
        except FileNotFoundError:
            # Object stores have no folders; SFTP and the like do.
            self._filesystem.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._filesystem.pipe_file(path, content)
        (self._copies / name).unlink(missing_ok=True)

    def delete(self, name: str) -> None:
        if is_crop_name(name):
            with suppress(FileNotFoundError):
                self._filesystem.rm_file(self._object(name))
            (self._copies / name).unlink(missing_ok=True)

    def _object(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _make_room(self, added_bytes: int) -> None:
        """Delete the copies that were not read for longest, if there are too many."""
        with self._lock:
            files = None
            if self._total is None:
                files = self._list_copies()
                self._total = sum(size for _, size, _ in files)
            else:
                self._total += added_bytes
            if self._total <= self._max_bytes:
                return
            for _, size, path in sorted(files or self._list_copies()):
                path.unlink(missing_ok=True)
                self._total -= size
                if self._total <= self._max_bytes * KEPT_AFTER_CLEANING:
                    return

    def _list_copies(self) -> list[tuple[int, int, Path]]:
        """Return the time of the last use, the bytes and the path of each copy."""
        files = []
        for path in self._copies.glob("*/*.jpg"):
            with suppress(OSError):
                file_stat = path.stat()
                files.append((file_stat.st_atime_ns, file_stat.st_size, path))
        return files


def _record_use(file: Path) -> bool:
    """Set the time of the last use and return whether the file is there."""
    try:
        os.utime(file, ns=(int(utc_now().timestamp() * 1e9), file.stat().st_mtime_ns))
    except OSError:
        return False
    return True


def _open_filesystem(address: str) -> tuple[Any, str]:
    try:
        import fsspec  # type: ignore[import-untyped]  # noqa: PLC0415 an optional package
    except ImportError as error:
        raise FrontispieceError(
            f"FRONTISPIECE_CROPS={address} needs fsspec: `pip install 'frontispiece[cluster]'` installs it"
        ) from error
    try:
        filesystem, root = fsspec.core.url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise FrontispieceError(f"FRONTISPIECE_CROPS={address} cannot be opened: {error}") from error
    return filesystem, str(root).rstrip("/")
