"""Scans of ALTO files: for each ALTO file the picture with the same name in the most plausible place.

A collection may have a thousand pages called `0001`, so a page is not compared with every picture of its name.
"""

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import groupby
from pathlib import Path

from indexer.sources import file_names
from indexer.sources.files import file_size, folder_and_ancestors
from indexer.sources.folder_listing import FolderListing

_Place = tuple[str, Path | tuple[str, ...]]
"""Where a folder is, seen from another one: `in` or `below` a folder, or `like` a path with a wildcard."""


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
    # A picture beside an ALTO file of its name belongs to it; other pictures may belong to an ALTO file elsewhere.
    alto_keys = {(alto.parent, file_names.stem(alto.name)) for alto in altos}
    unpaired_images = _UnpairedImages(listing.root, image_files.by_folder, alto_keys)
    page_counts = Counter(file_names.stem(path.name) for path in listing.ocr_files if path not in listing.other_texts)
    for folder, pages in groupby(altos, lambda path: path.parent):
        nearby_places = unpaired_images.nearby_places(folder)
        distance_to = cache(partial(_distance, folder))
        for alto in pages:
            stem = file_names.stem(alto.name)
            images = image_files.by_stem.get(stem, [])
            if file_names.is_distinctive(stem) and len(images) == page_counts[stem] == 1:
                candidates = images
            else:
                nearby_folders = unpaired_images.find_folders(stem, nearby_places)
                distances = [(distance_to(nearby), nearby) for nearby in nearby_folders if nearby != folder]
                candidates = _sort_by_distance(listing, [(0, folder), *distances], stem)
            yield alto, [image for image in candidates if image not in claimed_paths]


def _sort_by_distance(listing: FolderListing, folder_distances: Iterable[tuple[int, Path]], stem: str) -> list[Path]:
    """Sort pictures by distance; of equally near ones the largest file comes first."""
    images_by_folder = listing.image_files.by_folder
    pairs = [
        (distance, image)
        for distance, folder in folder_distances
        for image in images_by_folder.get(folder, {}).get(stem, ())
    ]
    return [image for _, image in sorted(pairs, key=lambda pair: (pair[0], -file_size(pair[1])))]


class _UnpairedImages:
    """An index of the pictures that have no ALTO file beside them, searched from the folder of an ALTO file."""

    def __init__(
        self, root: Path, images: Mapping[Path, Iterable[str]], alto_keys: Collection[tuple[Path, str]]
    ) -> None:
        self._root = root
        self._folders_by_stem: dict[str, dict[Path, None]] = {}
        for folder, stems in images.items():
            for stem in stems:
                if (folder, stem) not in alto_keys:
                    self._folders_by_stem.setdefault(stem, {})[folder] = None
        folders = {folder for stem_folders in self._folders_by_stem.values() for folder in stem_folders}
        self._order = {folder: number for number, folder in enumerate(filter(folders.__contains__, images))}
        self._folders_by_place: dict[_Place, list[Path]] = {}
        self._places_by_folder: dict[Path, frozenset[_Place]] = {}
        known_places: dict[_Place, _Place] = {}
        for folder in self._order:
            # Folders share the places of the folders above them, which would fill the memory otherwise.
            places = frozenset(known_places.setdefault(place, place) for place in self._places(folder))
            self._places_by_folder[folder] = places
            for place in places:
                self._folders_by_place.setdefault(place, []).append(folder)

    def find_folders(self, stem: str, places: Collection[_Place]) -> list[Path]:
        """Return the folders in any of these places that have a picture of that name, in natural order.

        Either all folders with such a picture are looked at, or all folders in the places: whichever are fewer.
        """
        stem_folders = self._folders_by_stem.get(stem, {})
        place_groups = [self._folders_by_place.get(place, []) for place in places] if stem_folders else []
        if len(stem_folders) <= sum(map(len, place_groups)):
            return [folder for folder in stem_folders if not self._places_by_folder[folder].isdisjoint(places)]
        nearby_folders = {folder for group in place_groups for folder in group}
        return sorted(nearby_folders & stem_folders.keys(), key=self._order.__getitem__)

    def nearby_places(self, alto_folder: Path) -> frozenset[_Place]:
        """Return where the scans of a folder of ALTO may be: in a folder above, beside or below it, or mirrored."""
        ancestors = list(folder_and_ancestors(self._root, alto_folder))
        return frozenset(
            [
                *(("in", ancestor) for ancestor in ancestors),
                ("below", ancestors[min(1, len(ancestors) - 1)]),
                *self._mirrors(alto_folder),
            ]
        )

    def _places(self, folder: Path) -> Iterator[_Place]:
        """Yield all places of a folder with pictures."""
        yield "in", folder
        yield from (("below", ancestor) for ancestor in folder_and_ancestors(self._root, folder))
        yield from self._mirrors(folder)

    def _mirrors(self, folder: Path) -> Iterator[_Place]:
        """Yield the path with each part replaced by a wildcard, so that `alto/1890/2` matches `scans/1890/2`."""
        parts = folder.relative_to(self._root).parts
        return (("like", (*parts[:position], "/", *parts[position + 1 :])) for position in range(len(parts)))


def _distance(alto_folder: Path, image_folder: Path) -> int:
    """Return how far a scan's folder is: 1 for a folder inside the other, 2 for a sibling, 3 for a mirrored tree."""
    if image_folder.is_relative_to(alto_folder) or alto_folder.is_relative_to(image_folder):
        return 1
    return 2 if image_folder.is_relative_to(alto_folder.parent) else 3


def _step_count(alto: Path, image: Path) -> int:
    if alto.parent == image.parent:
        return 0
    return len(Path(os.path.relpath(image.parent, alto.parent)).parts)
