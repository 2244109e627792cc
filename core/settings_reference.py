"""Generate docs/settings.md from the Settings class: `python -m core.settings_reference > docs/settings.md`."""

import ast
import inspect
import sys

from pydantic import SecretStr

from core.settings import ENV_PREFIX, Settings

PAGE_HEADER = """\
# Settings

Each setting is an environment variable. A misspelt `FRONTISPIECE_…` is an error. `frontispiece settings` prints the
current values, with stars for the API key.

<!-- Generated from core/settings.py by `python -m core.settings_reference`. -->

| variable | default | meaning |
| --- | --- | --- |
"""


def render_page() -> str:
    """Return the whole page."""
    descriptions = _field_descriptions()
    return PAGE_HEADER + "".join(
        f"| `{ENV_PREFIX}{name.upper()}` | {_default_text(name)} | {descriptions[name]} |\n" for name in descriptions
    )


def _field_descriptions() -> dict[str, str]:
    """Return the docstring of each field on one line, by field name."""
    [settings_class] = ast.parse(inspect.getsource(Settings)).body
    assert isinstance(settings_class, ast.ClassDef)  # noqa: S101 it is the source of a class
    descriptions = {}
    for field, docstring in zip(settings_class.body, settings_class.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(docstring, ast.Expr):
            text = str(ast.literal_eval(docstring.value))
            descriptions[ast.unparse(field.target)] = " ".join(text.split()).replace("|", "\\|")
    return descriptions


def _default_text(name: str) -> str:
    if name == "cache":
        return "the user's cache folder"
    default = Settings.model_fields[name].default
    value = default.get_secret_value() if isinstance(default, SecretStr) else default
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"{value:,}" if isinstance(value, int) else f"`{value}`" if value else "empty"


if __name__ == "__main__":
    sys.stdout.write(render_page())
