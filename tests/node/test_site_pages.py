"""The pages about the service, and what crawlers read, over an indexed collection."""

import re
from urllib.parse import quote

import pytest
from litestar.testing import TestClient

from api.app import create_app
from api.pages.sitemap import Sitemap
from tests.library import ServedLibrary


def locations(specimen: ServedLibrary, path: str) -> list[str]:
    response = specimen.api_client.get(path)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("application/xml")
    return [address.replace("http://testserver.local", "") for address in re.findall("<loc>(.*?)</loc>", response.text)]


def test_the_sitemap_lists_every_book_and_each_address_works(
    specimen: ServedLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = specimen.api_client.app.state
    monkeypatch.setattr(state, "sitemap", Sitemap(state.gateway, 1), raising=False)
    first, *parts = locations(specimen, "/sitemap.xml")
    books = [address for part in parts for address in locations(specimen, part)]
    assert len(books) == len(parts) == len(set(books)) == 3
    for address in [*books, *locations(specimen, first)]:
        assert specimen.api_client.get(address).status_code == 200, address
    for number in (0, 4):
        assert specimen.api_client.get(f"/sitemaps/books/{number}").status_code == 404


def test_crawlers_read_books_and_pictures_but_no_results(specimen: ServedLibrary) -> None:
    robots = specimen.api_client.get("/robots.txt")
    assert robots.headers["content-type"].startswith("text/plain")
    assert "Disallow: /*?\n" in robots.text
    assert robots.text.endswith("/sitemap.xml\n")


def test_the_help_searches_for_words_of_the_collection(specimen: ServedLibrary) -> None:
    html = specimen.api_client.get("/help").text
    address = re.findall(r'href="(/\?q=[^"+]*)"', html)[0]
    assert "<ol" in specimen.api_client.get(address).text


def test_what_leaves_the_service_has_its_public_address(specimen: ServedLibrary) -> None:
    """Behind another server the host of a request is an inner one, which no citation may name."""
    public_url = "https://pictures.example.org"
    hit, *_ = specimen.search(q="fyr", size=1)["hits"]
    picture, book = quote(hit["id"], safe=""), quote(hit["book_id"], safe="")
    paths = [
        f"/books/{book}",
        f"/pictures/{picture}",
        f"/iiif/books/{book}/manifest",
        f"/iiif/pictures/{picture}/manifest",
        f"/iiif/image/{picture}/info.json",
        *(f"/api/export/{name}?q=fyr" for name in ("csv", "bibtex", "ris", "csl")),
        f"/api/list/bibtex?id={picture}",
        f"/iiif/list?id={picture}",
        "/iiif/search?q=fyr",
    ]
    settings = specimen.settings.model_copy(update={"public_url": f"{public_url}/"})
    with TestClient(create_app(settings, elasticsearch_url=specimen.url)) as client:
        for path in paths:
            text = client.get(path).text
            assert f"{public_url}/" in text, path
            assert str(client.base_url.host) not in text, path
        own = client.get("/api/search", params={"image": f"{public_url}/pictures/{picture}"})
        assert own.json()["hits"]
