"""Which models a command uses: those that the settings name, else all that are installed."""

from collections.abc import Callable

from core.encoders.protocols import Encoder
from core.encoders.registry import SPECS, installed_models, load_encoder
from core.errors import EncoderUnavailable, FrontispieceError, HubUnreachable
from core.settings import Settings


def load_encoders(settings: Settings, *, warn: Callable[[str], None]) -> list[Encoder]:
    """Return the models of the settings, else every installed model whose weights are available.

    `warn` gets a sentence for each installed model that cannot be loaded. A model that the settings name must load.
    """
    if settings.models:
        return [load_encoder(name.strip(), settings) for name in settings.models.split(",")]
    loaded_encoders: list[Encoder] = []
    is_hub_reachable = True
    for name in installed_models():
        if not is_hub_reachable and SPECS[name].extra == "models":
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
