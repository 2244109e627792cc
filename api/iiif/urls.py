"""The ids of what we publish as IIIF: absolute URLs, made from the address at which the service was asked."""

from dataclasses import dataclass
from urllib.parse import quote

from api.responses import Hit
from core.identifiers import document_id

SAFE_CHARACTERS = ":,+~"
"""What may stand unescaped in a path, and does stand in our pictures' ids."""


@dataclass(frozen=True, slots=True)
class IIIFUrls:
    """Below `base`, which has no slash at its end."""

    base_url: str

    def make_absolute(self, url: str) -> str:
        """An address of our own or of a library's."""
        return f"{self.base_url}{url}" if url.startswith("/") else url

    def picture_page(self, picture_id: str) -> str:
        """The page of a picture for readers."""
        return f"{self.base_url}/pictures/{_escape(picture_id)}"

    def picture_manifest(self, picture_id: str) -> str:
        return f"{self.base_url}/iiif/pictures/{_escape(picture_id)}/manifest"

    def book_root(self, book_id: str) -> str:
        """Below it lies all that is published of a book; takes the library's own id or that of URLs."""
        return f"{self.base_url}/iiif/books/{_escape(document_id(book_id))}"

    def book_manifest(self, book_id: str) -> str:
        return f"{self.book_root(book_id)}/manifest"

    def canvas(self, book_id: str, page: int) -> str:
        return f"{self.book_root(book_id)}/canvas/{page}"

    def page_annotations(self, book_id: str, page: int) -> str:
        """The annotations of a page's pictures."""
        return f"{self.book_root(book_id)}/pages/{page}/pictures"

    def content_search(self, book_id: str) -> str:
        return f"{self.book_root(book_id)}/search"

    def picture_region(self, hit: Hit) -> str:
        """A picture's place on its page."""
        return f"{self.canvas(hit.book_id, hit.page)}#xywh={','.join(map(str, hit.box))}"


def _escape(identifier: str) -> str:
    return quote(identifier, safe=SAFE_CHARACTERS)
