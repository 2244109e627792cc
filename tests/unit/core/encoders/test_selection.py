"""Which models are loaded, and the errors and warnings for those that cannot be loaded."""

import pytest

from core.encoders import selection
from core.encoders.protocols import Encoder
from core.encoders.selection import load_encoders
from core.errors import EncoderUnavailable, FrontispieceError, HubUnreachable
from core.settings import Settings


@pytest.fixture
def load_errors(monkeypatch: pytest.MonkeyPatch) -> dict[str, EncoderUnavailable]:
    """Return a dict of load errors by model; every model without an error loads as its name."""
    errors: dict[str, EncoderUnavailable] = {}

    def load_encoder(name: str, _settings: Settings) -> str:
        if name in errors:
            raise errors[name]
        return name

    monkeypatch.setattr(selection, "installed_models", lambda: ("siglip", "clip", "sscd"))
    monkeypatch.setattr(selection, "load_encoder", load_encoder)
    return errors


def load_names(settings: Settings, warnings: list[str]) -> list[Encoder]:
    return load_encoders(settings, warn=warnings.append)


def test_every_installed_model_is_loaded_by_default(load_errors: dict[str, EncoderUnavailable]) -> None:
    warnings: list[str] = []
    assert load_names(Settings(), warnings) == ["siglip", "clip", "sscd"]
    assert warnings == []


def test_models_of_the_settings_are_loaded_alone(load_errors: dict[str, EncoderUnavailable]) -> None:
    assert load_names(Settings(models="sscd, clip"), []) == ["sscd", "clip"]


def test_model_of_the_settings_must_load(load_errors: dict[str, EncoderUnavailable]) -> None:
    load_errors["clip"] = EncoderUnavailable("no weights")
    with pytest.raises(EncoderUnavailable, match="no weights"):
        load_names(Settings(models="sscd,clip"), [])


def test_model_without_weights_is_a_warning(load_errors: dict[str, EncoderUnavailable]) -> None:
    warnings: list[str] = []
    load_errors["clip"] = EncoderUnavailable("no weights")
    assert load_names(Settings(), warnings) == ["siglip", "sscd"]
    assert warnings == ["continuing without clip: no weights"]


def test_unreachable_hub_is_tried_once(load_errors: dict[str, EncoderUnavailable]) -> None:
    warnings: list[str] = []
    load_errors |= {name: HubUnreachable("the hub does not answer") for name in ("siglip", "clip")}
    assert load_names(Settings(), warnings) == ["sscd"]
    assert warnings == ["continuing without siglip: the hub does not answer"]


def test_no_usable_model_is_an_error(load_errors: dict[str, EncoderUnavailable]) -> None:
    load_errors |= {name: EncoderUnavailable("no weights") for name in ("siglip", "clip", "sscd")}
    with pytest.raises(FrontispieceError, match=r"pip install 'frontispiece\[sscd\]'"):
        load_names(Settings(), [])
