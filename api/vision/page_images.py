"""Images of whole pages to search with: the index has the vectors of pictures only."""

from api.errors import PictureNotFound
from api.image_service.errors import ImageNotFound
from api.image_service.server import ImageServer
from api.search.image_terms import ImageRegion

MAX_SIDE = 1024
"""Pixels of the longer side, as browsers send uploads; the models look at fewer."""


class PageImages:
    """Cuts the scans that this service has."""

    def __init__(self, image_server: ImageServer) -> None:
        self._image_server = image_server

    async def read(self, page_id: str, region: ImageRegion | None) -> bytes:
        """Return a page, or a region of it, as a JPEG; raise `PictureNotFound` if there is no scan with this id."""
        part = str(region) if region else "full"
        try:
            requested = await self._image_server.read_request(page_id, f"{part}/!{MAX_SIDE},{MAX_SIDE}/0/default.jpg")
        except ImageNotFound:
            raise PictureNotFound(page_id) from None
        return await self._image_server.cut(requested)
