"""The folder of a backup: `backup.json`, copies of the crops and of files that the settings name, and snapshots."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from core.addresses import strip_credentials
from core.console import track
from core.errors import FrontispieceError
from core.files import atomic_write
from core.settings import ENV_PREFIX, Settings

WRITER = "frontispiece backup"
NAMED_FILES = ("classifier", "places", "featured", "logo", "texts")
"""Settings that name a file or a folder of the operator's own."""
UNSAVED_SETTINGS = ("elasticsearch_api_key", "status_token")
"""Secrets; they are in no backup."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupRecord:
    """What a backup holds, as `backup.json` says it."""

    written_by: str
    version: str
    """The version of Frontispiece."""
    alias: str
    at: str
    snapshot: str
    repository: str
    repository_uuid: str
    documents: Mapping[str, int]
    """Index → number of documents."""
    crops: int
    """Number of files."""
    settings: Mapping[str, str]

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read the file; ValueError if it is not that of a backup."""
        values = json.loads(text)
        if not isinstance(values, dict) or values.get("written_by") != WRITER:
            raise ValueError
        return cls(**{name: values[name] for name in cls.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class BackupFolder:
    """A folder that `frontispiece backup` fills and `frontispiece restore` reads."""

    path: Path

    @property
    def crops(self) -> Path:
        return self.path / "crops"

    @property
    def snapshots(self) -> Path:
        """A copy of the repository of an embedded node; a cluster keeps its own."""
        return self.path / "snapshots"

    @property
    def files(self) -> Path:
        """Copies of what the settings name."""
        return self.path / "files"

    @property
    def _record_file(self) -> Path:
        return self.path / "backup.json"

    def read_record(self) -> BackupRecord | None:
        """Return what the backup holds; None in an empty or new folder, `FrontispieceError` in any other."""
        try:
            return BackupRecord.from_json(self._record_file.read_text("utf-8"))
        except FileNotFoundError:
            if self.path.is_dir() and any(self.path.iterdir()):
                raise FrontispieceError(f"{self.path} has files but no backup: name an empty folder") from None
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise FrontispieceError(f"{self._record_file} cannot be read as the list of a backup: {error}") from error

    def write_record(self, record: BackupRecord) -> None:
        """Say what the backup holds, when all of it is there."""
        with atomic_write(self._record_file) as temporary_file:
            temporary_file.write_text(json.dumps(asdict(record), ensure_ascii=False, indent=1) + "\n", "utf-8")

    def check_is_writable(self) -> None:
        """Create the folder; raise an error if that is not possible."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FrontispieceError(f"{self.path} cannot be written: {error.strerror or error}") from error

    def save_named_files(self, settings: Settings) -> None:
        """Copy the files and folders that the settings name."""
        for name in NAMED_FILES:
            source: Path | None = getattr(settings, name)
            if source and source.is_dir():
                copy_files(source, self.files / name / source.name)
            elif source and source.is_file():
                copy_file(source, self.files / name / source.name)


def saved_settings(settings: Settings) -> dict[str, str]:
    """Return the settings that are not secret, as text."""
    return {
        name: strip_credentials(str(getattr(settings, name)))
        for name in Settings.model_fields
        if name not in UNSAVED_SETTINGS
    }


def differing_settings(record: BackupRecord, settings: Settings) -> list[str]:
    """Return the variables of a backup that have another value here, except where things are."""
    current = saved_settings(settings)
    places = {"elasticsearch_url", "elasticsearch_ca", "elasticsearch_fingerprint", "data", "cache", "alias"}
    return [
        f"{ENV_PREFIX}{name.upper()}={value}"
        for name, value in record.settings.items()
        if name in current and name not in places and value != current[name]
    ]


def copy_files(source: Path, target: Path, *, title: str = "") -> int:
    """Copy what is new or changed below a folder and return how many files it has; a `title` shows the progress."""
    count = 0
    for file in track(list_files(source), title) if title else list_files(source):
        copy_file(file, target / file.relative_to(source))
        count += 1
    return count


def mirror_files(source: Path, target: Path) -> None:
    """Copy what is new or changed below a folder, then delete what the source does not have."""
    copy_files(source, target)
    names = {file.relative_to(source) for file in list_files(source)}
    for file in [file for file in list_files(target) if file.relative_to(target) not in names]:
        file.unlink()


def copy_file(source: Path, target: Path) -> None:
    """Copy a file with its time, unless the target has the same size and time."""
    try:
        if _state(source) == _state(target):
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(target) as temporary_file:
            shutil.copy2(source, temporary_file)
    except OSError as error:
        raise FrontispieceError(
            f"{source} could not be copied to {target}: {error.strerror or error}; the same command continues"
        ) from error


def list_files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder; none if there is no such folder."""
    return (file for file in folder.rglob("*") if file.is_file())


def _state(file: Path) -> Sequence[Any] | None:
    if not file.is_file():
        return None
    file_stat = file.stat()
    return file_stat.st_size, file_stat.st_mtime_ns
