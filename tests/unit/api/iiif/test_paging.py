"""Links between the pages of a result."""

from api.iiif.paging import PageLinks, page_links


def test_the_only_page_is_the_whole() -> None:
    links = page_links("https://example.org/s?q=fyr", 1, 1)
    assert links == PageLinks(whole="https://example.org/s?q=fyr", this="https://example.org/s?q=fyr")
    assert not links.is_paged


def test_a_middle_page_has_links_to_the_pages_around_it() -> None:
    links = page_links("https://example.org/s", 2, 3)
    assert (links.prev, links.this, links.next) == tuple(f"https://example.org/s?page={page}" for page in (1, 2, 3))
    assert (links.first, links.last) == ("https://example.org/s?page=1", "https://example.org/s?page=3")


def test_a_page_after_the_last_has_no_neighbours() -> None:
    links = page_links("https://example.org/s?q=fyr", 9, 3)
    assert (links.prev, links.next, links.this) == ("", "", "https://example.org/s?q=fyr&page=9")
