"""Temporary folders that the next run removes if their own run was killed."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

PREFIX = "unpacked-"
LOCK_NAME = ".frontispiece-lock"


@contextmanager
def make_scratch_folder(parent: Path | None) -> Iterator[Path]:
    """Make a folder below `parent`, or where the system has temporary files, and remove it at the end.

    Folders that killed runs have left below `parent` are removed first.
    """
    if parent:
        parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned_folders(parent)
    with TemporaryDirectory(prefix=PREFIX, dir=parent) as name:
        folder = Path(name).resolve()
        # The system releases the lock when the process ends, also if it is killed. The file gets its name when it is
        # locked, so no other run takes the folder for an abandoned one.
        new_lock = folder / f"{LOCK_NAME}-new"
        with new_lock.open("w") as lock:
            with suppress(OSError):  # a disk without locks: another run leaves the folder alone
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                new_lock.rename(folder / LOCK_NAME)
            yield folder


def _remove_abandoned_folders(parent: Path) -> None:
    for lock_path in parent.glob(f"{PREFIX}*/{LOCK_NAME}"):
        with suppress(OSError), lock_path.open() as lock:  # locked by a run, or removed meanwhile
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(lock_path.parent, ignore_errors=True)
