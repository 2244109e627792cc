"""The table of parameters in `docs/programs.md`: `python -m api.search.parameter_reference` writes it."""

from pathlib import Path

from api.search.parameter import Parameter
from api.search.parameters import API_PARAMETERS
from api.search.request import parameter_default

BEGIN_MARKER = "<!-- parameters: written by `python -m api.search.parameter_reference` -->"
END_MARKER = "<!-- end of parameters -->"

PAGE = Path(__file__).parents[2] / "docs" / "programs.md"


def render_table() -> str:
    """Return the table of all parameters as Markdown."""
    rows = [
        f"| `{parameter.name}` | {_takes(parameter)} | {_default_text(parameter)} | {_meaning(parameter)} |"
        for parameter in API_PARAMETERS.values()
    ]
    return "\n".join(["| parameter | takes | default | meaning |", "| --- | --- | --- | --- |", *rows])


def replace_table(page: str) -> str:
    """Return the page with the table between its two markers written anew."""
    before, _, after_marker = page.partition(BEGIN_MARKER)
    _, end_marker, after = after_marker.partition(END_MARKER)
    if not end_marker:
        raise ValueError(f"the page has no {BEGIN_MARKER} … {END_MARKER}")
    return f"{before}{BEGIN_MARKER}\n{render_table()}\n{END_MARKER}{after}"


def _takes(parameter: Parameter) -> str:
    type_names = {str: "text", bool: "`true`, `false`"}
    if choices := [f"`{choice}`" for choice in parameter.choices if choice]:
        takes = ", ".join(choices)
    elif parameter.minimum is not None and parameter.maximum is not None:
        takes = f"{parameter.minimum} to {parameter.maximum}"
    else:
        takes = type_names[parameter.type]
    return f"{takes}; repeatable" if parameter.repeated else takes


def _default_text(parameter: Parameter) -> str:
    default = parameter_default(parameter.name)
    values = default if isinstance(default, tuple) else (default,)
    return ", ".join(f"`{value}`" for value in values if value not in (None, ""))


def _meaning(parameter: Parameter) -> str:
    return f"{parameter.description}. {parameter.details}".removesuffix(". ")


if __name__ == "__main__":
    PAGE.write_text(replace_table(PAGE.read_text("utf-8")), "utf-8")
