"""What was measured, as one HTML file that needs nothing beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from api.evaluation.tables import Table, shown


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the evaluation: its tables, and its plots as SVG.

    A part's module makes its own with `section(pictures, encoders, settings)`.
    """

    title: str
    tables: Sequence[Table]
    plots: Sequence[str] = ()
    note: str = ""


STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem; color: #1d1a16 }
h2 { margin-top: 3rem; border-bottom: 1px solid #cfc7ba }
div { overflow-x: auto }
table { border-collapse: collapse; margin: 1rem 0 .5rem; font-variant-numeric: tabular-nums }
caption { text-align: left; font-weight: 600 }
th, td { padding: .2rem .8rem; text-align: right; border-bottom: 1px solid #e6dfd3; white-space: nowrap }
th:first-child, td:first-child { text-align: left }
svg { max-width: 100%; height: auto }
p { max-width: 48rem; color: #5b544a }
"""


def page(title: str, sections: Sequence[Section]) -> str:
    """A whole HTML document."""
    contents = "".join(
        f'<li><a href="#part-{number}">{escape(each.title)}</a></li>' for number, each in _numbered(sections)
    )
    parts = "\n".join(_part(number, each) for number, each in _numbered(sections))
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}<style>{STYLE}</style></head>\n'
        f"<body><h1>{escape(title)}</h1><ul>{contents}</ul>\n{parts}\n</body></html>\n"
    )


def write(path: Path, title: str, sections: Sequence[Section]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(title, sections), "utf-8")


def _numbered(sections: Sequence[Section]) -> list[tuple[int, Section]]:
    return list(enumerate(sections, start=1))


def _part(number: int, section: Section) -> str:
    note = f"<p>{escape(section.note)}</p>" if section.note else ""
    tables = "\n".join(map(_table, section.tables))
    return f'<h2 id="part-{number}">{escape(section.title)}</h2>\n{note}{tables}\n' + "\n".join(section.plots)


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    rows = "\n".join(
        "<tr>" + "".join(f"<td>{escape(shown(cell))}</td>" for cell in row) + "</tr>" for row in table.rows
    )
    note = f"<p>{escape(table.note)}</p>" if table.note else ""
    return (
        f"<div><table><caption>{escape(table.title)}</caption><thead><tr>{head}</tr></thead>\n"
        f"<tbody>{rows}</tbody></table></div>{note}"
    )
