"""The table of places: old, Latin and foreign names of towns → the name that facets show."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Self

from core.errors import SourceError
from core.text import letters_and_digits
from indexer.formats.tables import TableRow, read_table

BUILT_IN_TABLE = Path(__file__).with_name("places.csv")

HEADINGS = ("name", "place")


class PlaceTable:
    """Names of places, compared without case, accents, spaces and punctuation."""

    def __init__(self, places_by_name: Mapping[str, str]) -> None:
        self._places = {letters_and_digits(name): place for name, place in places_by_name.items()}
        self._names: dict[str, list[str]] = {}
        for name, place in places_by_name.items():
            self._names.setdefault(place, []).append(name)

    @classmethod
    def read(cls, path: Path | None = None) -> Self:
        """Read the package's table, and before it a library's own; SourceError names the bad line of a table."""
        own_places = _read_places(path) if path else {}
        return cls(_combine(own_places, _built_in_places()))

    def find_place(self, name: str) -> str:
        """Return the place that has this name; empty if the table has no such name."""
        return self._places.get(letters_and_digits(name), "")

    def other_names(self, place: str) -> tuple[str, ...]:
        """Return the names of a place in the table, without the one that facets show."""
        return tuple(name for name in self._names.get(place, ()) if name != place)


@cache
def built_in_table() -> PlaceTable:
    """Return the package's table."""
    return PlaceTable.read()


@cache
def _built_in_places() -> Mapping[str, str]:
    return _read_places(BUILT_IN_TABLE)


def _combine(own_places: Mapping[str, str], built_in_places: Mapping[str, str]) -> dict[str, str]:
    """Return the rows of both tables; a library's row also decides what its place is called in the package's rows."""
    own_keys = {letters_and_digits(name): place for name, place in own_places.items()}
    renamed_places = {
        name: own_keys.get(letters_and_digits(place), place)
        for name, place in built_in_places.items()
        if letters_and_digits(name) not in own_keys
    }
    return {**own_places, **renamed_places}


def _read_places(path: Path) -> dict[str, str]:
    table = read_table(path)
    if missing_headings := [heading for heading in HEADINGS if heading not in table.headings]:
        reason = f"the table of places has no column `{missing_headings[0]}`; its first line must be `name,place`"
        raise SourceError(str(path), reason, "line 1")
    places: dict[str, str] = {}
    lines_by_key: dict[str, tuple[int, str]] = {}
    for row, name, place in _checked_rows(path, table.rows):
        first_line, first_place = lines_by_key.setdefault(letters_and_digits(name), (row.line, place))
        if first_place != place:
            reason = f"{name!r} is {place!r} here and {first_place!r} in line {first_line}; keep one of them"
            raise SourceError(str(path), reason, f"line {row.line}")
        places[name] = place
    return places


def _checked_rows(path: Path, rows: Iterable[TableRow]) -> Iterable[tuple[TableRow, str, str]]:
    """Yield each row with its name and its place; SourceError if either is missing or there are more cells."""
    for row in rows:
        name, place = (row.values.get(heading, "") for heading in HEADINGS)
        if not name and not place and not row.is_uneven:
            continue
        if row.is_uneven:
            raise SourceError(
                str(path), "more cells than the heading; quote a name that has a comma", f"line {row.line}"
            )
        if not letters_and_digits(name) or not place:
            missing_heading = "place" if letters_and_digits(name) else "name"
            raise SourceError(str(path), f"the cell `{missing_heading}` is empty; fill it", f"line {row.line}")
        yield row, name, place
