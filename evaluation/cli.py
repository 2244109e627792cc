"""`frontispiece evaluate`: each part is imported when it is asked for, with the packages that it alone needs."""

import importlib
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from core.errors import FrontispieceError
from evaluation.options import images_option, labels_option, models_option
from indexer.cli import STOPPED

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

ON_BOOKS = {"relevance": "evaluation.relevance.command"}
"""The same, but of what is indexed and not of a folder of pictures: no part of the report."""


class Parts(click.Group):
    """A group that knows its commands by name alone."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *PARTS, *ON_BOOKS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = (PARTS | ON_BOOKS).get(cmd_name)
        if module is None:
            return super().get_command(ctx, cmd_name)
        command: click.Command = _module(module).command
        return command


@click.group(cls=Parts)
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
def everything(
    ctx: click.Context, images: Path, labels: Path | None, models: str, *, report: Path, figures: Path | None
) -> None:
    """Run every part and write one page with all tables and plots.

    A part that cannot be measured is named, and the others are. Ctrl-C ends it: what was measured by then is written.
    """
    material, every, page = (
        _module(f"evaluation.{name}") for name in ("pictures.material", "reporting.every", "reporting.page")
    )
    written = [each for each in (report, figures) if each]
    for path in written:
        _writable(path)
    ended = every.measure(
        {name: partial(_section, module) for name, module in PARTS.items()}, material.gathered(images, labels, models)
    )
    report.write_text(page.page(ended.run), "utf-8")
    if figures:
        figures.write_text(ended.run.json(), "utf-8")
    missing = [name for name, part in ended.run.parts.items() if part.not_measured]
    told = f"; not measured: {', '.join(missing)}" if missing else ""
    click.echo(f"{' and '.join(map(str, written))}: {len(PARTS)} parts on {ended.run.pictures} pictures{told}")
    ctx.exit(STOPPED if ended.stopped else 1 if ended.broken else 0)


def _section(module: str, material: Any) -> Any:
    return _module(module).section(*material)


def _writable(path: Path) -> None:
    """Asked before the run: an hour later it would be a pity."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("a").close()
    except OSError as error:
        raise FrontispieceError(f"nothing can be written to {path}: {error.strerror or error}") from error


def _module(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise FrontispieceError(
            f"this part needs {error.name}, not installed here: pip install 'frontispiece[evaluation]'"
        ) from error
