"""The folder of the mappings: in the installed package, else in the checkout."""

from pathlib import Path

_packaged_folder = Path(__file__).parents[1] / "indexer" / "_es_mappings"
MAPPINGS_FOLDER = _packaged_folder if _packaged_folder.is_dir() else Path(__file__).parents[1] / "es-mappings"
