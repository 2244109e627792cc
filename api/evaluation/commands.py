"""`frontispiece evaluate`: each part is imported when it is asked for, with the packages that it alone needs."""

import importlib
from pathlib import Path
from types import ModuleType

import click

from api.evaluation.options import images_option, labels_option, models_option
from indexer.errors import FrontispieceError

PARTS = {
    "retrieval": "api.evaluation.retrieval",
    "hash-or-vector": "api.evaluation.hashes",
    "preprocessing": "api.evaluation.preprocessing",
    "families": "api.evaluation.families",
    "classification": "api.evaluation.classification",
    "cross-domain": "api.evaluation.cross_domain",
    "bias": "api.evaluation.bias",
    "paper": "api.evaluation.paper",
}
"""Name → module; each has a click command called `command`, and a function `section(pictures, encoders, settings)` that
makes its part of the report."""

ON_BOOKS = {"relevance": "api.evaluation.relevance"}
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
def everything(images: Path, labels: Path | None, models: str, report: Path) -> None:
    """Run every part and write one page with all tables and plots."""
    material, vectors, pages = (_module(f"api.evaluation.{name}") for name in ("material", "vectors", "report"))
    pictures, encoders, settings = material.gathered(images, labels, models)
    sections = []
    for name, module in PARTS.items():
        vectors.console.print(f"{name}…")
        try:
            sections.append(_module(module).section(pictures, encoders, settings))
        except FrontispieceError as error:
            # Without labels there is nothing to classify; what can be measured is.
            sections.append(pages.Section(name, [], note=f"Not measured: {error}."))
    pages.write(report, "Frontispiece: how well pictures are found and labelled", sections)
    click.echo(f"{report}: {len(sections)} parts on {len(pictures)} pictures")


def _module(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise FrontispieceError(
            f"this part needs {error.name}, not installed here: pip install 'frontispiece[evaluation]'"
        ) from error
