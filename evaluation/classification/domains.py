"""Where a picture comes from and what kind of print it is, as far as the table or the picture's own path tell."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath
from types import MappingProxyType

from evaluation.pictures.folder import LabelledPicture

REPOSITORIES = ("repo", "repository", "library", "institution", "collection", "source")
YEARS = ("year", "date", "published", "issued", "year_of_publication")
LANGUAGES = ("language", "lang", "languages")
TECHNIQUES = ("technique", "medium", "process", "method")
"""Headings, in small letters."""

YEAR = re.compile(r"(?<!\d)1[4-9]\d\d(?!\d)|(?<!\d)20\d\d(?!\d)")
CENTURY = re.compile(r"(?<!\d)(1[4-9])e[-_ ]si[eè]cle", re.IGNORECASE)
"""`16e-siecle`, as French collections are called."""
LABELS = MappingProxyType({"photo": "photograph", "print": "print", "drawing": "drawing", "engraving": "print"})
"""Labels, and ends of labels (`page_photo`), that name a technique."""

SHAPES = ((0.0, 0.5, "twice as high as wide, and more"), (0.5, 0.8, "upright"), (0.8, 1.25, "nearly square"))
WIDER = ((1.25, 2.0, "lying"), (2.0, 4.0, "twice as wide as high, and more"), (4.0, float("inf"), "a strip"))
"""Width by height, from and up to."""


def repository(picture: LabelledPicture) -> str:
    """The library or data set: the table's word, else the first folder; empty where there is neither."""
    parts = PurePosixPath(picture.name).parts
    return _told(picture, REPOSITORIES) or (parts[0] if len(parts) > 1 else "")


def period(picture: LabelledPicture) -> str:
    """The decade; the century where no more is told."""
    if year := YEAR.search(_told(picture, YEARS)):
        return f"{year[0][:3]}0s"
    century = CENTURY.search(f"{picture.name} {repository(picture)}")
    return f"{int(century[1])}th century" if century else ""


def technique(picture: LabelledPicture) -> str:
    """What the table says, else what the label says."""
    return _told(picture, TECHNIQUES) or LABELS.get(picture.label.lower().rpartition("_")[2], "")


def language(picture: LabelledPicture) -> str:
    return _told(picture, LANGUAGES)


def label(picture: LabelledPicture) -> str:
    return picture.label


def shape(picture: LabelledPicture) -> str:
    ratio = picture.width / picture.height
    return next(name for low, high, name in (*SHAPES, *WIDER) if low <= ratio < high)


DIMENSIONS: Mapping[str, Callable[[LabelledPicture], str]] = MappingProxyType(
    {
        "decade": period,
        "language": language,
        "label": label,
        "technique": technique,
        "shape": shape,
        "repository": repository,
    }
)
"""What pictures are told apart by; empty where a picture does not say."""


def groups(pictures: Sequence[LabelledPicture], of: Callable[[LabelledPicture], str]) -> dict[str, list[int]]:
    """The places of the pictures of each value, the values in order; without those that do not say."""
    found: dict[str, list[int]] = {}
    for place, picture in enumerate(pictures):
        if value := of(picture):
            found.setdefault(value, []).append(place)
    return dict(sorted(found.items()))


def _told(picture: LabelledPicture, headings: tuple[str, ...]) -> str:
    return next((value for each in headings if (value := picture.columns.get(each, ""))), "")
