"""Where the templates lie: in the installed package, else in the checkout."""

from pathlib import Path

_packaged = Path(__file__).parent / "_templates"
TEMPLATES = _packaged if _packaged.is_dir() else Path(__file__).parents[1] / "templates"
