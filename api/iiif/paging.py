"""Links between the pages of a result that is published page by page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLinks:
    """URLs of one page, of the whole and of the pages around it; a URL that does not exist is empty."""

    whole: str
    this: str
    first: str = ""
    last: str = ""
    next: str = ""
    prev: str = ""

    @property
    def is_paged(self) -> bool:
        """False if this page is the whole."""
        return bool(self.first)


def page_url(url: str, page: int) -> str:
    """Return the URL with the parameter `page`."""
    return f"{url}{'&' if '?' in url else '?'}page={page}"


def page_links(whole_url: str, page: int, page_count: int) -> PageLinks:
    """Return the links of one page; if it is the only one, its URL is that of the whole."""
    if page_count <= 1 == page:
        return PageLinks(whole=whole_url, this=whole_url)
    return PageLinks(
        whole=whole_url,
        this=page_url(whole_url, page),
        first=page_url(whole_url, 1),
        last=page_url(whole_url, max(page_count, 1)),
        next=page_url(whole_url, page + 1) if page < page_count else "",
        prev=page_url(whole_url, page - 1) if 1 < page <= page_count else "",
    )
