"""What a command of `frontispiece evaluate` was pointed at: the pictures, and the models that see them."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from core.encoders import Encoder
from core.settings import Settings
from evaluation.pictures.folder import LabelledPicture, read_folder
from evaluation.pictures.vectors import console
from indexer.cli import load_encoders


class EvaluationInputs(NamedTuple):
    pictures: tuple[LabelledPicture, ...]
    encoders: Sequence[Encoder]
    settings: Settings


def load_inputs(images: Path, labels: Path | None, models: str) -> EvaluationInputs:
    """What `--images`, `--labels` and `--models` name; pictures that cannot be used are told on standard error."""
    settings = Settings.from_environ()
    if models:
        settings = settings.model_copy(update={"models": models})
    # A file may well be called `[1].jpg`, which rich would take for one of its own signs.
    pictures = read_folder(images, labels, partial(console.print, markup=False, highlight=False))
    return EvaluationInputs(pictures, load_encoders(settings), settings)
