"""The pictures of the index that search requests name."""

from collections.abc import Sequence

from cachetools import TTLCache

from api.elasticsearch import queries
from api.elasticsearch.gateway import SearchGateway
from api.elasticsearch.hits import read_named_picture
from api.records import NamedPicture

MAX_CACHED_PICTURES, CACHE_SECONDS = 256, 60.0
"""Some 12 kB per picture and model; a book that is indexed again is read again after a minute."""


class NamedPictures:
    """Reads named pictures with their vectors, all of a request in one `_search`, and keeps them for a minute."""

    def __init__(self, gateway: SearchGateway) -> None:
        self._gateway = gateway
        self._cache: TTLCache[tuple[str, str], NamedPicture] = TTLCache(MAX_CACHED_PICTURES, CACHE_SECONDS)

    async def fetch(self, picture_ids: Sequence[str], index_name: str) -> dict[str, NamedPicture]:
        """Return id → picture, without ids that the index does not have."""
        cached_pictures = {
            picture_id: picture
            for picture_id in picture_ids
            if (picture := self._cache.get((index_name, picture_id))) is not None
        }
        missing_ids = [picture_id for picture_id in dict.fromkeys(picture_ids) if picture_id not in cached_pictures]
        if not missing_ids:
            return cached_pictures
        response = await self._gateway.search(queries.named_pictures_query(missing_ids), index_name)
        fetched_pictures = {picture.hit.id: picture for picture in map(read_named_picture, response["hits"]["hits"])}
        for picture_id, picture in fetched_pictures.items():
            self._cache[index_name, picture_id] = picture
        return {**cached_pictures, **fetched_pictures}
