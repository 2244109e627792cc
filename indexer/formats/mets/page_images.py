"""A division of a METS with the images of several pages → the files of each page."""

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from core import image_api
from indexer.formats.mets.files import MetsFile

VERSION = re.compile(
    r"[_.-](?:thumb\w*|tn|sm|md|lg|small|medium|large|min|max|master|preview|web|low\w*|high\w*|bw|gr[ae]y|colou?r)$",
    re.IGNORECASE,
)
"""What names of files add for a smaller or another version of the same image: `0001_small`."""

Locations = tuple[MetsFile, ...]


def split_pages(files: Sequence[Locations]) -> list[tuple[MetsFile, ...]]:
    """Return the files of each page: of one page, unless there are several images of one use and format.

    Files of the same name are the same page, as are those in the same place of groups of equal length. All others
    belong to the first page.
    """
    if len({locations[0].use for locations in files}) == len(files):
        return [tuple(_flatten(files))]
    groups: dict[tuple[str, str], dict[str, list[Locations]]] = {}
    for locations in files:
        file = locations[0]
        groups.setdefault((file.use, file.suffix or file.mimetype), {}).setdefault(_name(file), []).append(locations)
    names = max((list(group) for group in groups.values() if _has_images(group)), key=len, default=[])
    if len(names) < 2:
        return [tuple(_flatten(files))]
    pages: dict[str, list[MetsFile]] = {name: [] for name in names}
    for group in groups.values():
        for position, (name, named) in enumerate(group.items()):
            same_place = names[position] if len(group) == len(names) else names[0]
            pages[name if name in pages else same_place].extend(_flatten(named))
    return [tuple(page) for page in pages.values()]


def _flatten(named: Iterable[Locations]) -> list[MetsFile]:
    return [file for locations in named for file in locations]


def _has_images(group: dict[str, list[Locations]]) -> bool:
    return any(file.is_image for named in group.values() for file in _flatten(named))


def _name(file: MetsFile) -> str:
    """Return what names the page of a file: the stem without its version, or the id in the URL of an image service."""
    path = image_api.service_base_uri(file.href) or file.path or file.href
    return VERSION.sub("", PurePosixPath(path).name.removesuffix(".gz").split(".")[0]).lower()
