"""Scans of ALTO files: for each ALTO file the picture with the same name in the most plausible place.

A collection may have a thousand pages called `0001`, so a page is not compared with every picture of its name.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from indexer.sources import file_names
from indexer.sources.files import folder_and_ancestors, group_by_ancestor
from indexer.sources.folder_listing import FolderListing


def match_scans(listing: FolderListing, altos: Sequence[Path], claimed_paths: set[Path]) -> dict[Path, Path]:
    """Return each ALTO file's scan, and claim all pictures of that name nearby: they are copies of the same page."""
    scans_by_alto: dict[Path, Path] = {}
    candidates = dict(_scan_candidates(listing, altos, claimed_paths))
    owners: dict[Path, Path] = {}
    for alto, images in candidates.items():
        for image in images:
            # If two books have a `0001`, the scan belongs to the nearer one.
            if image not in owners or _step_count(alto, image) < _step_count(owners[image], image):
                owners[image] = alto
    for alto, images in candidates.items():
        own_images = [image for image in images if owners[image] == alto]
        claimed_paths.update([alto, *own_images])
        if own_images:
            scans_by_alto[alto] = own_images[0]
    return scans_by_alto


def _scan_candidates(
    listing: FolderListing, altos: Sequence[Path], claimed_paths: set[Path]
) -> Iterator[tuple[Path, list[Path]]]:
    """Yield each ALTO file with its possible scans, the most likely first."""
    image_files = listing.image_files
    alto_keys = {(alto.parent, file_names.stem(alto.name)) for alto in altos}
    # A picture beside an ALTO file of its name belongs to it; other pictures may belong to an ALTO file elsewhere.
    unpaired = {(folder, stem) for folder, stems in image_files.by_folder.items() for stem in stems} - alto_keys
    unpaired_stems = {stem for _, stem in unpaired}
    unpaired_folders = {folder for folder, _ in unpaired}
    image_folders = _ImageFolders(
        listing.root, [folder for folder in image_files.by_folder if folder in unpaired_folders]
    )
    for folder, pages in groupby(altos, lambda path: path.parent):
        nearby_folders = image_folders.nearby_folders(folder)
        for alto in pages:
            stem = file_names.stem(alto.name)
            if (
                file_names.is_distinctive(stem)
                and len(image_files.by_stem.get(stem, ())) == _page_file_count(listing, stem) == 1
            ):
                candidates = image_files.by_stem[stem]
            else:
                nearby_matches = (
                    [entry for entry in nearby_folders if (entry[1], stem) in unpaired]
                    if stem in unpaired_stems
                    else []
                )
                candidates = _sort_by_distance(listing, [(0, folder), *nearby_matches], stem)
            yield alto, [image for image in candidates if image not in claimed_paths]


def _page_file_count(listing: FolderListing, stem: str) -> int:
    return sum(path not in listing.other_texts for path in listing.ocr_files.by_stem.get(stem, ()))


def _sort_by_distance(listing: FolderListing, folder_distances: Iterable[tuple[int, Path]], stem: str) -> list[Path]:
    """Sort pictures by distance; of equally near ones the largest file comes first."""
    images_by_folder = listing.image_files.by_folder
    pairs = [
        (distance, image)
        for distance, folder in folder_distances
        for image in images_by_folder.get(folder, {}).get(stem, ())
    ]
    return [image for _, image in sorted(pairs, key=lambda pair: (pair[0], -pair[1].stat().st_size))]


class _ImageFolders:
    """An index of the folders with pictures, searched from the folder of an ALTO file."""

    def __init__(self, root: Path, folders: Iterable[Path]) -> None:
        self._root = root
        self._order = {folder: number for number, folder in enumerate(folders)}
        self._folders_by_ancestor = group_by_ancestor(root, self._order)
        self._folders_by_pattern: dict[tuple[str, ...], list[Path]] = {}
        for folder in self._order:
            for pattern in self._mirror_patterns(folder):
                self._folders_by_pattern.setdefault(pattern, []).append(folder)

    def nearby_folders(self, alto_folder: Path) -> list[tuple[int, Path]]:
        """Return folders that may have the scan, other than the ALTO's own, each with its `_distance`."""
        ancestors = list(folder_and_ancestors(self._root, alto_folder))
        folders = {folder for folder in ancestors if folder in self._order}
        folders.update(self._folders_by_ancestor.get(ancestors[min(1, len(ancestors) - 1)], ()))
        folders.update(
            folder
            for pattern in self._mirror_patterns(alto_folder)
            for folder in self._folders_by_pattern.get(pattern, ())
        )
        folders.discard(alto_folder)
        return [(_distance(alto_folder, folder), folder) for folder in sorted(folders, key=self._order.__getitem__)]

    def _mirror_patterns(self, folder: Path) -> Iterator[tuple[str, ...]]:
        """Yield the path with each part replaced by a wildcard, so that `alto/1890/2` matches `scans/1890/2`."""
        path_parts = folder.relative_to(self._root).parts
        return ((*path_parts[:position], "/", *path_parts[position + 1 :]) for position in range(len(path_parts)))


def _distance(alto_folder: Path, image_folder: Path) -> int:
    """Return how far a scan's folder is: 1 for a folder inside the other, 2 for a sibling, 3 for a mirrored tree."""
    if image_folder.is_relative_to(alto_folder) or alto_folder.is_relative_to(image_folder):
        return 1
    return 2 if image_folder.is_relative_to(alto_folder.parent) else 3


def _step_count(alto: Path, image: Path) -> int:
    if alto.parent == image.parent:
        return 0
    return len(Path(os.path.relpath(image.parent, alto.parent)).parts)
