"""Labels that mean decoration or empty paper. A label decides; without one, the kind told from the pixels does."""

from collections.abc import Mapping
from typing import Any

KINDS_BY_LABEL = {
    "blank": ("Blank page", "blank", "blank_margin"),
    "initial": ("initial", "drop capital", "drop_capital"),
    "ornament": ("Graphical element", "ornament", "decoration", "headpiece", "tailpiece", "fleuron", "border"),
    "rule": ("rule",),
}
"""Kind of decoration → names of labels, those of the paper's classes included."""

_KINDS = {name.casefold(): kind for kind, names in KINDS_BY_LABEL.items() for name in names}

DECORATION_LABELS = tuple(
    dict.fromkeys(
        variant
        for names in KINDS_BY_LABEL.values()
        for name in names
        for variant in (name, name.lower(), name.capitalize())
    )
)
"""The names as a keyword field may have them, which compares capitals."""


def read_decoration(source: Mapping[str, Any]) -> str:
    """Return `blank`, `rule`, `initial` or `ornament` for the `_source` of a picture; empty for a figure."""
    measured_kind, label = source.get("decoration") or "", (source.get("label") or {}).get("name")
    if not label:
        return str(measured_kind)
    kind = _KINDS.get(str(label).casefold(), "")
    return str(measured_kind or kind) if kind else ""
