"""`frontispiece evaluate all`: every section, one report."""

from functools import partial
from pathlib import Path

import click

from core.console import EXIT_INTERRUPTED, check_writable
from evaluation.commands import registry
from evaluation.commands.options import inputs_options
from evaluation.pictures.inputs import load_inputs
from evaluation.reporting.page import render_page
from evaluation.reporting.run_all import RunOutcome, measure_sections


@click.command("all")
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
@click.pass_context
def command(
    ctx: click.Context, images: Path, labels: Path | None, models: str, *, report: Path, figures: Path | None
) -> None:
    """Measure every section and write one page with all tables and plots.

    A section that cannot be measured is listed with the reason. Ctrl-C stops the run; finished sections are written.
    """
    output_paths = [output_path for output_path in (report, figures) if output_path]
    for path in output_paths:
        check_writable(path)
    sections = {name: partial(registry.measure_section, name) for name in registry.SECTION_NAMES}
    outcome = measure_sections(sections, load_inputs(images, labels, models))
    report.write_text(render_page(outcome.run), "utf-8")
    if figures:
        figures.write_text(outcome.run.to_json(), "utf-8")
    click.echo(_summarise(output_paths, outcome))
    ctx.exit(EXIT_INTERRUPTED if outcome.interrupted else 1 if outcome.failed_sections else 0)


def _summarise(output_paths: list[Path], outcome: RunOutcome) -> str:
    sections = outcome.run.parts
    unmeasured_names = [name for name, section in sections.items() if section.not_measured]
    unmeasured_note = f"; not measured: {', '.join(unmeasured_names)}" if unmeasured_names else ""
    files = " and ".join(map(str, output_paths))
    return f"{files}: {len(sections)} sections on {outcome.run.pictures} pictures{unmeasured_note}"
