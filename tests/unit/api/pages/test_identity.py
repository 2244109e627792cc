"""Names, logo, colours and links of a library, from the settings."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pydantic import ValidationError

from api.pages.colours import DARK_PAPER, LIGHT_PAPER, MIN_CONTRAST, build_theme, contrast, lighten_for
from api.pages.identity import FooterLink, create_identity, parse_links
from api.pages.languages import read_page_languages, use_language
from api.resources import TRANSLATIONS_FOLDER
from core.errors import FrontispieceError
from core.settings import Settings

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@given(COLOURS)
def test_every_colour_becomes_readable_on_dark_paper(colour: str) -> None:
    assert contrast(lighten_for(colour, DARK_PAPER), DARK_PAPER) >= MIN_CONTRAST


@given(COLOURS)
def test_a_colour_is_used_only_if_it_can_be_read(colour: str) -> None:
    if contrast(colour, LIGHT_PAPER) >= MIN_CONTRAST:
        assert f"--rubric: {colour};" in build_theme(colour)
    else:
        with pytest.raises(FrontispieceError, match=r"FRONTISPIECE_COLOURS: .* has a contrast of only"):
            build_theme(colour)


def test_a_name_can_differ_by_language() -> None:
    settings = Settings(
        library_name="Nasjonalbiblioteket | en: National Library of Norway",
        service_name="Bilder",
        links="Åpningstider|en:Opening hours=https://example.org/hours?a=1|2; Lån=/loans",
    )
    identity = create_identity(settings)
    assert identity.library_name == "National Library of Norway"
    assert (identity.links[0].name, identity.links[0].url) == ("Opening hours", "https://example.org/hours?a=1|2")
    with use_language(read_page_languages(TRANSLATIONS_FOLDER)["nn"]):
        assert (identity.library_name, identity.name) == ("Nasjonalbiblioteket", "Bilder")
        assert [link.name for link in identity.links] == ["Åpningstider", "Lån"]


def test_a_second_colour_is_that_of_dark_screens() -> None:
    assert "--rubric: #88bbff" in build_theme("#003a70, #88bbff")
    assert build_theme("") == ""
    with pytest.raises(FrontispieceError, match="dark paper"):
        build_theme("#003a70,#003a70")


@pytest.mark.parametrize("colours", ["red", "#fff", "#003a70; } body { display: none", "#003a70,#003a70,#003a70"])
def test_other_than_colours_are_refused(colours: str) -> None:
    with pytest.raises(ValidationError):
        Settings(colours=colours)


def test_links_have_names_and_addresses() -> None:
    assert parse_links(" Loans = https://example.org/?a=b ; Map=/map;") == (
        FooterLink("Loans", "https://example.org/?a=b"),
        FooterLink("Map", "/map"),
    )


@pytest.mark.parametrize("links", ["Loans", "=https://example.org", "Run=javascript:alert(1)", "A=https://a.org; B"])
def test_what_is_no_link_is_an_error(links: str) -> None:
    with pytest.raises(FrontispieceError, match="FRONTISPIECE_LINKS"):
        parse_links(links)


@pytest.mark.parametrize(
    ("contact", "url"),
    [("a@example.org", "mailto:a@example.org"), ("https://example.org/ask", "https://example.org/ask"), ("", "")],
)
def test_a_contact_is_a_mail_or_a_web_address(contact: str, url: str) -> None:
    assert create_identity(Settings(reader_contact=contact)).contact_url == url


@pytest.mark.parametrize("contact", ["javascript:alert(1)", "a b@example.org", '"><script>@x'])
def test_other_contacts_are_refused(contact: str) -> None:
    with pytest.raises(ValidationError):
        Settings(reader_contact=contact)


def test_the_logo_is_read_once_with_its_type(tmp_path: Path) -> None:
    file = tmp_path / "logo.SVG"
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 20"/>'
    file.write_bytes(svg)
    logo = create_identity(Settings(logo=file)).logo
    assert logo is not None
    assert (logo.file.data, logo.file.media_type, logo.width) == (svg, "image/svg+xml", 240)
    Image.new("RGB", (30, 60)).save(tmp_path / "logo.png")
    logo = create_identity(Settings(logo=tmp_path / "logo.png")).logo
    assert logo is not None
    assert (logo.file.media_type, logo.width) == ("image/png", 20)


@pytest.mark.parametrize(
    ("name", "size"), [("logo.gif", 1), ("missing.svg", 0), ("large.png", 600_000), ("no.png", 9), ("no.svg", 9)]
)
def test_a_logo_that_cannot_be_used_is_an_error(tmp_path: Path, name: str, size: int) -> None:
    file = tmp_path / name
    if size:
        file.write_bytes(b"x" * size)
    with pytest.raises(FrontispieceError, match="FRONTISPIECE_LOGO"):
        create_identity(Settings(logo=file))
