"""A cache of files on disk with a limit of bytes: the least recently used files make room."""

import os
from collections import OrderedDict
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from threading import Lock

import structlog

from core.files import atomic_write

log = structlog.get_logger()


class DiskCache:
    """Contents by key, for several threads; the order of use is kept in the times of the files."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder, self._max_bytes = folder, max_bytes
        self._sizes: OrderedDict[str, int] | None = None
        self._total = 0
        self._lock = Lock()

    def get(self, key: str) -> bytes | None:
        """Return the content of a key; None if the cache does not have it."""
        name = _file_name(key)
        path = self._folder / name
        try:
            content = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        with self._lock:
            if self._sizes is not None and name in self._sizes:
                self._sizes.move_to_end(name)
        return content

    def put(self, key: str, content: bytes) -> None:
        """Keep a content, if it can be written and is not larger than the whole cache."""
        if len(content) > self._max_bytes:
            return
        name = _file_name(key)
        path = self._folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with atomic_write(path) as temporary_path:
                temporary_path.write_bytes(content)
        except OSError as error:
            log.warning("image_cache.not_writable", folder=str(self._folder), error=error.strerror or str(error))
            return
        with self._lock:
            sizes = self._read_sizes()
            self._total += len(content) - sizes.pop(name, 0)
            sizes[name] = len(content)
            self._make_room(sizes)

    def _read_sizes(self) -> OrderedDict[str, int]:
        """Return the sizes of all files, the least recently used first."""
        if self._sizes is None:
            entries = []
            for path in self._folder.glob("*/*"):
                with suppress(OSError):  # another process has removed it
                    file_stat = path.stat()
                    entries.append((file_stat.st_mtime_ns, f"{path.parent.name}/{path.name}", file_stat.st_size))
            self._sizes = OrderedDict((name, size) for _, name, size in sorted(entries))
            self._total = sum(self._sizes.values())
        return self._sizes

    def _make_room(self, sizes: OrderedDict[str, int]) -> None:
        while self._total > self._max_bytes and sizes:
            name, size = sizes.popitem(last=False)
            self._total -= size
            with suppress(OSError):
                (self._folder / name).unlink(missing_ok=True)


def _file_name(key: str) -> str:
    digest = sha256(key.encode()).hexdigest()
    return f"{digest[:2]}/{digest[2:40]}"
