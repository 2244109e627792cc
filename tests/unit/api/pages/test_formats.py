"""How pages write numbers, names and long texts."""

import pytest
from jinja2 import Environment

from api.pages.formats import first_capital, shorten

ENVIRONMENT = Environment(autoescape=True)


@pytest.mark.parametrize(
    ("text", "shortened"),
    [
        ("Fyr og Skibe", "Fyr og Skibe"),
        ("Fyr og Skibe langs Kysten: en liden Bog", "Fyr og Skibe langs…"),
        ("", ""),
    ],
)
def test_a_long_text_ends_with_one_ellipsis(text: str, shortened: str) -> None:
    assert shorten(ENVIRONMENT, text, 22) == shortened


@pytest.mark.parametrize(("text", "name"), [("norsk bokmål", "Norsk bokmål"), ("IIIF", "IIIF"), ("", "")])
def test_an_entry_of_a_list_begins_with_a_capital(text: str, name: str) -> None:
    assert first_capital(text) == name
