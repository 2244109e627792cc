"""The folder of the mappings: in the installed package, else in the checkout."""

from pathlib import Path

_packaged_dir = Path(__file__).parents[1] / "_es_mappings"
MAPPINGS_DIR = _packaged_dir if _packaged_dir.is_dir() else Path(__file__).parents[2] / "es-mappings"
