"""`frontispiece evaluate`: each part is imported when it is asked for, with the packages that it alone needs."""

import importlib
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from core.console import EXIT_INTERRUPTED, check_writable
from core.errors import FrontispieceError
from evaluation.options import images_option, labels_option, models_option

PARTS = {
    "retrieval": "evaluation.retrieval.command",
    "hash-or-vector": "evaluation.retrieval.hashes",
    "preprocessing": "evaluation.retrieval.preprocessing",
    "families": "evaluation.families.command",
    "classification": "evaluation.classification.command",
    "cross-domain": "evaluation.classification.cross_domain",
    "bias": "evaluation.bias",
    "paper": "evaluation.paper",
}
"""Name → module; each has a click command called `command`, and a function `section(pictures, encoders, settings)` that
makes its part of the report."""

INDEX_PARTS = {"relevance": "evaluation.relevance.command"}
"""The same, but of what is indexed and not of a folder of pictures: no part of the report."""


class LazyGroup(click.Group):
    """A group that knows its commands by name alone."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *PARTS, *INDEX_PARTS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = (PARTS | INDEX_PARTS).get(cmd_name)
        if module is None:
            return super().get_command(ctx, cmd_name)
        command: click.Command = _import_module(module).command
        return command


@click.group(cls=LazyGroup)
def evaluate() -> None:
    """Measure how well pictures are found and labelled."""


@evaluate.command("all")
@images_option
@labels_option
@models_option
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("report.html"),
    show_default=True,
    help="Where the page with all tables and plots is written.",
)
@click.option(
    "--json", "figures", type=click.Path(dir_okay=False, path_type=Path), help="Also write the tables here, as JSON."
)
@click.pass_context
def evaluate_all(
    ctx: click.Context, images: Path, labels: Path | None, models: str, *, report: Path, figures: Path | None
) -> None:
    """Run every part and write one page with all tables and plots.

    A part that cannot be measured is named, and the others are. Ctrl-C ends it: what was measured by then is written.
    """
    inputs_module, run_module, page_module = (
        _import_module(f"evaluation.{name}") for name in ("pictures.inputs", "reporting.run_all", "reporting.page")
    )
    output_paths = [output_path for output_path in (report, figures) if output_path]
    for path in output_paths:
        check_writable(path)
    outcome = run_module.measure_parts(
        {name: partial(_measure_section, module) for name, module in PARTS.items()},
        inputs_module.load_inputs(images, labels, models),
    )
    report.write_text(page_module.render_page(outcome.run), "utf-8")
    if figures:
        figures.write_text(outcome.run.to_json(), "utf-8")
    unmeasured_parts = [name for name, section in outcome.run.parts.items() if section.not_measured]
    unmeasured_note = f"; not measured: {', '.join(unmeasured_parts)}" if unmeasured_parts else ""
    click.echo(
        f"{' and '.join(map(str, output_paths))}: {len(PARTS)} parts on {outcome.run.pictures} "
        f"pictures{unmeasured_note}"
    )
    ctx.exit(EXIT_INTERRUPTED if outcome.interrupted else 1 if outcome.failed_parts else 0)


def _measure_section(module: str, inputs: Any) -> Any:
    return _import_module(module).section(*inputs)


def _import_module(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise FrontispieceError(
            f"this part needs {error.name}, not installed here: pip install 'frontispiece[evaluation]'"
        ) from error


COMMANDS = (evaluate,)
