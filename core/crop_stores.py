"""Where the crops are: a folder that all machines see, or an object store such as S3 through fsspec."""

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from core.crop_folder import FolderCropStore
from core.remote_crops import RemoteCropStore
from core.settings import Settings

MIN_COPIES_BYTES = 100_000_000
"""A copy must not make room before it has been read."""


class CropStore(Protocol):
    """Crops by their names, `ab/cdef.jpg`; a name that leads elsewhere finds nothing and changes nothing."""

    def find(self, name: str) -> Path | None:
        """Return a file on this machine with the crop; None if there is no such crop."""
        ...

    def check_writable(self) -> None:
        """Raise FrontispieceError if no crop can be written, before the work that makes some."""
        ...

    def describe(self, name: str) -> str:
        """Return where a crop is, for messages."""
        ...

    def complete_names(self, names: Iterable[str]) -> set[str]:
        """Return those names whose crops are there and complete."""
        ...

    def write(self, name: str, content: bytes) -> None:
        """Write a crop, so that nobody ever reads a part of it; OSError if that fails."""
        ...

    def delete(self, name: str) -> None:
        """Delete a crop, if it is there."""
        ...


def open_crop_store(settings: Settings) -> CropStore:
    """Return where the crops of the settings are."""
    if settings.has_remote_crops:
        max_bytes = max(settings.image_cache_bytes, MIN_COPIES_BYTES)
        return RemoteCropStore(settings.crops, settings.cache / "crops", max_bytes)
    return FolderCropStore(settings.crops_folder)
