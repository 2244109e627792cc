"""A listing of a folder and everything below it: ALTO, scans, METS, records and tables."""

import os
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from indexer.formats import xml_loader
from indexer.formats.mets import ROOT_ELEMENTS
from indexer.formats.mets.files import IMAGE_SUFFIXES
from indexer.sources import file_names
from indexer.sources.files import FileIndex

TABLE_SUFFIXES = {".csv", ".tsv"}


class FolderListing:
    """The files below a folder; a file is opened only when its kind is needed."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.unreadable: list[tuple[str, str]] = []
        """Folders that cannot be read, each with the reason."""
        self.files = tuple(self._walk())
        self._root_elements: dict[Path, str] = {}

    def _walk(self) -> Iterator[Path]:
        """Yield every file that is not hidden, by folder in natural order; links to folders are not followed."""
        for folder, subfolders, files in os.walk(self.root, onerror=self._record_unreadable):
            subfolders[:] = sorted(
                (name for name in subfolders if not name.startswith(".")), key=file_names.natural_sort_key
            )
            yield from (
                Path(folder, name)
                for name in sorted(files, key=file_names.natural_sort_key)
                if not name.startswith(".")
            )

    def _record_unreadable(self, error: OSError) -> None:
        self.unreadable.append((str(error.filename), error.strerror or str(error)))

    def root_element(self, path: Path) -> str:
        """Return the local name of an XML file's root element, empty if it has none."""
        if path not in self._root_elements:
            self._root_elements[path] = xml_loader.root_element_name(path)
        return self._root_elements[path]

    @cached_property
    def xml_files(self) -> tuple[Path, ...]:
        return tuple(path for path in self.files if path.name.lower().endswith((".xml", ".xml.gz", ".alto", ".mets")))

    @cached_property
    def alto_files(self) -> FileIndex:
        return FileIndex(self.root, (path for path in self.xml_files if self.root_element(path) == "alto"))

    @cached_property
    def image_files(self) -> FileIndex:
        return FileIndex(self.root, (path for path in self.files if path.suffix.lower() in IMAGE_SUFFIXES))

    @cached_property
    def mets_counts(self) -> Counter[Path]:
        """The number of METS files in each folder, without Goobi's records of a whole work (`meta_anchor.xml`)."""
        return Counter(
            path.parent
            for path in self.xml_files
            if self.root_element(path) in ROOT_ELEMENTS and not path.name.lower().endswith("_anchor.xml")
        )

    @cached_property
    def table_files(self) -> tuple[Path, ...]:
        return tuple(path for path in self.files if path.suffix.lower() in TABLE_SUFFIXES)

    @cached_property
    def json_files(self) -> tuple[Path, ...]:
        return tuple(path for path in self.files if path.suffix.lower() == ".json")

    def relative_path(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()
