"""Files of one kind below a folder, found by name and by place without looking at them all."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from indexer.sources import names


class Files:
    """The ALTO files, or the pictures, of a collection: a thousand of them may be called `0001`."""

    def __init__(self, root: Path, paths: Iterable[Path]) -> None:
        self.root = root
        self._paths = dict.fromkeys(paths)

    def __iter__(self) -> Iterator[Path]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __contains__(self, path: object) -> bool:
        return path in self._paths

    @cached_property
    def by_stem(self) -> dict[str, list[Path]]:
        found: dict[str, list[Path]] = {}
        for path in self._paths:
            found.setdefault(names.stem(path.name), []).append(path)
        return found

    @cached_property
    def by_folder(self) -> dict[Path, dict[str, list[Path]]]:
        """By folder, then by stem; the folders in natural order."""
        found: dict[Path, dict[str, list[Path]]] = {}
        for path in self._paths:
            found.setdefault(path.parent, {}).setdefault(names.stem(path.name), []).append(path)
        return found

    @cached_property
    def _folders_below(self) -> dict[Path, list[Path]]:
        return folders_below(self.root, self.by_folder)

    def below(self, folder: Path, stem: str) -> list[Path]:
        """The files of that name in a folder and in all that are within it."""
        places, named = self._folders_below.get(folder, []), self.by_stem.get(stem, [])
        if len(named) < len(places):
            return [path for path in named if path.is_relative_to(folder)]
        return [path for place in places for path in self.by_folder[place].get(stem, [])]


def up_to(root: Path, folder: Path) -> Iterator[Path]:
    """A folder and those around it, up to the root."""
    while folder.is_relative_to(root):
        yield folder
        folder = folder.parent


def folders_below(root: Path, folders: Iterable[Path]) -> dict[Path, list[Path]]:
    """For each folder those of `folders` that it is or holds, in the order given."""
    found: dict[Path, list[Path]] = {}
    for folder in folders:
        for above in up_to(root, folder):
            found.setdefault(above, []).append(folder)
    return found
