"""Pictures that are no page's scan: each is found as it is, in a book for its folder or its record."""

from collections.abc import Callable, Iterator
from pathlib import Path

from indexer.formats.tables import Row
from indexer.records import Leaf, Problem, Volume
from indexer.sources import names
from indexer.sources.catalogue import Catalogue
from indexer.sources.folder_listing import Shelf

Identity = tuple[str, ...]


def picture_volumes(
    shelf: Shelf, catalogue: Catalogue, claimed: set[Path], ids: Callable[[str, str], str]
) -> Iterator[Volume | Problem]:
    """A volume for each folder of pictures; a table that names books makes a volume of each."""
    scans = {path.parent for path in claimed}
    for folder, pictures in _by_folder(shelf, claimed).items():
        rows = {path: catalogue.row(path) for path in pictures}
        described = {path: row for path, row in rows.items() if folder not in scans or row.values}
        if len(described) < len(pictures):
            yield Problem(str(folder), f"{len(pictures) - len(described)} scans have no ALTO")
        yield from _volumes(shelf, folder, described, ids)


def _by_folder(shelf: Shelf, claimed: set[Path]) -> dict[Path, list[Path]]:
    found: dict[Path, list[Path]] = {}
    for path in shelf.images:
        if path not in claimed:
            found.setdefault(path.parent, []).append(path)
    return found


def _volumes(shelf: Shelf, folder: Path, rows: dict[Path, Row], ids: Callable[[str, str], str]) -> Iterator[Volume]:
    groups: dict[Identity, list[Path]] = {}
    for path, row in rows.items():
        groups.setdefault(row.identity, []).append(path)
    place = names.path_name(shelf.root, folder)
    for identity, paths in groups.items():
        own = any(identity)
        name = (identity[0] or f"{place}/{names.stem(paths[0].name)}") if own else place
        first = rows[paths[0]]
        same = Row(tuple(each for each in first.values if all(rows[path].get(each[0]) == each[1] for path in paths)))
        identifier = ids(name, f"{place}:{name}")
        yield Volume(book=same.book(identifier), leaves=tuple(_leaves(shelf, paths, rows)), whole=not own)


def _leaves(shelf: Shelf, paths: list[Path], rows: dict[Path, Row]) -> Iterator[Leaf]:
    for number, path in enumerate(paths, start=1):
        twins = len(shelf.images.by_folder[path.parent][names.stem(path.name)]) > 1
        name = names.path_name(shelf.root, path)
        yield Leaf(
            id=name if twins else name.removesuffix(path.suffix),
            number=number,
            scan=str(path),
            catalogue_label=rows[path].get("label"),
            caption=rows[path].get("caption"),
        )
