"""Unpacks zip and tar archives from untrusted sources into a folder.

Only regular files are written, below the folder and within limits. An archive that is damaged, encrypted, or that
names a place outside the folder raises SourceError.
"""

import os
import shutil
import stat
import tarfile
import time
import zipfile
import zlib
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field
from lzma import LZMAError
from pathlib import Path
from typing import IO

from core.errors import ProblemCode, SourceError

MAX_FILES = 200_000
MAX_UNPACKED_BYTES = 50 * 2**30
"""A book of 1,000 pages as uncompressed TIFF has some 25 GB."""

MAX_RATIO = 200
"""Unpacked bytes for each packed byte. ALTO is packed 20 to 40 times; a decompression bomb 1,000 times and more."""

MIN_RATIO_BYTES = 100 * 2**20
"""Unpacked bytes from which the ratio counts."""

CHUNK_BYTES = 2**20
MAX_TIME = 2.0**33
"""Seconds since 1970: the year 2242; damaged archives have later times."""

UTF8_FLAG, ENCRYPTED_FLAG = 0x800, 0x1
DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""What the libraries raise for damaged archives and for methods of compression that they do not know."""

ADVICE = "unpack it and name the folder"


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    modified: float
    """Seconds since 1970."""
    file: IO[bytes] | None
    """None for a folder, a link or a device."""
    is_folder: bool = False


@dataclass
class _Unpacker:
    """Writes members below a folder, and counts what it writes."""

    archive: Path
    folder: Path
    packed_size: int
    max_size: int
    size: int = 0
    count: int = 0
    skipped: list[str] = field(default_factory=list)

    def write(self, member: _Member) -> None:
        self.count += 1
        if self.count > MAX_FILES:
            raise self._refusal(f"more than {MAX_FILES:,} files")
        if member.is_folder:
            return
        target = self.folder.joinpath(*self._safe_parts(member.name))
        if member.file is None:
            self.skipped.append(member.name)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            while chunk := member.file.read(CHUNK_BYTES):
                self.size += len(chunk)
                self._check_size()
                file.write(chunk)
        os.utime(target, (member.modified, member.modified))

    def _safe_parts(self, name: str) -> list[str]:
        """Return the parts of a relative path; SourceError if it leads out of the folder."""
        path = name.replace("\\", "/")
        parts = [part for part in path.split("/") if part not in ("", ".")]
        if path.startswith("/") or ".." in parts or not parts or ":" in parts[0] or "\0" in path:
            reason = f"the archive has a file outside its folder ({name[:100]!r})"
            raise SourceError(str(self.archive), reason, code=ProblemCode.MALFORMED)
        return parts

    def _check_size(self) -> None:
        if self.size > self.max_size:
            where = "the limit" if self.max_size == MAX_UNPACKED_BYTES else "half of the free space on the disk"
            raise self._refusal(f"larger when unpacked than {self.max_size / 2**30:.1f} GiB, {where}")
        if self.size > max(MIN_RATIO_BYTES, MAX_RATIO * self.packed_size):
            raise self._refusal(f"more than {MAX_RATIO} times larger when unpacked")

    def _refusal(self, reason: str) -> SourceError:
        return SourceError(str(self.archive), f"{reason}; {ADVICE}", code=ProblemCode.TOO_LARGE)


def unpack_archive(archive: Path, folder: Path) -> list[str]:
    """Write the files of a zip or tar archive below `folder`, and return the names of links and devices in it.

    The files keep their times. Raises SourceError.
    """
    try:
        folder.mkdir(parents=True)
        max_size = min(MAX_UNPACKED_BYTES, shutil.disk_usage(folder).free // 2)
        unpacker = _Unpacker(archive, folder, archive.stat().st_size, max_size)
        with closing(_zip_members(archive) if _is_zip(archive) else _tar_members(archive)) as members:
            for member in members:
                unpacker.write(member)
    except OSError as error:
        raise SourceError(str(archive), error.strerror or str(error), code=ProblemCode.UNREADABLE) from error
    except DAMAGE as error:
        raise SourceError(
            str(archive), f"damaged archive ({_first_line(error)})", code=ProblemCode.MALFORMED
        ) from error
    return unpacker.skipped


def _is_zip(archive: Path) -> bool:
    with archive.open("rb") as file:
        return file.read(2) == b"PK"


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0].rstrip(":")


def _zip_members(archive: Path) -> Generator[_Member]:
    with zipfile.ZipFile(archive) as opened:
        if any(member.flag_bits & ENCRYPTED_FLAG for member in opened.infolist()):
            raise SourceError(str(archive), f"the archive is encrypted; {ADVICE}", code=ProblemCode.UNSUPPORTED)
        for member in opened.infolist():
            name = _zip_name(member)
            if member.is_dir() or _is_zip_link(member):
                yield _Member(name, 0, None, is_folder=member.is_dir())
                continue
            with opened.open(member) as file:
                yield _Member(name, _zip_time(member), file)


def _zip_name(member: zipfile.ZipInfo) -> str:
    """Return the name of a member; macOS and Linux write UTF-8, some of them without saying so."""
    if member.flag_bits & UTF8_FLAG:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return member.filename


def _is_zip_link(member: zipfile.ZipInfo) -> bool:
    """Return whether a member is no regular file; its type is in the upper bits of the mode of Unix."""
    return stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG)


def _zip_time(member: zipfile.ZipInfo) -> float:
    try:
        return time.mktime((*member.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0


def _tar_members(archive: Path) -> Generator[_Member]:
    with tarfile.open(archive, "r:*") as opened:
        for member in opened:
            file = opened.extractfile(member) if member.isreg() else None
            modified = min(max(0.0, float(member.mtime)), MAX_TIME)
            yield _Member(member.name, modified, file, is_folder=member.isdir())
