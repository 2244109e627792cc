"""A reader chooses a language once, on any page, and keeps the place."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE_MILLISECONDS

LANGUAGES = {"nb": ("Norsk bokmål", "bilder"), "nn": ("Norsk nynorsk", "bilete"), "en": ("English", "pictures")}
"""Code → what the language calls itself, and pictures."""


@pytest.mark.parametrize("screen", ["wide", "without_scripts"])
def test_a_link_changes_the_language_and_keeps_the_search(page: Page) -> None:
    page.goto("/?q=fyr&size=5")
    for code, (own_name, pictures) in LANGUAGES.items():
        page.get_by_role("link", name=own_name, exact=True).click()
        expect(page.locator("html")).to_have_attribute("lang", code)
        expect(page.locator("#q")).to_have_value("fyr")
        expect(page.get_by_role("heading", level=1)).to_contain_text(pictures)
        expect(page.get_by_role("link", name=own_name, exact=True)).to_have_attribute("aria-current", "true")
        assert "size=5" in page.url
    page.get_by_role("link", name="Norsk nynorsk", exact=True).click()
    page.goto("/help")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hjelp")
    expect(page.locator("html")).to_have_attribute("lang", "nn")


def test_the_language_link_follows_what_htmx_shows(wide_page: Page) -> None:
    wide_page.goto("/?q=fyr")
    wide_page.locator(".filters a[href*='place=']").first.click()
    wide_page.wait_for_url("**place=**")
    wide_page.get_by_role("link", name="Norsk bokmål", exact=True).click()
    wide_page.wait_for_url("**lang=nb**")
    assert "place=" in wide_page.url


@pytest.mark.parametrize(("locale", "code"), [("nb-NO", "nb"), ("nn-NO", "nn"), ("en-GB", "en"), ("de-DE", "en")])
def test_the_browser_chooses_for_a_first_visit(browser: Browser, site_url: str, locale: str, code: str) -> None:
    context = browser.new_context(base_url=site_url, locale=locale)
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    page = context.new_page()
    response = page.goto("/")
    assert response is not None
    assert response.headers["content-language"] == code
    expect(page.locator("html")).to_have_attribute("lang", code)
    assert context.cookies() == []
    context.close()
