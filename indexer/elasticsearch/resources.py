"""Where the mappings lie: in the installed package, else in the checkout."""

from pathlib import Path

_packaged = Path(__file__).parents[1] / "_es_mappings"
MAPPINGS = _packaged if _packaged.is_dir() else Path(__file__).parents[2] / "es-mappings"
