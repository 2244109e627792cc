"""Indexes of the files below a folder, by name and by place."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from core.text import normalise_text
from indexer.sources import file_names


class FileIndex:
    """The ALTO files or the pictures of a collection, of which a thousand may be called `0001`."""

    def __init__(self, root: Path, paths: Iterable[Path]) -> None:
        self.root = root
        self._paths = dict.fromkeys(paths)

    def __iter__(self) -> Iterator[Path]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __contains__(self, path: object) -> bool:
        return path in self._paths

    def find(self, path: Path) -> Path | None:
        """Return the file at a path, in whatever Unicode form and case the disk and the path have its name.

        Windows and macOS find a file in any case. If several files differ only in case, none of them is meant.
        """
        if path in self._paths:
            return path
        normal_form = normalise_text(str(path))
        return self._paths_by_normal_form.get(normal_form) or self._paths_by_case.get(normal_form.casefold())

    @cached_property
    def _paths_by_normal_form(self) -> dict[str, Path]:
        return {normalise_text(str(path)): path for path in self._paths}

    @cached_property
    def _paths_by_case(self) -> dict[str, Path | None]:
        paths: dict[str, Path | None] = {}
        for normal_form, path in self._paths_by_normal_form.items():
            paths[normal_form.casefold()] = None if normal_form.casefold() in paths else path
        return paths

    def has_stem(self, stem: str) -> bool:
        """Return whether any file has this stem, in any case."""
        return stem.casefold() in self._paths_by_folded_stem

    @cached_property
    def _paths_by_folded_stem(self) -> dict[str, list[Path]]:
        paths_by_stem: dict[str, list[Path]] = {}
        for stem, paths in self.by_stem.items():
            paths_by_stem.setdefault(stem.casefold(), []).extend(paths)
        return paths_by_stem

    @cached_property
    def by_stem(self) -> dict[str, list[Path]]:
        paths_by_stem: dict[str, list[Path]] = {}
        for path in self._paths:
            paths_by_stem.setdefault(file_names.stem(path.name), []).append(path)
        return paths_by_stem

    @cached_property
    def by_folder(self) -> dict[Path, dict[str, list[Path]]]:
        """Files by folder and then by stem; folders are in natural order."""
        paths_by_folder: dict[Path, dict[str, list[Path]]] = {}
        for path in self._paths:
            paths_by_folder.setdefault(path.parent, {}).setdefault(file_names.stem(path.name), []).append(path)
        return paths_by_folder

    @cached_property
    def _folders_by_ancestor(self) -> dict[Path, list[Path]]:
        return group_by_ancestor(self.root, self.by_folder)

    def find_below(self, folder: Path, stem: str) -> list[Path]:
        """Return the files with that stem in a folder and below it, in another case if there is none in this one."""
        subfolders, matches = self._folders_by_ancestor.get(folder, []), self.by_stem.get(stem, [])
        if not matches:
            matches = self._paths_by_folded_stem.get(stem.casefold(), [])
            return [path for path in matches if path.is_relative_to(folder)]
        if len(matches) < len(subfolders):
            return [path for path in matches if path.is_relative_to(folder)]
        return [path for subfolder in subfolders for path in self.by_folder[subfolder].get(stem, [])]


def file_size(path: Path) -> int:
    """Return the size of a file in bytes; 0 if it has vanished since its folder was listed."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def folder_and_ancestors(root: Path, folder: Path) -> Iterator[Path]:
    """Yield a folder and the folders above it, up to the root."""
    while folder.is_relative_to(root):
        yield folder
        folder = folder.parent


def group_by_ancestor(root: Path, folders: Iterable[Path]) -> dict[Path, list[Path]]:
    """Return, for each ancestor, the members of `folders` in or below it, in the given order."""
    folders_by_ancestor: dict[Path, list[Path]] = {}
    for folder in folders:
        for ancestor in folder_and_ancestors(root, folder):
            folders_by_ancestor.setdefault(ancestor, []).append(folder)
    return folders_by_ancestor


def folder_source(folder: str | Path) -> str:
    """Return a folder as the source of a volume: with a slash at the end, so that it is known from a file."""
    return f"{str(folder).rstrip('/')}/"
