"""Archives of books as sources: unpacked into a folder for the time of the run, and read like the folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from core.errors import ProblemCode, SourceError
from indexer.formats.archives import unpack_archive
from indexer.formats.file_kind import FileKind
from indexer.formats.foreign_formats import ARCHIVES, identify_format
from indexer.records import Problem, Volume
from indexer.run_records import FileAccount
from indexer.sources.accounting import MAX_NAMED_FILES
from indexer.sources.folder_listing import is_hidden_name
from indexer.sources.folders import find_folder_volumes
from indexer.sources.scratch_folders import make_scratch_folder

ARCHIVE_SUFFIXES = (".zip", ".tar", ".tgz", ".tbz", ".tbz2", ".txz", ".tar.gz", ".tar.bz2", ".tar.xz")

LINK_IN_ARCHIVE = FileKind(
    singular="link or device in the archive is not unpacked",
    plural="links or devices in the archive are not unpacked",
    verdict="",
)


class UnpackedFolder(NamedTuple):
    """An archive that is unpacked."""

    folder: Path
    """The folder with its files; if the archive has all in one folder, that one."""
    origin: Path
    """Where people would have this folder: beside the archive."""
    skipped: list[str]
    """Links and devices, which are not unpacked."""
    hidden_count: int
    """Hidden files beside `folder`, such as those of macOS."""


def is_archive(path: Path) -> bool:
    """Return whether a file is a zip or tar archive; raises SourceError if it cannot be read."""
    try:
        return identify_format(path) in ARCHIVES
    except OSError as error:
        raise SourceError(str(path), error.strerror or str(error), code=ProblemCode.UNREADABLE) from error


def find_archive_volumes(path: Path, work_folder: Path | None = None) -> Iterator[Volume | Problem | FileAccount]:
    """Yield what the archive's folder yields, with the same ids; the unpacked files live until the last item is used.

    They are put below `work_folder`, or where the system has temporary files. Raises SourceError.
    """
    with _unpack(path, work_folder) as unpacked:
        for item in find_folder_volumes(unpacked.folder, unpacked.origin):
            if isinstance(item, FileAccount):
                if unpacked.skipped:
                    yield _skipped_problem(path, unpacked.skipped)
                yield replace(
                    item,
                    shown_folder=str(path),
                    ignored_count=item.ignored_count + unpacked.hidden_count,
                    not_read_count=item.not_read_count + len(unpacked.skipped),
                )
            else:
                yield item


@contextmanager
def _unpack(archive: Path, work_folder: Path | None) -> Iterator[UnpackedFolder]:
    home = archive.resolve().parent
    with make_scratch_folder(work_folder) as scratch:
        # The names of the folders above may become the name of a book, so they are the same as for the real folder.
        folder = scratch / (home.name or "archive") / _archive_stem(archive.name)
        skipped = unpack_archive(archive, folder)
        visible = [entry for entry in folder.iterdir() if not is_hidden_name(entry.name)]
        if len(visible) != 1 or not visible[0].is_dir():
            yield UnpackedFolder(folder, home / folder.name, skipped, 0)
            return
        hidden_count = sum(
            file.is_file() for entry in folder.iterdir() if entry != visible[0] for file in (entry, *entry.rglob("*"))
        )
        yield UnpackedFolder(visible[0], home / visible[0].name, skipped, hidden_count)


def _archive_stem(name: str) -> str:
    suffix = max((suffix for suffix in ARCHIVE_SUFFIXES if name.lower().endswith(suffix)), key=len, default="")
    return name[: len(name) - len(suffix)] or name


def _skipped_problem(archive: Path, skipped: list[str]) -> Problem:
    examples = ", ".join(skipped[:MAX_NAMED_FILES]) + (", …" if len(skipped) > MAX_NAMED_FILES else "")
    return Problem(str(archive), f"{LINK_IN_ARCHIVE.describe(len(skipped))} ({examples})", ProblemCode.UNSUPPORTED)
