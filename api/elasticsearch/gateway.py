"""Requests to Elasticsearch: `_search`, the index behind the alias, and the health of the service."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from time import monotonic
from typing import Any, Literal

import structlog
from anyio import Lock
from elastic_transport import TransportError
from elasticsearch import ApiError, AsyncElasticsearch

from api.elasticsearch import queries
from api.elasticsearch.errors import raise_for_error, translate_missing_index
from api.errors import ACCESS_DENIED_MESSAGE, UNAVAILABLE_MESSAGE, IndexNotFound, PictureNotFound
from api.vision.query_encoders import ModelState, QueryEncoders
from core.encoders.fingerprint import ModelFingerprint, read_fingerprints

INDEX_CACHE_SECONDS = 10.0
"""How long the mapping's `_meta` is cached: a rebuilt index or a new model takes effect after this time."""
MAPPING_TIMEOUT_SECONDS = 5.0
"""Shorter than the timeout of a search: a node that needs longer for its mapping counts as unavailable."""

log = structlog.get_logger()

SearchResponse = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureIndex:
    """The index of pictures behind the alias, as its mapping describes it."""

    name: str
    fingerprints: Mapping[str, ModelFingerprint]
    """Model name → fingerprint of the model that filled its field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The state of the node, of the index behind the alias, and of the vision models that filled it."""

    status: Literal["ok", "degraded", "unavailable"] = "unavailable"
    """`degraded`: searches by words work, but a model of the index is not usable."""
    node: bool
    """Whether Elasticsearch responds."""
    index: str = ""
    """The index behind the alias; empty if there is none yet."""
    pictures: int = 0
    models: list[ModelState] = field(default_factory=list)
    problem: str = ""
    """What to do; empty if all is well."""


class SearchGateway:
    """Sends requests for one alias of pictures, and for the aliases of its pages and books."""

    def __init__(self, client: AsyncElasticsearch, query_encoders: QueryEncoders, alias: str) -> None:
        self._client, self._query_encoders, self._alias = client, query_encoders, alias
        self._cached_index: PictureIndex | None = None
        self._index_read_at = 0.0
        self._index_lock = Lock()

    async def index(self) -> PictureIndex:
        """Return the index behind the alias; models are loaded and checked when it changes."""
        # One request refreshes the cache while the others use the old entry; with a slow node they would queue up.
        if self._cached_index is not None and (self._is_index_fresh() or self._index_lock.locked()):
            return self._cached_index
        async with self._index_lock:
            if self._cached_index is None or not self._is_index_fresh():
                index = await self._read_index()
                await self._query_encoders.check_fingerprints(index.fingerprints)
                self._cached_index, self._index_read_at = index, monotonic()
            return self._cached_index

    def forget_index(self) -> None:
        """Drop the cached index: a rebuild has deleted it and the alias points to another one."""
        self._cached_index = None

    def _is_index_fresh(self) -> bool:
        return monotonic() - self._index_read_at < INDEX_CACHE_SECONDS

    async def _read_index(self) -> PictureIndex:
        with translate_missing_index():
            mapping_response = await self._mapping_client().indices.get_mapping(index=self._alias)
        name, body = next(iter(mapping_response.body.items()))
        return PictureIndex(name=str(name), fingerprints=read_fingerprints(body["mappings"].get("_meta", {})))

    def _mapping_client(self) -> AsyncElasticsearch:
        return self._client.options(request_timeout=MAPPING_TIMEOUT_SECONDS)

    async def model_states(self) -> list[ModelState]:
        await self.index()
        return self._query_encoders.states

    async def health(self) -> Health:
        """Return the health; a missing node or index does not raise an error."""
        try:
            index = await self._read_index()
            count_response = await self._mapping_client().count(index=self._alias)
            model_states = await self.model_states()
            return Health(
                status="ok" if all(model.usable for model in model_states) else "degraded",
                node=True,
                index=index.name,
                pictures=int(count_response["count"]),
                models=model_states,
            )
        except IndexNotFound as error:
            return Health(node=True, problem=str(error))
        except TransportError:
            return Health(node=False, problem=UNAVAILABLE_MESSAGE)
        except ApiError as error:
            log.error("elasticsearch.refused", status=error.status_code, error=str(error))
            return Health(node=True, problem=ACCESS_DENIED_MESSAGE)

    def index_names(self, document_types: Collection[str], picture_index: str = "") -> str:
        """Return the indices of these types of document, joined by commas.

        `picture_index` is the index that vectors of the body come from; without it the alias is used.
        """
        names_by_type = {
            "picture": picture_index or self._alias,
            "page": f"{self._alias}-pages",
            "book": f"{self._alias}-books",
        }
        return ",".join(names_by_type[document_type] for document_type in document_types)

    async def search(self, body: queries.Body, index: str = "", *, preference_key: str = "") -> SearchResponse:
        """Send one `_search` and return the raw response, with the score of each named clause.

        A body with vectors needs the `index` that its models filled, because the alias may point to another one by now.
        Requests with the same `preference_key` go to the same copies of the shards. Raise `IndexNotFound` if the index
        does not exist.
        """
        with translate_missing_index():
            response = await self._client.search(
                index=index or self._alias,
                body=body,
                include_named_queries_score=True,
                preference=_preference(preference_key),
            )
        return dict(response.body)

    async def search_side_by_side(
        self, bodies: Sequence[queries.Body], index: str, *, preference_key: str
    ) -> list[SearchResponse]:
        """Send the bodies as one `_msearch`, whose searches run at the same time; see `search`."""
        if len(bodies) == 1:
            return [await self.search(bodies[0], index, preference_key=preference_key)]
        header = {"preference": _preference(preference_key)}
        with translate_missing_index():
            response = await self._client.msearch(
                index=index,
                searches=[line for body in bodies for line in (header, body)],
                include_named_queries_score=True,
            )
            for search_response in response["responses"]:
                raise_for_error(search_response, response.meta)
        return list(response["responses"])

    async def get_one(self, body: queries.Body, picture_id: str, index: str = "") -> SearchResponse:
        """Return the only raw hit of a body that selects one picture; raise `PictureNotFound` if there is none."""
        hits: list[SearchResponse] = (await self.search(body, index))["hits"]["hits"]
        if not hits:
            raise PictureNotFound(picture_id)
        return hits[0]


def _preference(key: str) -> str | None:
    """Return the copy of the shards that a key chooses: there hits with equal scores keep their order."""
    return sha256(key.encode()).hexdigest()[:16] if key else None
