"""`frontispiece evaluate all`: every section, one report."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from core.console import EXIT_INTERRUPTED, check_writable
from core.errors import FrontispieceError
from evaluation.commands import registry
from evaluation.commands.options import inputs_options
from evaluation.pictures.inputs import load_inputs
from evaluation.reporting.page import render_page
from evaluation.reporting.report import merge_runs, read_run
from evaluation.reporting.run_all import RunOutcome, measure_sections


@click.command("all", short_help="Measure every section and write one page with all tables.")
@inputs_options
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("report.html"),
    show_default=True,
    help="The page with all tables and plots.",
)
@click.option(
    "--json",
    "figures",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write the tables to this JSON file.",
)
@click.option(
    "--sections",
    "chosen_sections",
    default="",
    help="Measure only these sections, such as `bias,hiding`; the others stay as the file of --json has them.",
)
@click.pass_context
def command(
    ctx: click.Context,
    images: Path,
    labels: Path | None,
    models: str,
    *,
    report: Path,
    figures: Path | None,
    chosen_sections: str,
) -> None:
    """Measure every section and write one page with all tables and plots.

    A section that cannot be measured is listed with the reason. Ctrl-C stops the run; finished sections are written.
    """
    output_paths = [output_path for output_path in (report, figures) if output_path]
    for path in output_paths:
        check_writable(path)
    section_names = _parse_section_names(chosen_sections)
    previous_run = read_run(figures) if chosen_sections and figures and figures.is_file() else None
    sections = {name: partial(registry.measure_section, name) for name in section_names}
    outcome = measure_sections(sections, load_inputs(images, labels, models))
    if previous_run:
        outcome = replace(outcome, run=merge_runs(previous_run, outcome.run, registry.SECTION_NAMES))
    report.write_text(render_page(outcome.run), "utf-8")
    if figures:
        figures.write_text(outcome.run.to_json(), "utf-8")
    click.echo(_summarise(output_paths, outcome))
    ctx.exit(EXIT_INTERRUPTED if outcome.interrupted else 1 if outcome.failed_sections else 0)


def _parse_section_names(chosen_sections: str) -> list[str]:
    """Return the sections to measure, in the order of the report; all of them if none is named."""
    names = [name.strip() for name in chosen_sections.split(",") if name.strip()]
    if unknown := [name for name in names if name not in registry.SECTION_NAMES]:
        raise FrontispieceError(
            f"the report has no section {', '.join(unknown)}; its sections are {', '.join(registry.SECTION_NAMES)}"
        )
    return [name for name in registry.SECTION_NAMES if not names or name in names]


def _summarise(output_paths: list[Path], outcome: RunOutcome) -> str:
    sections = outcome.run.parts
    unmeasured_names = [name for name, section in sections.items() if section.not_measured]
    unmeasured_note = f"; not measured: {', '.join(unmeasured_names)}" if unmeasured_names else ""
    files = " and ".join(map(str, output_paths))
    return f"{files}: {len(sections)} sections on {outcome.run.pictures} pictures{unmeasured_note}"
