"""The ids of IIIF resources: absolute URLs below the address of the service."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from api.picture_images import SAFE_CHARACTERS, image_path
from api.responses import Hit


@dataclass(frozen=True, slots=True)
class IIIFUrls:
    """URLs below `base_url`, which has no slash at its end."""

    base_url: str

    @property
    def host(self) -> str:
        """The host that readers use, with its port."""
        return urlsplit(self.base_url).netloc

    def make_absolute(self, url: str) -> str:
        """Return a URL of this service or of a library as an absolute URL."""
        return f"{self.base_url}{url}" if url.startswith("/") else url

    def picture_page(self, picture_id: str) -> str:
        """Return the URL of a picture's page for readers."""
        return f"{self.base_url}/pictures/{_escape(picture_id)}"

    def image_service(self, identifier: str) -> str:
        """Return the base URI of an image in our Image API; the identifier is that of a page or a picture."""
        return f"{self.base_url}{image_path(identifier)}"

    def picture_manifest(self, picture_id: str) -> str:
        return f"{self.base_url}/iiif/pictures/{_escape(picture_id)}/manifest"

    def book_root(self, book_key: str) -> str:
        """Return the URL that all IIIF resources of a book are below; `book_key` is the `_id` of its document."""
        return f"{self.base_url}/iiif/books/{_escape(book_key)}"

    def book_manifest(self, book_key: str) -> str:
        return f"{self.book_root(book_key)}/manifest"

    def canvas(self, book_key: str, page: int) -> str:
        return f"{self.book_root(book_key)}/canvas/{page}"

    def page_annotations(self, book_key: str, page: int) -> str:
        """Return the URL of the AnnotationPage of a page's pictures."""
        return f"{self.book_root(book_key)}/pages/{page}/pictures"

    def content_search(self, book_key: str) -> str:
        return f"{self.book_root(book_key)}/search"

    def picture_region(self, hit: Hit) -> str:
        """Return the URL of a picture's region of its Canvas."""
        return f"{self.canvas(hit.book_key, hit.page)}#xywh={','.join(map(str, hit.box))}"


def add_query(url: str, query_string: str) -> str:
    """Return the URL with the query string, if there is one."""
    return f"{url}?{query_string}" if query_string else url


def _escape(identifier: str) -> str:
    return quote(identifier, safe=SAFE_CHARACTERS)
