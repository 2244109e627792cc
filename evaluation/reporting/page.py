"""A run as one HTML file that needs nothing beside it."""

from html import escape

from evaluation.reporting.report import Run, Section
from evaluation.reporting.tables import Table, shown

TITLE = "Frontispiece: how well pictures are found and named"

STYLE = """
:root { color-scheme: light dark; --ink: #1d1a16; --soft: #5b544a; --line: #d9d1c4; --paper: #fdfbf7; --link: #7a3b12 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ece6dc; --soft: #b8afa2; --line: #4a443b; --paper: #1b1916; --link: #e6ab7f }
}
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 80rem; margin: 0 auto; padding: 1rem; color: var(--ink);
  background: var(--paper) }
h1 { font-size: clamp(1.4rem, 5vw, 2rem); line-height: 1.2 }
h2 { margin-top: 3rem; padding-bottom: .2rem; border-bottom: 1px solid var(--line) }
p, li { max-width: 48rem; overflow-wrap: anywhere }
p { color: var(--soft) }
a { color: var(--link) }
nav ul { padding-left: 1.2rem }
.table { overflow-x: auto; margin: 1.5rem 0 .5rem }
.table:focus-visible, a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
/* A wide table is scrolled under its title. */
caption { position: sticky; left: 0; max-width: calc(100vw - 2rem) }
caption { text-align: left; font-weight: 600; padding-bottom: .3rem }
th, td { padding: .25rem .7rem; text-align: right; vertical-align: top; border-bottom: 1px solid var(--line) }
td { white-space: nowrap }
thead th { vertical-align: bottom; font-weight: 600 }
tbody th { font-weight: 400 }
th:first-child, .words { text-align: left; white-space: normal; overflow-wrap: break-word }
th:first-child, .words { min-width: 7.5rem; max-width: 24rem }
figure { margin: 1.5rem 0; max-width: 44rem; padding: .5rem; background: #fff; border: 1px solid var(--line) }
svg { display: block; width: 100%; height: auto }
"""


def page(run: Run) -> str:
    """A whole HTML document."""
    parts = list(run.parts.items())
    contents = "".join(f'<li><a href="#{name}">{escape(part.title)}</a>{_missing(part)}</li>' for name, part in parts)
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{TITLE}</title><style>{STYLE}</style>"
    )
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}</head>\n'
        f"<body><header><h1>{TITLE}</h1>\n{_facts(run)}</header>\n"
        f'<nav aria-label="Contents"><ul>{contents}</ul></nav>\n'
        f"<main>{''.join(_part(name, part) for name, part in parts)}</main></body></html>\n"
    )


def _facts(run: Run) -> str:
    facts = [(f"{each.name}: {each.model}, {each.revision}", each.preprocessing) for each in run.models]
    models = "".join(f"<li>{escape(weights)}. Pictures are {escape(seen)}</li>" for weights, seen in facts)
    return f"<p>{escape(measured_on(run))}</p>\n<p>Models:</p><ul>{models}</ul>"


def measured_on(run: Run) -> str:
    """When, with what, and on how much."""
    return (
        f"Measured on {run.day} with Frontispiece {run.version} on {run.pictures:,} pictures of {run.books:,} books or "
        f"other sources, {run.labelled:,} of them with a label."
    )


def _missing(part: Section) -> str:
    return " (not measured)" if part.not_measured else ""


def _part(name: str, part: Section) -> str:
    missing = f"Not measured: {part.not_measured}." if part.not_measured else ""
    notes = "".join(f"<p>{escape(each)}</p>" for each in (part.note, missing) if each)
    tables = "\n".join(map(_table, part.tables))
    label = escape(f"Plot of “{part.title}”; its figures stand in the tables above.")
    plots = "\n".join(f'<figure role="img" aria-label="{label}">{plot}</figure>' for plot in part.plots)
    return f'<section id="{name}"><h2>{escape(part.title)}</h2>\n{notes}{tables}\n{plots}</section>\n'


def _table(table: Table) -> str:
    kinds = [' class="words"' if each else "" for each in table.of_words]
    head = "".join(
        f'<th scope="col"{kind}>{escape(name)}</th>' for name, kind in zip(table.columns, kinds, strict=True)
    )
    rows = "\n".join(_row([escape(shown(cell)) for cell in row], kinds) for row in table.rows)
    note = f"<p>{escape(table.note)}</p>" if table.note else ""
    # What scrolls sideways can be reached with the keyboard.
    return (
        f'<div class="table" role="region" tabindex="0" aria-label="{escape(table.title)}"><table>'
        f"<caption>{escape(table.title)}</caption><thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table></div>{note}"
    )


def _row(cells: list[str], kinds: list[str]) -> str:
    first, *others = cells
    rest = "".join(f"<td{kind}>{cell}</td>" for cell, kind in zip(others, kinds[1:], strict=True))
    return f'<tr><th scope="row">{first}</th>{rest}</tr>'
