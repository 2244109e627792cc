"""Pictures that are not the scan of a page: each is indexed as a whole, in a book per folder or per record."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from core.errors import ProblemCode
from indexer.formats.catalogue_tables import CatalogueRow
from indexer.images.tiff_scans import split_tiff_leaves
from indexer.records import Leaf, Problem, Volume
from indexer.sources import file_names
from indexer.sources.catalogue import Catalogue
from indexer.sources.files import folder_source
from indexer.sources.folder_listing import FolderListing

BookIdentity = tuple[str, ...]


def find_picture_volumes(
    listing: FolderListing, catalogue: Catalogue, claimed_paths: set[Path]
) -> Iterator[Volume | Problem]:
    """Yield a volume for each folder of pictures, or for each book that a table names."""
    scan_folders = {path.parent for path in claimed_paths}
    for folder, pictures in _group_by_folder(listing, claimed_paths).items():
        rows = {path: catalogue.file_row(path) for path in pictures}
        described_rows = {path: row for path, row in rows.items() if folder not in scan_folders or row.values}
        if len(described_rows) < len(pictures):
            scan_count = len(pictures) - len(described_rows)
            reason = "1 scan has no ALTO" if scan_count == 1 else f"{scan_count:,} scans have no ALTO"
            yield Problem(str(folder), reason, ProblemCode.UNUSED)
        yield from _folder_volumes(listing, folder, described_rows)


def _group_by_folder(listing: FolderListing, claimed_paths: set[Path]) -> dict[Path, list[Path]]:
    paths_by_folder: dict[Path, list[Path]] = {}
    for path in listing.image_files:
        if path not in claimed_paths:
            paths_by_folder.setdefault(path.parent, []).append(path)
    return paths_by_folder


def _folder_volumes(listing: FolderListing, folder: Path, rows: dict[Path, CatalogueRow]) -> Iterator[Volume]:
    paths_by_identity: dict[BookIdentity, list[Path]] = {}
    for path, row in rows.items():
        paths_by_identity.setdefault(row.identity, []).append(path)
    identifier_counts = Counter(identity[0] for identity in paths_by_identity)
    for identity, paths in paths_by_identity.items():
        has_identity = any(identity)
        # An identifier that the folder gives to several books, such as an album's, is none of a book.
        own_identifier = identity[0] if identifier_counts[identity[0]] == 1 else ""
        described_id = own_identifier or file_names.picture_identifier(listing.origin_path(paths[0]))
        first_row = rows[paths[0]]
        common_row = CatalogueRow(
            tuple(cell for cell in first_row.values if all(rows[path].get(cell[0]) == cell[1] for path in paths))
        )
        leaves, warnings = split_tiff_leaves(_picture_leaves(listing, paths, rows))
        yield Volume(
            book=common_row.to_book(
                described_id if has_identity else file_names.folder_identifier(listing.origin_path(folder))
            ),
            leaves=leaves,
            source=folder_source(listing.origin_path(folder)),
            warnings=warnings,
            is_complete=not has_identity,
        )


def _picture_leaves(listing: FolderListing, paths: list[Path], rows: dict[Path, CatalogueRow]) -> Iterator[Leaf]:
    for number, path in enumerate(paths, start=1):
        yield Leaf(
            id=file_names.picture_identifier(listing.origin_path(path)),
            number=number,
            scan=str(path),
            catalogue_label=rows[path].get("label"),
            caption=rows[path].get("caption"),
        )
