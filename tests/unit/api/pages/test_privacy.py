"""The page on privacy says what the service keeps, as the settings have it, in each language."""

from pathlib import Path
from typing import Any

import pytest

from api.pages.languages import use_language
from api.pages.site import create_site
from core.settings import Settings

SENTENCES = {
    "en": ("does not store searches", "only when something goes wrong"),
    "nb": ("lagrer ikke søk", "bare en linje i loggen når"),
    "nn": ("lagrar ikkje søk", "berre ei line i loggen når noko går gale"),
}


def read_privacy(code: str, folder: Path, **settings: Any) -> str:
    site = create_site(Settings(data=folder, cache=folder, **settings))
    with use_language(site.languages[code]):
        return " ".join(site.texts.render("privacy").html.split())


@pytest.mark.parametrize(("code", "sentences"), SENTENCES.items())
def test_without_the_settings_nothing_is_kept(code: str, sentences: tuple[str, str], tmp_path: Path) -> None:
    text = read_privacy(code, tmp_path)
    assert all(sentence in text for sentence in sentences)


@pytest.mark.parametrize(("code", "sentences"), SENTENCES.items())
def test_with_the_settings_the_page_says_what_is_kept(code: str, sentences: tuple[str, str], tmp_path: Path) -> None:
    text = read_privacy(code, tmp_path, unanswered_days=41, log_requests=True)
    assert "41" in text
    assert not any(sentence in text for sentence in sentences)
