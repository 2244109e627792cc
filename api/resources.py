"""The folder of the templates: in the installed package, or in the checkout."""

from pathlib import Path

_packaged_templates = Path(__file__).parent / "_templates"
TEMPLATES_FOLDER = _packaged_templates if _packaged_templates.is_dir() else Path(__file__).parents[1] / "templates"
