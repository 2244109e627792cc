"""The texts about the service: complete in every language, filled in, without HTML of their own."""

import re
from pathlib import Path
from typing import Any

import pytest

from api.app import create_app
from api.pages.evaluation_figures import SHARES, read_figures
from api.pages.languages import PageLanguage, use_language
from api.pages.site import create_site
from api.pages.texts import RESERVED_NAMES, STANDARD_NAMES, InfoTexts
from api.resources import TEXTS_FOLDER
from core.errors import FrontispieceError
from core.settings import Settings

SITE = create_site(Settings())


def site_texts(tmp_path: Path, texts: dict[str, str], **settings: Any) -> InfoTexts:
    for name, text in texts.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
    return create_site(Settings(texts=tmp_path, **settings)).texts


@pytest.mark.parametrize("language", SITE.languages.values(), ids=lambda language: language.code)
def test_every_text_is_there_in_every_language(language: PageLanguage) -> None:
    with use_language(language):
        for name in STANDARD_NAMES:
            text = SITE.texts.render(name)
            assert text.language == language.code
            assert text.title
            # What is not filled in, or not Markdown, would be shown as it is; style attributes are not allowed.
            assert not re.search(r"{{|{%|\*\*|]\(| style=|\[[^\]]*\]\(", text.html)


@pytest.mark.parametrize("code", SITE.languages)
def test_links_between_texts_lead_to_texts_and_headings(code: str) -> None:
    with use_language(SITE.languages[code]):
        texts = {name: SITE.texts.render(name) for name in STANDARD_NAMES}
    ids = {name: set(re.findall(r' id="([^"]+)"', text.html)) for name, text in texts.items()}
    links = {link for text in texts.values() for link in re.findall(r'href="/([a-z]+)(#[^"]*)?"', text.html)}
    assert links
    for name, fragment in links:
        assert name in texts or name == "docs", name
        assert not fragment or fragment.removeprefix("#") in ids[name], (name, fragment)


def test_the_examples_of_the_help_are_words_of_the_collection() -> None:
    html = SITE.texts.render("help", ["fyrtårn", "havn"]).html
    assert '<a href="/?q=fyrt%C3%A5rn">fyrtårn</a>' in html
    assert '<a href="/?q=havn">havn</a>' in html


def test_the_figures_are_those_of_the_published_evaluation() -> None:
    figures = read_figures()
    assert {"pictures", "books", *SHARES} == set(figures)
    assert all(0 <= figures[name] <= 1 for name in SHARES)
    with use_language(SITE.languages["nb"]):
        assert f"{100 * figures['photograph']:.0f}\u00a0%" in SITE.texts.render("help").html


def test_without_an_evaluation_the_help_has_no_figures(tmp_path: Path) -> None:
    assert read_figures(tmp_path / "none.json") == {}


def test_an_own_text_replaces_one_language_or_adds_a_page(tmp_path: Path) -> None:
    texts = site_texts(
        tmp_path, {"nb/about.md": "# Om bildesøket\n\nHei", "en/loans.md": "# Loans\n\nBorrow {{ service.name }}."}
    )
    with use_language(SITE.languages["nb"]):
        assert texts.render("about").title == "Om bildesøket"
        assert (texts.render("loans").language, texts.render("loans").html) == ("en", "<p>Borrow Frontispiece.</p>\n")
        assert texts.links()[-1] == ("/loans", "Loans")
    assert texts.render("about").title == "About Frontispiece"


def test_html_and_scripts_of_a_text_are_shown_and_not_run(tmp_path: Path) -> None:
    text = "# T\n\n<script>alert(1)</script> [a](javascript:alert(1)) <b onclick=x>b</b>"
    html = site_texts(tmp_path, {"en/about.md": text}).render("about").html
    assert "<script" not in html
    assert "<b" not in html
    assert "<a" not in html


def test_equal_headings_get_different_ids(tmp_path: Path) -> None:
    text = site_texts(tmp_path, {"en/about.md": "# T\n\n## One\n\n## One\n\n## !\n"}).render("about")
    assert text.headings == (("one", "One"), ("one-2", "One"), ("section", "!"))


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("en/about.md", "# A\n\n{% if %}", r"en/about\.md, line 3"),
        ("en/about.md", "# A\n{{ serv.name }}", r"en/about\.md: 'serv' is undefined"),
        ("nb/about.md", "No title", r"nb/about\.md, line 1: the text must begin with its title"),
        ("de/about.md", "# Über", r"de/about\.md: there are no pages in `de`"),
        ("en/books.md", "# Books", r"en/books\.md: `books` cannot be the address of a page"),
        ("en/About us.md", "# A", "cannot be the address of a page"),
    ],
)
def test_a_broken_text_is_an_error_when_the_service_starts(tmp_path: Path, name: str, text: str, problem: str) -> None:
    with pytest.raises(FrontispieceError, match=problem):
        site_texts(tmp_path, {name: text})


def test_a_missing_folder_of_texts_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FrontispieceError, match=r"FRONTISPIECE_TEXTS: .*none is not a folder"):
        create_site(Settings(texts=tmp_path / "none"))


def test_contact_and_library_are_filled_in() -> None:
    site = create_site(Settings(reader_contact="bilder@example.org", library_name="Eksempelbiblioteket"))
    assert '<a href="mailto:bilder@example.org">bilder@example.org</a>' in site.texts.render("contact").html
    assert "Eksempelbiblioteket" in site.texts.render("about").html


def test_names_of_other_addresses_are_reserved() -> None:
    app = create_app(Settings(), elasticsearch_url="http://localhost:9200", encoder_loaders={})
    first_parts = {route.path_format.split("/")[1] for route in app.routes}
    assert {name for name in first_parts if name and "." not in name} <= RESERVED_NAMES | set(STANDARD_NAMES)
    assert not RESERVED_NAMES & {file.stem for file in TEXTS_FOLDER.glob("*/*.md")}


@pytest.mark.parametrize("code", SITE.languages)
def test_no_title_has_a_soft_hyphen(code: str) -> None:
    with use_language(SITE.languages[code]):
        texts = [SITE.texts.render(name) for name in STANDARD_NAMES]
    assert not [text.title for text in texts if "\u00ad" in text.title]
    assert [text.heading.replace("\u00ad", "") for text in texts] == [text.title for text in texts]


@pytest.mark.parametrize("code", SITE.languages)
def test_the_help_says_which_addresses_of_pictures_work(code: str) -> None:
    hosts = create_site(Settings(allowed_image_hosts="iiif.example.org, bilder.example.org")).texts
    with use_language(SITE.languages[code]):
        assert "iiif.example.org, bilder.example.org" in hosts.render("help").html
        assert "example.org" not in SITE.texts.render("help").html
