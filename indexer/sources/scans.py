"""Which picture is the scan of which ALTO file: one of its name, in the most sensible place.

A collection has a thousand pages called `0001`, so no page is compared with all pictures of its name.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from indexer.sources import names
from indexer.sources.files import folders_below, up_to
from indexer.sources.folder_listing import Shelf


def scans(shelf: Shelf, altos: Sequence[Path], claimed: set[Path]) -> dict[Path, Path]:
    """Each ALTO file's scan; all pictures of that name nearby are claimed, for they are copies of the same page."""
    chosen: dict[Path, Path] = {}
    candidates = dict(_candidates(shelf, altos, claimed))
    owners: dict[Path, Path] = {}
    for alto, images in candidates.items():
        for image in images:
            # Of two books with a `0001` each, the nearer one has the scan.
            if image not in owners or _steps(alto, image) < _steps(owners[image], image):
                owners[image] = alto
    for alto, images in candidates.items():
        own = [image for image in images if owners[image] == alto]
        claimed.update([alto, *own])
        if own:
            chosen[alto] = own[0]
    return chosen


def _candidates(shelf: Shelf, altos: Sequence[Path], claimed: set[Path]) -> Iterator[tuple[Path, list[Path]]]:
    """The pictures that can be each ALTO file's scan, the likeliest first."""
    pictures = shelf.images
    homes = {(alto.parent, names.stem(alto.name)) for alto in altos}
    # A picture beside its ALTO is that one's; the others may belong to an ALTO in a folder around.
    strays = {(place, stem) for place, stems in pictures.by_folder.items() for stem in stems} - homes
    stray_stems = {stem for _, stem in strays}
    stray_places = {place for place, _ in strays}
    places = _Places(shelf.root, [each for each in pictures.by_folder if each in stray_places])
    for folder, pages in groupby(altos, lambda path: path.parent):
        near = places.near(folder)
        for alto in pages:
            stem = names.stem(alto.name)
            if names.telling(stem) and len(pictures.by_stem.get(stem, ())) == len(shelf.altos.by_stem[stem]) == 1:
                found = pictures.by_stem[stem]
            else:
                around = [each for each in near if (each[1], stem) in strays] if stem in stray_stems else []
                found = _sorted(shelf, [(0, folder), *around], stem)
            yield alto, [image for image in found if image not in claimed]


def _sorted(shelf: Shelf, places: Iterable[tuple[int, Path]], stem: str) -> list[Path]:
    """The nearest first, and the largest of those that lie equally near."""
    folders = shelf.images.by_folder
    near = [(distance, image) for distance, place in places for image in folders.get(place, {}).get(stem, ())]
    return [image for _, image in sorted(near, key=lambda each: (each[0], -each[1].stat().st_size))]


class _Places:
    """Folders of pictures, found from the folder of an ALTO file without looking at them all."""

    def __init__(self, root: Path, folders: Iterable[Path]) -> None:
        self._root = root
        self._order = {folder: number for number, folder in enumerate(folders)}
        self._below = folders_below(root, self._order)
        self._mirrored: dict[tuple[str, ...], list[Path]] = {}
        for folder in self._order:
            for pattern in self._patterns(folder):
                self._mirrored.setdefault(pattern, []).append(folder)

    def near(self, alto: Path) -> list[tuple[int, Path]]:
        """Folders where a scan may be, other than the ALTO's own, with how sensible a place each is."""
        around = list(up_to(self._root, alto))
        found = {each for each in around if each in self._order}
        found.update(self._below.get(around[min(1, len(around) - 1)], ()))
        found.update(each for pattern in self._patterns(alto) for each in self._mirrored.get(pattern, ()))
        found.discard(alto)
        return [(_distance(alto, each), each) for each in sorted(found, key=self._order.__getitem__)]

    def _patterns(self, folder: Path) -> Iterator[tuple[str, ...]]:
        """Its path with each part left open in turn: `alto/1890/2` is mirrored by `scans/1890/2`."""
        parts = folder.relative_to(self._root).parts
        return ((*parts[:place], "/", *parts[place + 1 :]) for place in range(len(parts)))


def _distance(alto: Path, image: Path) -> int:
    """How sensible a place for the scan is: 1 is a folder within the other one, 2 a neighbour, 3 a mirrored tree."""
    if image.is_relative_to(alto) or alto.is_relative_to(image):
        return 1
    return 2 if image.is_relative_to(alto.parent) else 3


def _steps(alto: Path, image: Path) -> int:
    if alto.parent == image.parent:
        return 0
    return len(Path(os.path.relpath(image.parent, alto.parent)).parts)
