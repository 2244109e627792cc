"""Which models a command uses: those that the settings name, else all that are installed."""

from collections.abc import Callable
from typing import cast

from core.encoders.protocols import Encoder, MeaningEncoder
from core.encoders.registry import (
    SPECS,
    installed_models,
    is_text_model,
    load_encoder,
    load_model,
    loads_from_hub,
)
from core.errors import EncoderUnavailable, FrontispieceError, HubUnreachable
from core.settings import Settings


def load_encoders(settings: Settings, *, warn: Callable[[str], None]) -> list[Encoder]:
    """Return the vision models of the settings, else every installed one whose weights are available.

    `warn` gets a sentence for each installed model that cannot be loaded. A model that the settings name must load.
    """
    if settings.models:
        return [load_encoder(name, settings) for name in settings.model_names if not is_text_model(name)]
    loaded_encoders: list[Encoder] = []
    is_hub_reachable = True
    for name in installed_models():
        if is_text_model(name) or (not is_hub_reachable and loads_from_hub(SPECS[name])):
            continue
        try:
            loaded_encoders.append(load_encoder(name, settings))
        except EncoderUnavailable as error:
            is_hub_reachable = is_hub_reachable and not isinstance(error, HubUnreachable)
            warn(f"continuing without {name}: {error}")
    if not loaded_encoders:
        raise FrontispieceError(
            "no vision model can be loaded; `pip install 'frontispiece[sscd]'` installs the smallest one"
        )
    return loaded_encoders


def load_meaning_encoder(settings: Settings, *, warn: Callable[[str], None]) -> MeaningEncoder | None:
    """Return the text model of the settings, else an installed one; None if there is none.

    `warn` gets a sentence if it is installed and cannot be loaded; if the settings name it, it must load.
    """
    names = [name for name in settings.model_names or installed_models() if is_text_model(name)]
    if not names:
        return None
    try:
        return cast(MeaningEncoder, load_model(names[0], settings))
    except EncoderUnavailable as error:
        if settings.models:
            raise
        warn(f"continuing without {names[0]}: {error}")
        return None
