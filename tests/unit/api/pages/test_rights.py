"""A licence of the record becomes a badge with its meaning; what is not known is shown as it is printed."""

import pytest

from api.pages.rights import LICENCES, STATEMENTS, Permission, read_rights
from api.pages.site import create_site
from api.pages.templates import create_template_engine
from core.settings import Settings


@pytest.mark.parametrize(
    ("licence", "code", "name", "permission"),
    [
        ("https://creativecommons.org/publicdomain/zero/1.0/deed.no", "zero", "CC0 1.0", "free"),
        ("http://creativecommons.org/publicdomain/mark/1.0/", "mark", "Public Domain Mark 1.0", "free"),
        ("http://creativecommons.org/licenses/by-nc-sa/3.0/de/", "by-nc-sa", "CC BY-NC-SA 3.0", "conditions"),
        ("Licence: https://creativecommons.org/licenses/by/4.0/", "by", "CC BY 4.0", "conditions"),
        ("CC BY-SA 4.0", "by-sa", "CC BY-SA 4.0", "conditions"),
        ("cc-by-nc-nd", "by-nc-nd", "CC BY-NC-ND", "conditions"),
        ("CC0 1.0 Universal", "zero", "CC0 1.0", "free"),
        ("CC0", "zero", "CC0 1.0", "free"),
        ("https://rightsstatements.org/page/InC-EDU/1.0/?language=en", "InC-EDU", "", "conditions"),
        ("http://rightsstatements.org/vocab/UND/1.0/", "UND", "", "unknown"),
    ],
)
def test_known_licences_and_statements(licence: str, code: str, name: str, permission: Permission) -> None:
    rights = read_rights(licence)
    assert rights
    assert (rights.code, rights.name, rights.permission) == (code, name, permission)
    assert rights.url.startswith("https://")


@pytest.mark.parametrize(
    "licence",
    [
        "Domaine public",
        "CC XYZ 4.0",
        "https://creativecommons.org/licenses/by-xx/4.0/",
        "https://rightsstatements.org/vocab/Nothing/1.0/",
        "javascript:alert(1)",
        "https://gallica.bnf.fr/html/und/conditions-dutilisation-des-contenus-de-gallica",
    ],
)
def test_what_is_not_known_stays_as_it_is_printed(licence: str) -> None:
    rights = read_rights(licence)
    assert rights
    assert (rights.code, rights.text) == ("", licence)
    assert rights.url in ("", licence)
    assert not rights.url or licence.startswith("https://")


def test_no_licence_is_no_statement() -> None:
    assert read_rights("") is read_rights("  ") is None
    assert "The library has stated no rights" in render_badge("")


@pytest.mark.parametrize("code", [*LICENCES, *STATEMENTS])
def test_every_code_has_a_sentence_and_every_statement_a_name(code: str) -> None:
    if code in STATEMENTS:
        url = f"https://rightsstatements.org/vocab/{code}/1.0/"
    elif code in ("zero", "mark"):
        url = f"https://creativecommons.org/publicdomain/{code}/1.0/"
    else:
        url = f"https://creativecommons.org/licenses/{code}/4.0/"
    badge = render_badge(url)
    assert 'rel="license external"' in badge
    assert "http" not in badge.partition("<bdi>")[2], "the name is no address"
    assert badge.partition("</a>")[2].count("You may") + badge.count("copyright") + badge.count("Copyright") > 0


def test_an_unknown_text_is_escaped() -> None:
    assert "<script>" not in render_badge("<script>alert(1)</script>")


def render_badge(licence: str) -> str:
    environment = create_template_engine(create_site(Settings())).engine
    source = '{% from "partials/rights.html.jinja" import rights_badge %}{{ rights_badge(licence) }}'
    return environment.from_string(source).render(licence=licence)
