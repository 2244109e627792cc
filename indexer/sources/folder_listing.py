"""A listing of a folder and everything below it: OCR, scans, METS, records and tables."""

import os
from collections import Counter
from collections.abc import Iterator
from enum import Enum, auto
from functools import cached_property
from itertools import groupby
from pathlib import Path

from core.image_files import IMAGE_SUFFIXES
from indexer.formats import mets, ocr_files, xml_loader
from indexer.formats.ocr_files import OcrFormat
from indexer.sources import file_names
from indexer.sources.files import FileIndex

XML_SUFFIXES = (".xml", ".xml.gz", ".alto", ".mets")
TABLE_SUFFIXES = {".csv", ".tsv"}

SYSTEM_FOLDERS = {"__macosx", "@eadir", "$recycle.bin", "system volume information", "lost+found"}
"""Folders that operating systems and disk stations make, in lower case."""


class SpecialFile(Enum):
    """An entry of a folder that is not read."""

    LINKED_FOLDER = auto()
    BROKEN_LINK = auto()
    DEVICE = auto()
    """Also a pipe or a socket."""


def is_hidden_name(name: str) -> bool:
    """Return whether people do not see a file or folder of this name."""
    return name.startswith(".") or name.lower() in SYSTEM_FOLDERS


def is_table(path: Path) -> bool:
    return path.suffix.lower() in TABLE_SUFFIXES


def _special_kind(entry: os.DirEntry[str]) -> SpecialFile | None:
    """Return what kind of special file an entry is; None for a file, or a link to one."""
    try:
        if entry.is_file():
            return None
        if entry.is_dir():
            return SpecialFile.LINKED_FOLDER
    except OSError:  # a link to itself
        return SpecialFile.BROKEN_LINK
    return SpecialFile.BROKEN_LINK if entry.is_symlink() and not Path(entry.path).exists() else SpecialFile.DEVICE


class FolderListing:
    """The files below a folder; a file is opened only when its kind is needed."""

    def __init__(self, root: Path, origin: Path | None = None) -> None:
        """List the folder; `origin` is where its archive would have been unpacked, for ids that do not change."""
        self.root = root.resolve()
        self._origin = origin or self.root
        self.unreadable: list[tuple[str, str]] = []
        """Folders that cannot be read, each with the reason."""
        self.hidden_files: list[Path] = []
        """Files that are hidden or in a hidden folder."""
        self.special_files: dict[Path, SpecialFile] = {}
        """What is neither a folder nor a regular file."""
        self.unread_files: set[Path] = set()
        """Files of books that are left out; a problem names each book."""
        self.files = tuple(self._walk())
        self._root_elements: dict[Path, str] = {}
        self._ocr_formats: dict[Path, OcrFormat | None] = {}
        self._mets_counts: dict[Path, int] = {}

    def _walk(self) -> Iterator[Path]:
        """Yield every file that is not hidden, by folder in natural order; links to folders are not followed."""
        folders = [(self.root, False)]
        while folders:
            folder, is_hidden = folders.pop()
            subfolders = []
            for entry in self._scan_folder(folder, is_hidden=is_hidden):
                path, is_hidden_entry = Path(entry.path), is_hidden or is_hidden_name(entry.name)
                if entry.is_dir(follow_symlinks=False):
                    subfolders.append((path, is_hidden_entry))
                elif is_hidden_entry:
                    self.hidden_files.append(path)
                elif special := _special_kind(entry):
                    self.special_files[path] = special
                else:
                    yield path
            folders += reversed(subfolders)

    def _scan_folder(self, folder: Path, *, is_hidden: bool) -> list[os.DirEntry[str]]:
        """Return the entries of a folder in natural order; none, and a note, if it cannot be read."""
        try:
            with os.scandir(folder) as entries:
                return sorted(entries, key=lambda entry: file_names.natural_sort_key(entry.name))
        except OSError as error:
            if not is_hidden:
                self.unreadable.append((str(folder), error.strerror or str(error)))
            return []

    def root_element(self, path: Path) -> str:
        """Return the local name of an XML file's root element, empty if it has none."""
        if path not in self._root_elements:
            self._read_head(path)
        return self._root_elements[path]

    def ocr_format(self, path: Path) -> OcrFormat | None:
        """Return the format of a file of OCR; None if it is none."""
        if not path.name.lower().endswith(ocr_files.FILE_SUFFIXES):
            return None
        if path not in self._ocr_formats:
            self._read_head(path)
        return self._ocr_formats[path]

    def _read_head(self, path: Path) -> None:
        head = xml_loader.read_head(path)
        self._root_elements[path] = xml_loader.root_element_in(head)
        self._ocr_formats[path] = ocr_files.identify_ocr(head)

    def is_mets(self, path: Path) -> bool:
        """Return whether a file is METS, or an OAI-PMH answer with METS inside."""
        return self.mets_count(path) > 0

    def mets_count(self, path: Path) -> int:
        """Return the number of METS documents in a file."""
        if path not in self._mets_counts:
            root = self.root_element(path) if path.name.lower().endswith(XML_SUFFIXES) else ""
            is_container = root in mets.CONTAINER_ELEMENTS
            self._mets_counts[path] = mets.count_mets(path) if is_container else int(root in mets.ROOT_ELEMENTS)
        return self._mets_counts[path]

    @cached_property
    def files_by_folder(self) -> dict[Path, list[Path]]:
        return {folder: list(paths) for folder, paths in groupby(self.files, lambda path: path.parent)}

    @cached_property
    def xml_files(self) -> tuple[Path, ...]:
        return tuple(path for path in self.files if path.name.lower().endswith(XML_SUFFIXES))

    @cached_property
    def ocr_files(self) -> FileIndex:
        """The files of ALTO, PAGE-XML, hOCR and DjVu XML."""
        return FileIndex(self.root, (path for path in self.files if self.ocr_format(path)))

    @cached_property
    def other_texts(self) -> frozenset[Path]:
        """Files of OCR for a page that also has a file in a preferred format: under its name, in the same book."""
        paths_by_page: dict[tuple[Path, str], list[Path]] = {}
        for path in self.ocr_files:
            page_name = (file_names.content_parent(path), file_names.stem(path.name))
            paths_by_page.setdefault(page_name, []).append(path)
        return frozenset(path for paths in paths_by_page.values() for path in self._other_texts(paths))

    def _other_texts(self, paths: list[Path]) -> Iterator[Path]:
        if len(paths) > 1:
            ranks = {path: list(OcrFormat).index(self.ocr_format(path) or OcrFormat.ALTO) for path in paths}
            yield from (path for path, rank in ranks.items() if rank > min(ranks.values()))

    @cached_property
    def image_files(self) -> FileIndex:
        return FileIndex(self.root, (path for path in self.files if path.suffix.lower() in IMAGE_SUFFIXES))

    @cached_property
    def mets_counts(self) -> Counter[Path]:
        """The number of METS documents in each folder, without Goobi's records of a whole work (`meta_anchor.xml`)."""
        counts = Counter[Path]()
        for path in self.xml_files:
            if not path.name.lower().endswith("_anchor.xml"):
                counts[path.parent] += self.mets_count(path)
        return counts

    @cached_property
    def table_files(self) -> tuple[Path, ...]:
        return tuple(filter(is_table, self.files))

    @cached_property
    def json_files(self) -> tuple[Path, ...]:
        return tuple(path for path in self.files if path.suffix.lower() == ".json")

    def origin_path(self, path: Path) -> Path:
        """Return the path that ids are made of: of an unpacked file, where people would have unpacked it."""
        return self._origin / path.relative_to(self.root) if self._origin != self.root else path

    def relative_path(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()
