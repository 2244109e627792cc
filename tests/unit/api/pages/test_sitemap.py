"""The XML of sitemaps is valid, whatever characters the key of a book has."""

from xml.etree import ElementTree as ET

from api.pages.addresses import book_page_path
from api.pages.sitemap import build_sitemap, build_sitemap_index


def test_addresses_are_valid_xml() -> None:
    url = f"https://example.org{book_page_path('a/b&c <ø>')}"
    assert url == "https://example.org/books/a%2Fb%26c%20%3C%C3%B8%3E"
    for xml, tag in ((build_sitemap([url, "https://x.org/?a&b"]), "url"), (build_sitemap_index([url]), "sitemap")):
        root = ET.fromstring(xml)  # noqa: S314 our own XML
        namespace = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
        locations = [item.findtext(f"{namespace}loc") for item in root.findall(f"{namespace}{tag}")]
        assert locations[0] == url
