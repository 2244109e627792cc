"""Tables in the paper's form, for the terminal, the documents and the report."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import click

Cell = str | int | float | None
"""A share of 1 or another number, a name, or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under headings; a column called `paper` holds the paper's figure beside ours."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    """What one must know to read it, in a sentence or two."""

    def markdown(self) -> str:
        return "\n\n".join(block for block in (f"**{self.title}**", self.grid(), self.note) if block)

    def grid(self) -> str:
        """The rows alone: words to the left, figures to the right."""
        lines = [self.columns, *([format_cell(cell) for cell in row] for row in self.rows)]
        head, *body = ("| " + " | ".join(text.replace("|", "\\|") for text in line) + " |" for line in lines)
        separator = "| " + " | ".join("---" if is_text else "---:" for is_text in self.is_text_column) + " |"
        return "\n".join([head, separator, *body])

    @property
    def is_text_column(self) -> list[bool]:
        """Which columns are: the first, and those with a cell that begins with no number."""
        column_numbers = range(1, len(self.columns))
        return [True, *(any(_is_text(row[column]) for row in self.rows) for column in column_numbers)]

    def cell(self, row: str, column: str) -> str:
        """What stands in the row that begins so, as it is shown; nothing where there is no such place."""
        matching_row = next((cells for cells in self.rows if cells and cells[0] == row), None)
        if matching_row is None or column not in self.columns:
            return ""
        return format_cell(matching_row[list(self.columns).index(column)])

    def figures(self) -> dict[str, Any]:
        """For programs, as JSON can hold it."""
        rows = [[_json_value(cell) for cell in row] for row in self.rows]
        return {"title": self.title, "columns": list(self.columns), "rows": rows, "note": self.note}


def format_cell(cell: Cell) -> str:
    """As a table has it: three decimals, an empty place for nothing."""
    if cell is None:
        return ""
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)


def _is_text(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(cell) and not cell.lstrip("+-−±<>≤≥ ")[:1].isdigit()


def _json_value(cell: Cell) -> Cell:
    """A number of numpy's becomes one of Python's, and one that is none becomes nothing."""
    if isinstance(cell, float):
        return round(float(cell), 6) if math.isfinite(cell) else None
    return int(cell) if isinstance(cell, Integral) else cell


def percent(share: float, low: float | None = None, high: float | None = None) -> str:
    """`98.1 %`, or with its interval `98.1 % (97.0–98.9)`."""
    interval = "" if low is None or high is None else f" ({100 * low:.1f}–{100 * high:.1f})"
    return f"{100 * share:.1f} %{interval}"


def format_interval(figure: float, low: float, high: float) -> str:
    """A figure that is no share, with its interval: `0.919 (0.883–0.940)`."""
    return f"{figure:.3f} ({low:.3f}–{high:.3f})"


def print_tables(tables: Sequence[Table], figures: Mapping[str, Any], *, as_json: bool) -> None:
    """Markdown on standard output and, where asked for, one line of JSON after it."""
    for table in tables:
        click.echo(table.markdown() + "\n")
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False, allow_nan=False))
