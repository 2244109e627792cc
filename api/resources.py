"""The folders of the templates and their translations: in the installed package, or in the checkout."""

from pathlib import Path

API_FOLDER = Path(__file__).parent

_packaged_templates = Path(__file__).parent / "_templates"
TEMPLATES_FOLDER = _packaged_templates if _packaged_templates.is_dir() else Path(__file__).parents[1] / "templates"
TRANSLATIONS_FOLDER = TEMPLATES_FOLDER / "translations"
TEXTS_FOLDER = TEMPLATES_FOLDER / "texts"

_packaged_evaluation = Path(__file__).parent / "_evaluation.json"
EVALUATION_FILE = (
    _packaged_evaluation if _packaged_evaluation.is_file() else Path(__file__).parents[1] / "docs" / "evaluation.json"
)
