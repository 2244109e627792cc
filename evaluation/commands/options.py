"""Options that several commands of `frontispiece evaluate` share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from evaluation.pictures.transformations import SEED

CommandFunction = Callable[..., Any]

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_IMAGES_HELP = "A folder of pictures; subfolders are read too."
_images_option = click.option("--images", required=True, type=FOLDER, help=_IMAGES_HELP)
_optional_images_option = click.option("--images", type=FOLDER, help=_IMAGES_HELP)
_labels_option = click.option(
    "--labels",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A table with a column `path` or `file` and a column `label`; by default labels.csv beside the pictures.",
)
_models_option = click.option(
    "--models", default="", help="Names separated by commas; by default every model that can be loaded."
)
classes_option = click.option(
    "--classes",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of classes, as for `frontispiece classify train`; by default the seven classes of the paper.",
)
seed_option = click.option("--seed", default=SEED, show_default=True, help="The seed of the random alterations.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print one line of JSON after the tables.")


def inputs_options(function: CommandFunction) -> CommandFunction:
    """Add `--images`, `--labels` and `--models`, the arguments of `load_inputs`."""
    return _images_option(_labels_option(_models_option(function)))


def optional_inputs_options(function: CommandFunction) -> CommandFunction:
    """Add the same options for a command that need not have pictures."""
    return _optional_images_option(_labels_option(_models_option(function)))
