"""Tables in the paper's form, for the terminal, the documents and the report."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
        """The first column to the left, figures to the right."""
        lines = [self.columns, ["---", *["---:"] * (len(self.columns) - 1)], *map(self._shown, self.rows)]
        table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
        return "\n\n".join(part for part in (f"**{self.title}**", table, self.note) if part)

    def _shown(self, row: Sequence[Cell]) -> list[str]:
        return [shown(cell) for cell in row]


def shown(cell: Cell) -> str:
    """As a table has it: three decimals, an empty place for nothing."""
    if cell is None:
        return ""
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell).replace("|", "\\|")


def percent(share: float, low: float | None = None, high: float | None = None) -> str:
    """`98.1 %`, or with its interval `98.1 % (97.0–98.9)`."""
    interval = "" if low is None or high is None else f" ({100 * low:.1f}–{100 * high:.1f})"
    return f"{100 * share:.1f} %{interval}"


def show(tables: Sequence[Table], answer: Mapping[str, Any], *, as_json: bool) -> None:
    """Markdown on standard output and, where asked for, one line of JSON after it."""
    for table in tables:
        click.echo(table.markdown() + "\n")
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, allow_nan=False))
