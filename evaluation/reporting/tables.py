"""Tables for the terminal, the documents and the report."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import click

Cell = str | int | float | None
"""A share of 1 or another number, a text, or None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTable:
    """A title, column headings, rows and a note."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    """One or two sentences that explain the table."""

    def markdown(self) -> str:
        return "\n\n".join(block for block in (f"**{self.title}**", self.grid(), self.note) if block)

    def grid(self) -> str:
        """Return the rows as a Markdown table; text is left-aligned, figures are right-aligned."""
        lines = [self.columns, *([format_cell(cell) for cell in row] for row in self.rows)]
        head, *body = ("| " + " | ".join(text.replace("|", "\\|") for text in line) + " |" for line in lines)
        separator = "| " + " | ".join("---" if is_text else "---:" for is_text in self.is_text_column) + " |"
        return "\n".join([head, separator, *body])

    @property
    def is_text_column(self) -> list[bool]:
        """For each column, whether it holds text: the first does, and so does one with a cell that is no number."""
        column_numbers = range(1, len(self.columns))
        return [True, *(any(_is_text(row[column]) for row in self.rows) for column in column_numbers)]

    def cell(self, row: str, column: str) -> str:
        """Return the formatted cell of the row that begins with `row`; an empty string if there is none."""
        matching_row = next((cells for cells in self.rows if cells and cells[0] == row), None)
        if matching_row is None or column not in self.columns:
            return ""
        return format_cell(matching_row[list(self.columns).index(column)])

    def figures(self) -> dict[str, Any]:
        """Return the table as values for JSON."""
        rows = [[_json_value(cell) for cell in row] for row in self.rows]
        return {"title": self.title, "columns": list(self.columns), "rows": rows, "note": self.note}


def format_cell(cell: Cell) -> str:
    """Return the text of a cell: three decimals for a float, an empty string for None."""
    if cell is None:
        return ""
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)


def _is_text(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(cell) and not cell.lstrip("+-−±<>≤≥ ")[:1].isdigit()


def _json_value(cell: Cell) -> Cell:
    """Convert numpy numbers to Python's, and NaN and infinity to None."""
    if isinstance(cell, float):
        return round(float(cell), 6) if math.isfinite(cell) else None
    return int(cell) if isinstance(cell, Integral) else cell


def percent(share: float, low: float | None = None, high: float | None = None) -> str:
    """Format a share as `98.1 %`, or with its interval as `98.1 % (97.0–98.9)`."""
    interval = "" if low is None or high is None else f" ({100 * low:.1f}–{100 * high:.1f})"
    return f"{100 * share:.1f} %{interval}"


def format_interval(figure: float, low: float, high: float) -> str:
    """Format a figure with its interval as `0.919 (0.883–0.940)`."""
    return f"{figure:.3f} ({low:.3f}–{high:.3f})"


def print_tables(tables: Sequence[ReportTable], figures: Mapping[str, Any], *, as_json: bool) -> None:
    """Print the tables as Markdown and, with `as_json`, one line of JSON after them."""
    for table in tables:
        click.echo(table.markdown() + "\n")
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False, allow_nan=False))
