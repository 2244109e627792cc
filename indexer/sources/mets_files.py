"""The files on disk that a METS names, whose hrefs may be those of another machine."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from indexer.formats.mets.files import MetsFile
from indexer.sources import file_names
from indexer.sources.files import file_size
from indexer.sources.folder_listing import FolderListing


def find_mets_file(listing: FolderListing, mets: Path, file: MetsFile, file_type: str) -> Path | None:
    """Return a file that a METS names: at the place of its href, else by its name below the folder of the METS.

    If the folder has no other METS, even a name like `00000001` identifies a page of this one.
    """
    files = listing.ocr_files if file_type == "alto" else listing.image_files
    names = {PurePosixPath(path).name for path in (file.path, file.literal_path)}
    if not any(files.has_stem(file_names.stem(name)) for name in names):
        return None
    for path in _possible_paths(listing.root, mets.parent, file):
        if match := files.find(path):
            return match
    stem = file_names.stem(PurePosixPath(file.path).name)
    is_distinctive = file_names.is_distinctive(stem)
    if (is_distinctive or listing.mets_counts[mets.parent] == 1) and (matches := files.find_below(mets.parent, stem)):
        return max(matches, key=lambda match: (match not in listing.other_texts, file_size(match)))
    candidates = files.by_stem.get(stem, ()) if is_distinctive else ()
    candidates = [path for path in candidates if path not in listing.other_texts]
    return candidates[0] if len(candidates) == 1 else None


def _possible_paths(root: Path, folder: Path, file: MetsFile) -> Iterator[Path]:
    """Yield the places of a file: that of its href, then those of the last folders of its href beside the METS.

    Goobi writes `file:///opt/goobi/metadata/37571/images/scans_tif/00000001.tif` for `images/scans_tif/00000001.tif`.
    """
    paths = dict.fromkeys(filter(None, (file.path.lstrip("/"), file.literal_path.lstrip("/"))))
    yield from (Path(os.path.normpath(folder / path)) for path in paths)
    folders = [folder, folder.parent] if folder != root else [folder]
    for path in paths:
        parts = [part for part in PurePosixPath(path).parts if part not in (".", "..")]
        for start in range(1, len(parts) - 1):
            yield from (Path(ancestor, *parts[start:]) for ancestor in folders)
