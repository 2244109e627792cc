"""Scans that a file of OCR names itself, for files without a scan of their own name."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from core.image_files import IMAGE_SUFFIXES
from indexer.formats import ocr_files
from indexer.records import Leaf
from indexer.sources import file_names
from indexer.sources.folder_listing import FolderListing


def add_named_scans(leaf: Leaf, ocr_file: Path, listing: FolderListing, claimed_paths: set[Path]) -> Leaf:
    """Return the leaf with the scans that its OCR names, and claim them; of several pages each has its own.

    Programs write paths of the machine on which they ran, so a scan is found by its name, near the file.
    """
    names = ocr_files.scan_names(ocr_file)
    scans = [_find_scan(ocr_file, name, listing, claimed_paths) for name in names]
    # One picture for several pages is a multi-page TIFF, or a name that means nothing.
    if not any(scans) or len(set(scans) - {None}) < sum(scan is not None for scan in scans):
        return leaf
    claimed_paths.update(scan for scan in scans if scan)
    if len(scans) == 1:
        return replace(leaf, scan=str(scans[0]))
    page_leaves = tuple(
        replace(leaf, id=f"{leaf.id}:{number}", number=number, scan=str(scan) if scan else None)
        for number, scan in enumerate(scans, start=1)
    )
    return replace(leaf, page_leaves=page_leaves)


def find_common_scan(leaves: Sequence[Leaf], listing: FolderListing, claimed_paths: set[Path]) -> Path | None:
    """Return the scan that all files of a book name, such as the multi-page TIFF that they were made from."""
    scans: set[Path | None] = set()
    for leaf in leaves:
        names = ocr_files.scan_names(Path(leaf.alto)) if leaf.alto else []
        scans.add(
            _find_scan(Path(leaf.alto), names[0], listing, claimed_paths) if leaf.alto and len(names) == 1 else None
        )
        if len(scans) > 1 or None in scans:
            return None
    return next(iter(scans), None)


def _find_scan(ocr_file: Path, name: str, listing: FolderListing, claimed_paths: set[Path]) -> Path | None:
    """Return the picture of that name in the folder of the file or below it, else beside or below its folder."""
    file_name = PurePosixPath(name.replace("\\", "/")).name
    if PurePosixPath(file_name).suffix.lower() not in (*IMAGE_SUFFIXES, ".djvu"):
        return None
    stem = file_names.stem(file_name)
    for folder in dict.fromkeys((ocr_file.parent, file_names.content_parent(ocr_file))):
        if folder.is_relative_to(listing.root):
            matches = [path for path in listing.image_files.find_below(folder, stem) if path not in claimed_paths]
            if matches:
                exact_matches = [path for path in matches if path.name == file_name]
                return min(exact_matches or matches, key=lambda path: len(path.parts))
    return None
