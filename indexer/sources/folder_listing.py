"""A folder and everything below it, listed once: which ALTO, scans, METS, records and tables are there."""

import os
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from indexer.formats import xml_loader
from indexer.formats.mets import ROOTS
from indexer.formats.mets.files import IMAGES, MetsFile
from indexer.sources import names
from indexer.sources.files import Files

TABLES = {".csv", ".tsv"}


class Shelf:
    """What lies below a folder; the files are looked into only when they are asked for."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.closed: list[tuple[str, str]] = []
        """Folders that may not be read, and why."""
        self.files = tuple(self._walk())
        self._kinds: dict[Path, str] = {}

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
            self._kinds[path] = xml_loader.kind(path)
        return self._kinds[path]

    @cached_property
    def xml(self) -> tuple[Path, ...]:
        return tuple(each for each in self.files if each.name.lower().endswith((".xml", ".xml.gz", ".alto", ".mets")))

    @cached_property
    def altos(self) -> Files:
        return Files(self.root, (each for each in self.xml if self.kind(each) == "alto"))

    @cached_property
    def images(self) -> Files:
        return Files(self.root, (each for each in self.files if each.suffix.lower() in IMAGES))

    @cached_property
    def mets_in(self) -> Counter[Path]:
        """How many METS files each folder holds."""
        return Counter(each.parent for each in self.xml if self.kind(each) in ROOTS)

    @cached_property
    def tables(self) -> tuple[Path, ...]:
        return tuple(each for each in self.files if each.suffix.lower() in TABLES)

    @cached_property
    def json(self) -> tuple[Path, ...]:
        return tuple(each for each in self.files if each.suffix.lower() == ".json")

    def relative(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def find(self, mets: Path, file: MetsFile, kind: str) -> Path | None:
        """A file that a METS names: where its href says, else by its name below the METS's folder.

        Where no other METS lies in that folder, even `00000001` means a page of this one.
        """
        files = self.altos if kind == "alto" else self.images
        exact = Path(os.path.normpath(mets.parent / file.path.lstrip("/")))
        if exact in files:
            return exact
        stem = names.stem(Path(file.path).name)
        telling = names.telling(stem)
        if (telling or self.mets_in[mets.parent] == 1) and (below := files.below(mets.parent, stem)):
            return max(below, key=lambda each: each.stat().st_size)
        candidates = files.by_stem.get(stem, [])
        return candidates[0] if len(candidates) == 1 and telling else None
