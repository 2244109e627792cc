"""What the parts of `frontispiece evaluate` are all told in the same way."""

from pathlib import Path

import click

images_option = click.option(
    "--images",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of pictures; folders in it count too.",
)
labels_option = click.option(
    "--labels",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV with a column `path` or `file` and a column `label`; else labels.csv beside the pictures, if any.",
)
models_option = click.option("--models", default="", help="Names with commas; else every model that can be used here.")
json_option = click.option("--json", "as_json", is_flag=True, help="End with one line of JSON.")
