"""Groups of pictures: decade, language, label, technique, shape and library, from the table or the path."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath
from types import MappingProxyType

from evaluation.pictures.folder import LabelledPicture
from indexer.classification.label_files import SOURCE_HEADINGS

YEAR_COLUMNS = ("year", "date", "published", "issued", "year_of_publication")
LANGUAGE_COLUMNS = ("language", "lang", "languages")
TECHNIQUE_COLUMNS = ("technique", "medium", "process", "method")
"""Headings in lower case."""

YEAR_PATTERN = re.compile(r"(?<!\d)1[4-9]\d\d(?!\d)|(?<!\d)20\d\d(?!\d)")
CENTURY_PATTERN = re.compile(r"(?<!\d)(1[4-9])e[-_ ]si[eè]cle", re.IGNORECASE)
"""`16e-siecle`, as in the names of French collections."""
TECHNIQUES_BY_LABEL = MappingProxyType(
    {"photo": "photograph", "print": "print", "drawing": "drawing", "engraving": "print"}
)
"""Labels, or last parts of labels (`page_photo`), that name a technique."""

TALL_SHAPES = ((0.0, 0.5, "twice as high as wide, and more"), (0.5, 0.8, "upright"), (0.8, 1.25, "nearly square"))
WIDE_SHAPES = ((1.25, 2.0, "lying"), (2.0, 4.0, "twice as wide as high, and more"), (4.0, float("inf"), "a strip"))
"""Lower bound (included) and upper bound of width / height, and the name of the shape."""


def repository(picture: LabelledPicture) -> str:
    """Return the library or data set from the table, else the first folder, else an empty string."""
    path_parts = PurePosixPath(picture.name).parts
    return _column_value(picture, SOURCE_HEADINGS) or (path_parts[0] if len(path_parts) > 1 else "")


def period(picture: LabelledPicture) -> str:
    """Return the decade, else the century, else an empty string."""
    if year_match := YEAR_PATTERN.search(_column_value(picture, YEAR_COLUMNS)):
        return f"{year_match[0][:3]}0s"
    century_match = CENTURY_PATTERN.search(f"{picture.name} {repository(picture)}")
    return f"{int(century_match[1])}th century" if century_match else ""


def technique(picture: LabelledPicture) -> str:
    """Return the technique from the table, else from the label."""
    return _column_value(picture, TECHNIQUE_COLUMNS) or TECHNIQUES_BY_LABEL.get(
        picture.label.lower().rpartition("_")[2], ""
    )


def language(picture: LabelledPicture) -> str:
    return _column_value(picture, LANGUAGE_COLUMNS)


def label(picture: LabelledPicture) -> str:
    return picture.label


def shape(picture: LabelledPicture) -> str:
    ratio = picture.width / picture.height
    return next(name for low, high, name in (*TALL_SHAPES, *WIDE_SHAPES) if low <= ratio < high)


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
"""Name → function that returns the group of a picture; an empty string if it is unknown."""


def group_pictures(
    pictures: Sequence[LabelledPicture], dimension: Callable[[LabelledPicture], str]
) -> dict[str, list[int]]:
    """Return the indices of the pictures of each group, sorted by group; unknown groups are left out."""
    indices_by_value: dict[str, list[int]] = {}
    for index, picture in enumerate(pictures):
        if value := dimension(picture):
            indices_by_value.setdefault(value, []).append(index)
    return dict(sorted(indices_by_value.items()))


def _column_value(picture: LabelledPicture, column_names: tuple[str, ...]) -> str:
    return next((value for column in column_names if (value := picture.columns.get(column, ""))), "")
