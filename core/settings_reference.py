"""docs/settings.md, made from the settings' own class: `python -m core.settings_reference > docs/settings.md`."""

import ast
import inspect
import sys

from pydantic import SecretStr

from core.settings import PREFIX, Settings

HEAD = """\
# Settings

Each is an environment variable. A misspelt `FRONTISPIECE_…` is an error; `frontispiece settings` prints what is set,
the key as stars.

<!-- Made from core/settings.py by `python -m core.settings_reference`. -->

| variable | without it | meaning |
| --- | --- | --- |
"""


def document() -> str:
    """The whole page."""
    said = _docstrings()
    return HEAD + "".join(f"| `{PREFIX}{name.upper()}` | {_default(name)} | {said[name]} |\n" for name in said)


def _docstrings() -> dict[str, str]:
    """Field → what is said below it in the class."""
    [settings] = ast.parse(inspect.getsource(Settings)).body
    assert isinstance(settings, ast.ClassDef)  # noqa: S101 it is the source of a class
    said = {}
    for field, text in zip(settings.body, settings.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr):
            said[ast.unparse(field.target)] = str(ast.literal_eval(text.value)).replace("|", "\\|")
    return said


def _default(name: str) -> str:
    if name == "cache":
        return "the user's cache folder"
    default = Settings.model_fields[name].default
    value = default.get_secret_value() if isinstance(default, SecretStr) else default
    return f"{value:,}" if isinstance(value, int) else f"`{value}`" if value else "empty"


if __name__ == "__main__":
    sys.stdout.write(document())
