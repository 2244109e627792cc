"""Searches that a librarian chooses for the start page: a table with `title` and `search`."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import structlog

from api.controllers.parameters import build_parameters_struct
from api.search.parameters import PARAMETERS
from api.search.request import SearchRequest
from core.errors import FrontispieceError

MAX_FEATURED = 12
COLUMNS = ("title", "search")

log = structlog.get_logger()
_Parameters = build_parameters_struct(PARAMETERS)


@dataclass(frozen=True, slots=True)
class FeaturedSearch:
    title: str
    search_request: SearchRequest


def read_featured(path: Path) -> list[FeaturedSearch]:
    """Return the searches of a table (CSV with a header, UTF-8); a row that cannot be used is logged and left out.

    `search` is an address of a search on this service or its query string: `subject=Fyr&year_to=1850`. Raise
    `FrontispieceError` if the file cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FrontispieceError(f"{path}: the table of featured searches cannot be read ({error})") from error
    return list(_read_rows(path, rows))[:MAX_FEATURED]


def _read_rows(path: Path, rows: list[dict[str, Any]]) -> Iterator[FeaturedSearch]:
    for line, row in enumerate(rows, 2):
        title, search = (str(row.get(column) or "").strip() for column in COLUMNS)
        if not title or not search:
            log.warning("featured.row", file=str(path), line=line, problem="needs a `title` and a `search`")
            continue
        try:
            yield FeaturedSearch(title, parse_search(search))
        except (ValueError, msgspec.ValidationError) as error:
            log.warning("featured.row", file=str(path), line=line, problem=str(error))


def parse_search(text: str) -> SearchRequest:
    """Return the request of an address or a query string; raise `ValueError` if it has an unknown or invalid value."""
    query = urlsplit(text).query or text.removeprefix("?")
    values = parse_qs(query)
    if unknown_names := values.keys() - PARAMETERS.keys():
        raise ValueError(f"there is no parameter `{min(unknown_names)}`")
    if not values:
        raise ValueError("is no search; copy the address of one, such as `/?subject=Fyr`")
    single_values = {name: texts if PARAMETERS[name].repeated else texts[-1] for name, texts in values.items()}
    parameters = msgspec.convert(single_values, _Parameters, strict=False)
    return SearchRequest.from_parameters(msgspec.structs.asdict(parameters))
