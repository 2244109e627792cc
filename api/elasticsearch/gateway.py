"""Where the service speaks to Elasticsearch: what is behind the alias, one `_search` at a time, and its health."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from time import monotonic
from typing import Any, Literal

import structlog
from anyio import Lock
from elastic_transport import TransportError
from elasticsearch import ApiError, AsyncElasticsearch

from api.elasticsearch import queries
from api.elasticsearch.errors import translate_missing_index
from api.errors import ACCESS_DENIED_MESSAGE, UNAVAILABLE_MESSAGE, IndexNotFound, PictureNotFound
from api.vision.query_encoders import ModelState, QueryEncoders
from core.encoders.fingerprint import ModelFingerprint, read_fingerprints

INDEX_CACHE_SECONDS = 10.0
"""How long the mapping's `_meta` is trusted: an index that is rebuilt or gets a model while we serve is seen soon."""
MAPPING_TIMEOUT_SECONDS = 5.0
"""A node that takes longer for its mapping is as good as away; a search may take longer."""

log = structlog.get_logger()

SearchResponse = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureIndex:
    """The index of pictures behind the alias, as its mapping describes it."""

    name: str
    fingerprints: Mapping[str, ModelFingerprint]
    """Model's name → what filled its field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The node, the index behind the alias, and the vision models that filled it."""

    status: Literal["ok", "degraded", "unavailable"] = "unavailable"
    """`degraded`: words are answered, but a model of the index cannot be asked here."""
    node: bool
    """Whether Elasticsearch answers."""
    index: str = ""
    """The index behind the alias; empty where there is none yet."""
    pictures: int = 0
    models: list[ModelState] = field(default_factory=list)
    problem: str = ""
    """What to do about it."""


class SearchGateway:
    """One alias for pictures, and those of its pages and books beside it."""

    def __init__(self, client: AsyncElasticsearch, query_encoders: QueryEncoders, alias: str) -> None:
        self._client, self._query_encoders, self._alias = client, query_encoders, alias
        self._cached_index: PictureIndex | None = None
        self._index_read_at = 0.0
        self._index_lock = Lock()

    async def index(self) -> PictureIndex:
        """What is behind the alias now; models are loaded and compared when it changes."""
        # One question reads it anew while the others go by what is known: behind a slow node they would queue up.
        if self._cached_index is not None and (self._is_index_fresh() or self._index_lock.locked()):
            return self._cached_index
        async with self._index_lock:
            if self._cached_index is None or not self._is_index_fresh():
                index = await self._read_index()
                await self._query_encoders.check_fingerprints(index.fingerprints)
                self._cached_index, self._index_read_at = index, monotonic()
            return self._cached_index

    def forget_index(self) -> None:
        """A rebuild has put another index behind the alias and deleted the one that we knew."""
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
        """Never raises where the node or the index is missing: that is the answer."""
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
        """The indices of those kinds of document; `pictures` is the very index that the vectors are of."""
        names_by_type = {
            "picture": picture_index or self._alias,
            "page": f"{self._alias}-pages",
            "book": f"{self._alias}-books",
        }
        return ",".join(names_by_type[document_type] for document_type in document_types)

    async def search(self, body: queries.Body, index: str = "", *, preference_key: str = "") -> SearchResponse:
        """The body as it stands; the URL asks for the share of each named clause.

        A body with vectors names the `index` whose models they are of: the alias may lead to other models by now.
        """
        # The same question goes to the same copies of the shards: equal scores keep their order from page to page.
        preference = sha256(preference_key.encode()).hexdigest()[:16] if preference_key else None
        with translate_missing_index():
            response = await self._client.search(
                index=index or self._alias, body=body, include_named_queries_score=True, preference=preference
            )
        return dict(response.body)

    async def get_one(self, body: queries.Body, picture_id: str, index: str = "") -> SearchResponse:
        """The one hit of a body that asks for a picture."""
        hits: list[SearchResponse] = (await self.search(body, index))["hits"]["hits"]
        if not hits:
            raise PictureNotFound(picture_id)
        return hits[0]
