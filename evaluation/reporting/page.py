"""A run as one HTML file without external resources."""

from html import escape

from evaluation.reporting.report import EvaluationRun, Section
from evaluation.reporting.tables import ReportTable, format_cell

TITLE = "Frontispiece: how well pictures are found and classified"

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


def render_page(run: EvaluationRun) -> str:
    """Return the HTML document."""
    sections = list(run.parts.items())
    contents = "".join(
        f'<li><a href="#{name}">{escape(section.title)}</a>{_missing_mark(section)}</li>' for name, section in sections
    )
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{TITLE}</title><style>{STYLE}</style>"
    )
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}</head>\n'
        f"<body><header><h1>{TITLE}</h1>\n{_render_facts(run)}</header>\n"
        f'<nav aria-label="Contents"><ul>{contents}</ul></nav>\n'
        f"<main>{''.join(_render_section(name, section) for name, section in sections)}</main></body></html>\n"
    )


def _render_facts(run: EvaluationRun) -> str:
    model_facts = [(f"{model.name}: {model.model}, {model.revision}", model.preprocessing) for model in run.models]
    models = "".join(
        f"<li>{escape(weights)}. Preprocessing: {escape(preprocessing)}</li>" for weights, preprocessing in model_facts
    )
    return f"<p>{escape(measurement_note(run))}</p>\n<p>Models:</p><ul>{models}</ul>"


def measurement_note(run: EvaluationRun) -> str:
    """Return a sentence on the date, the version and the pictures of a run."""
    labelled = "all" if run.labelled == run.pictures else f"{run.labelled:,}"
    return (
        f"Measured on {run.day} with Frontispiece {run.version} on {run.pictures:,} pictures of {run.books:,} books or "
        f"other sources, {labelled} of them with a label."
    )


def _missing_mark(section: Section) -> str:
    return " (not measured)" if section.not_measured else ""


def _render_section(name: str, section: Section) -> str:
    reason = f"Not measured: {section.not_measured}." if section.not_measured else ""
    notes = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in (section.note, reason) if paragraph)
    tables = "\n".join(map(_render_table, section.tables))
    label = escape(f"Plot of “{section.title}”; its figures are in the tables above.")
    plots = "\n".join(f'<figure role="img" aria-label="{label}">{plot}</figure>' for plot in section.plots)
    return f'<section id="{name}"><h2>{escape(section.title)}</h2>\n{notes}{tables}\n{plots}</section>\n'


def _render_table(table: ReportTable) -> str:
    cell_attributes = [' class="words"' if is_text else "" for is_text in table.is_text_column]
    head = "".join(
        f'<th scope="col"{attribute}>{escape(name)}</th>'
        for name, attribute in zip(table.columns, cell_attributes, strict=True)
    )
    rows = "\n".join(_render_row([escape(format_cell(cell)) for cell in row], cell_attributes) for row in table.rows)
    note = f"<p>{escape(table.note)}</p>" if table.note else ""
    # A region that scrolls sideways must be reachable by keyboard.
    return (
        f'<div class="table" role="region" tabindex="0" aria-label="{escape(table.title)}"><table>'
        f"<caption>{escape(table.title)}</caption><thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table></div>{note}"
    )


def _render_row(cells: list[str], cell_attributes: list[str]) -> str:
    heading, *values = cells
    data_cells = "".join(
        f"<td{attribute}>{cell}</td>" for cell, attribute in zip(values, cell_attributes[1:], strict=True)
    )
    return f'<tr><th scope="row">{heading}</th>{data_cells}</tr>'
