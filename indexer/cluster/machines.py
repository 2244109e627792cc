"""What the machines of a cluster share, and what each has of its own."""

import os
import platform
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from core.errors import FrontispieceError
from core.settings import Settings
from indexer.records import is_url

MACHINE_SETTINGS = frozenset(
    {"cache", "weights", "device", "elasticsearch_api_key", "elasticsearch_ca", "elasticsearch_fingerprint"}
)
"""Settings that a machine takes from its own environment, if it has them there."""
SECRETS = ("elasticsearch_api_key", "status_token")


def shared_settings(settings: Settings, *, is_local: bool) -> Settings:
    """Return the settings as they are sent to workers: with absolute paths, and without secrets to other machines."""
    secrets = {} if is_local else dict.fromkeys(SECRETS, SecretStr(""))
    scan_folders = (str(Path(folder).absolute()) for folder in settings.scans.split(os.pathsep) if folder)
    paths = {
        "data": settings.data.absolute(),
        "crops": settings.crops if settings.has_remote_crops else str(settings.crops_folder.absolute()),
        "cache": settings.cache.absolute(),
        "weights": settings.weights and settings.weights.absolute(),
        "scans": os.pathsep.join(scan_folders),
    }
    return settings.model_copy(update={**paths, **secrets})


def machine_settings(settings: Settings, *, is_local: bool) -> Settings:
    """Return the settings of a run on this machine of the cluster."""
    if is_local:
        return settings
    own = Settings.from_environ()
    names = own.model_fields_set & MACHINE_SETTINGS
    return settings.model_copy(update={name: getattr(own, name) for name in names})


@contextmanager
def shared_marker(folder: Path) -> Iterator[Path]:
    """Put a file into the shared data folder for the time of a run and yield it."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(prefix=".run-", dir=folder) as file:
        yield Path(file.name)


def absolute_locations(locations: Sequence[str]) -> list[str]:
    """Return the sources of a run with absolute paths: a worker is started in another folder."""
    return [location if is_url(location) else str(Path(location).absolute()) for location in locations]


def existing_paths(locations: Sequence[str]) -> tuple[str, ...]:
    """Return those sources of a run that are files or folders."""
    return tuple(location for location in locations if not is_url(location) and Path(location).exists())


def check_shared_storage(marker: Path, paths: Sequence[str]) -> None:
    """Raise an error if this machine does not see the data folder or the sources of a run."""
    machine = platform.node()
    if not marker.is_file():
        raise FrontispieceError(
            f"the machine {machine} does not see the data folder {marker.parent} of this run: mount the same storage "
            "at the same path on every machine, or set FRONTISPIECE_DATA to a folder that all of them see"
        )
    for path in paths:
        if not Path(path).exists():
            raise FrontispieceError(
                f"the machine {machine} does not see {path}: mount the books at the same path on every machine"
            )
