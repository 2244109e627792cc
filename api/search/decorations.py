"""Pictures that are decoration or empty paper: a label decides; without one, the kind told from the pixels does."""

from collections.abc import Mapping
from typing import Any

from core.picture_classes import decoration_kind


def read_decoration(source: Mapping[str, Any]) -> str:
    """Return `blank`, `rule`, `initial` or `ornament` for the `_source` of a picture; empty for a figure."""
    measured_kind, label = source.get("decoration") or "", (source.get("label") or {}).get("name")
    if not label:
        return str(measured_kind)
    kind = decoration_kind(str(label))
    return str(measured_kind or kind) if kind else ""
