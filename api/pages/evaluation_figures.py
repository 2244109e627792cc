"""The figures of the published evaluation that readers are told: how well pictures are found and classified."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from api.resources import EVALUATION_FILE

_PERCENT = re.compile(r"(\d+(?:\.\d+)?) %")

SHARES = {
    "same_picture": ("retrieval", "Harder queries", "paper", -2),
    "photograph": ("retrieval", "Harder queries", "photograph", -2),
    "half": ("retrieval", "Harder queries", "half", -2),
    "show_through": ("retrieval", "Harder queries", "bleed-through", -2),
    "missed_rescan": ("families", "Families: altered copies", "rescan", -1),
    "missed_state": ("families", "Families: altered copies", "state", -1),
    "missed_colouring": ("families", "Families: altered copies", "colouring", -1),
    "class_right": ("classification", "Classification", "sscd, split by book", 2),
    "content_lost": ("classification", "Classification", "sscd, split by book", -3),
}
"""Name of a figure → where `docs/evaluation.json` has it: part, beginning of a table's title, row's name, column."""


def read_figures(file: Path = EVALUATION_FILE) -> dict[str, Any]:
    """Return shares of 1 by the names in `SHARES`, and numbers of pictures and books; empty if there is no evaluation.

    An evaluation without one of the figures counts as none.
    """
    if not file.is_file():
        return {}
    evaluation = json.loads(file.read_text("utf-8"))
    shares = {name: _find_share(evaluation, *place) for name, place in SHARES.items()}
    if None in shares.values():
        return {}
    return {"pictures": evaluation["pictures"], "books": evaluation["books"], **shares}


def _find_share(evaluation: Mapping[str, Any], part: str, title: str, row_name: str, column: int) -> float | None:
    for table in evaluation["parts"].get(part, {}).get("tables", ()):
        if table["title"].startswith(title):
            for row in table["rows"]:
                if row[0] == row_name:
                    return _share(row[column])
    return None


def _share(cell: Any) -> float | None:
    if isinstance(cell, int | float):
        return float(cell)
    match = _PERCENT.match(str(cell))
    return float(match[1]) / 100 if match else None
