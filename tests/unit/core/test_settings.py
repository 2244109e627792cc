"""Settings from the environment, and the error for a misspelt variable."""

import pytest
from pydantic import ValidationError

from core.errors import FrontispieceError
from core.settings import Settings


def test_a_setting_comes_from_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTISPIECE_ALIAS", "prints")
    assert Settings.from_environ().alias == "prints"


def test_an_unknown_variable_is_an_error_that_names_it() -> None:
    with pytest.raises(FrontispieceError, match="FRONTISPIECE_ALAIS"):
        Settings.from_environ({"FRONTISPIECE_ALAIS": "prints"})


def test_an_alias_that_elasticsearch_would_refuse_is_an_error() -> None:
    with pytest.raises(ValidationError, match="alias"):
        Settings(alias="Prints, or not")


def test_the_api_key_is_not_printed() -> None:
    assert "hunter2" not in repr(Settings(elasticsearch_api_key="hunter2"))
