"""A folder and everything below it, listed once: which ALTO, scans, METS, records and tables are there."""

import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from indexer import xml_files
from indexer.mets.files import IMAGES, MetsFile
from indexer.sources import names

TABLES = {".csv", ".tsv"}


class Shelf:
    """What lies below a folder; the files are looked into only when they are asked for."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.closed: list[tuple[str, str]] = []
        """Folders that may not be read, and why."""
        self.files = tuple(self._walk())
        self._kinds: dict[Path, str] = {}
        self._present = frozenset(self.files)

    def _walk(self) -> Iterator[Path]:
        """Every file but hidden ones, folder by folder in natural order; folders behind links are not entered."""
        for folder, below, files in os.walk(self.root, onerror=self._is_closed):
            below[:] = sorted((each for each in below if not each.startswith(".")), key=names.natural)
            yield from (Path(folder, each) for each in sorted(files, key=names.natural) if not each.startswith("."))

    def _is_closed(self, error: OSError) -> None:
        self.closed.append((str(error.filename), error.strerror or str(error)))

    def kind(self, path: Path) -> str:
        """The root element of an XML file."""
        if path not in self._kinds:
            self._kinds[path] = xml_files.kind(path)
        return self._kinds[path]

    @cached_property
    def xml(self) -> tuple[Path, ...]:
        return tuple(each for each in self.files if each.name.lower().endswith((".xml", ".xml.gz", ".alto", ".mets")))

    @cached_property
    def altos(self) -> tuple[Path, ...]:
        return tuple(each for each in self.xml if self.kind(each) == "alto")

    @cached_property
    def images(self) -> tuple[Path, ...]:
        return tuple(each for each in self.files if each.suffix.lower() in IMAGES)

    @cached_property
    def tables(self) -> tuple[Path, ...]:
        return tuple(each for each in self.files if each.suffix.lower() in TABLES)

    @cached_property
    def json(self) -> tuple[Path, ...]:
        return tuple(each for each in self.files if each.suffix.lower() == ".json")

    @cached_property
    def altos_by_stem(self) -> dict[str, list[Path]]:
        return _by_stem(self.altos)

    @cached_property
    def images_by_stem(self) -> dict[str, list[Path]]:
        return _by_stem(self.images)

    def relative(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def scan_of(self, alto: Path) -> list[Path]:
        """The pictures that can be an ALTO file's scan, the likeliest first."""
        stem = names.stem(alto.name)
        found = self.images_by_stem.get(stem, [])
        alone = len(found) == 1 and len(self.altos_by_stem.get(stem, [])) == 1 and names.telling(stem)
        near = [(distance, image) for image in found if (distance := _distance(alto.parent, image.parent)) is not None]
        best = sorted(near, key=lambda each: (each[0], -each[1].stat().st_size))
        return [image for _, image in best] or (found if alone else [])

    def find(self, mets: Path, file: MetsFile, kind: str, *, alone: bool) -> Path | None:
        """A file that a METS names: where its href says, else by its name below the METS's folder.

        `alone` says that no other METS lies in that folder, so that even `00000001` means a page of this one.
        """
        wanted = self.altos_by_stem if kind == "alto" else self.images_by_stem
        stem = names.stem(Path(file.path).name)
        candidates = wanted.get(stem, [])
        exact = Path(os.path.normpath(mets.parent / file.path.lstrip("/")))
        if exact in self._present and exact in candidates:
            return exact
        below = [each for each in candidates if each.is_relative_to(mets.parent)]
        if below and (alone or names.telling(stem)):
            return max(below, key=lambda each: each.stat().st_size)
        return candidates[0] if len(candidates) == 1 and names.telling(stem) else None


def _by_stem(paths: tuple[Path, ...]) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for path in paths:
        found.setdefault(names.stem(path.name), []).append(path)
    return found


def _distance(alto: Path, image: Path) -> int | None:
    """How sensible a place for the scan is: 0 beside the ALTO … 3 in a mirrored tree; None is no place at all."""
    if alto == image:
        return 0
    if image.is_relative_to(alto) or alto.is_relative_to(image):
        return 1
    if alto.parent == image.parent or image.is_relative_to(alto.parent):
        return 2
    different = sum(a != b for a, b in zip(alto.parts, image.parts, strict=False))
    return 3 if len(alto.parts) == len(image.parts) and different == 1 else None
