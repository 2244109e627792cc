"""The ids of what we publish as IIIF: absolute URLs, made from the address at which the service was asked."""

from dataclasses import dataclass
from urllib.parse import quote

from api.responses import Hit
from core.identifiers import document_id

PLAIN = ":,+~"
"""What may stand unescaped in a path, and does stand in our pictures' ids."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Below `base`, which has no slash at its end."""

    base: str

    def absolute(self, address: str) -> str:
        """An address of our own or of a library's."""
        return f"{self.base}{address}" if address.startswith("/") else address

    def picture(self, picture_id: str) -> str:
        """The page of a picture for readers."""
        return f"{self.base}/pictures/{_escaped(picture_id)}"

    def picture_manifest(self, picture_id: str) -> str:
        return f"{self.base}/iiif/pictures/{_escaped(picture_id)}/manifest"

    def book(self, book_id: str) -> str:
        """Below it lies all that is published of a book; takes the library's own id or that of URLs."""
        return f"{self.base}/iiif/books/{_escaped(document_id(book_id))}"

    def manifest(self, book_id: str) -> str:
        return f"{self.book(book_id)}/manifest"

    def canvas(self, book_id: str, page: int) -> str:
        return f"{self.book(book_id)}/canvas/{page}"

    def pictures_of(self, book_id: str, page: int) -> str:
        """The annotations of a page's pictures."""
        return f"{self.book(book_id)}/pages/{page}/pictures"

    def search_in(self, book_id: str) -> str:
        return f"{self.book(book_id)}/search"

    def region(self, hit: Hit) -> str:
        """A picture's place on its page."""
        return f"{self.canvas(hit.book_id, hit.page)}#xywh={','.join(map(str, hit.box))}"


def _escaped(identifier: str) -> str:
    return quote(identifier, safe=PLAIN)
