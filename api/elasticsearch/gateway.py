"""Requests to Elasticsearch: `_search`, the index behind the alias, and the health of the service."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from time import monotonic
from typing import Any

import structlog
from anyio import Lock, sleep
from elastic_transport import TlsError, TransportError
from elasticsearch import ApiError, AsyncElasticsearch

from api.elasticsearch import queries
from api.elasticsearch.collection_state import CollectionState, read_document_counts, read_runs
from api.elasticsearch.errors import describe_refusal, raise_for_error, translate_missing_index
from api.elasticsearch.health import (
    ACCESS_DENIED_MESSAGE,
    TLS_FAILED_MESSAGE,
    Health,
    read_coverage,
    read_next_index,
)
from api.errors import UNAVAILABLE_MESSAGE, IndexNotFound, PictureNotFound
from api.search.choices import DOCUMENT_TYPES
from api.vision.query_encoders import ModelState, QueryEncoders
from core.encoders.fingerprint import ModelFingerprint, read_fingerprints

INDEX_CACHE_SECONDS = 10.0
"""How long the mapping's `_meta` is cached: a rebuilt index or a new model takes effect after this time."""
MAPPING_TIMEOUT_SECONDS = 5.0
"""Shorter than the timeout of a search: a node that needs longer for its mapping counts as unavailable."""

HEALTH_SECONDS = 1.0
"""How long the health is remembered: no limit counts who asks for it, and each answer takes three requests."""

SEARCH_TIMEOUT = "20s"
"""After this time Elasticsearch ends a search itself; the client waits some seconds longer."""

SHARDS_LOST = 503
"""The status of a search whose index was deleted meanwhile, as after a rebuild: sent again, it finds the new one.

The client repeats a `_search` by itself, but sees only the status of a whole `_msearch`.
"""
SHARDS_LOST_PAUSES = (0.0, 0.1, 0.5)
"""Seconds before it is sent again; on a busy node the index may be deleted for some moments."""

log = structlog.get_logger()

SearchResponse = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class IndexSearch:
    """A body, and the names of the indices that it searches."""

    body: queries.Body
    index: str
    may_be_missing: bool = False
    """Whether an index that does not exist has no documents; it is an error otherwise."""

    def header(self, preference: str | None) -> Mapping[str, Any]:
        """Return the line before the body in an `_msearch`."""
        return {
            "index": self.index,
            "preference": preference,
            "ignore_unavailable": self.may_be_missing,
            "allow_partial_search_results": False,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureIndex:
    """The index of pictures behind the alias, as its mapping describes it."""

    name: str
    fingerprints: Mapping[str, ModelFingerprint]
    """Model name → fingerprint of the model that filled its field."""


class SearchGateway:
    """Sends requests for one alias of pictures, and for the aliases of its pages and books."""

    def __init__(self, client: AsyncElasticsearch, query_encoders: QueryEncoders, alias: str) -> None:
        self._client, self._query_encoders, self._alias = client, query_encoders, alias
        self._cached_index: PictureIndex | None = None
        self._index_read_at = 0.0
        self._index_lock = Lock()
        self._health: Health | None = None
        self._health_read_at = 0.0
        self._health_lock = Lock()

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
        """Return the health, at most `HEALTH_SECONDS` old; a missing node or index does not raise an error."""
        async with self._health_lock:
            if self._health is None or monotonic() - self._health_read_at >= HEALTH_SECONDS:
                self._health, self._health_read_at = await self._read_health(), monotonic()
            return self._health

    async def _read_health(self) -> Health:
        try:
            index = await self._read_index()
            filled = await read_coverage(self._mapping_client(), index.name, index.fingerprints.keys())
            model_states = await self.model_states()
            return Health(
                status="ok" if all(model.usable for model in model_states) else "degraded",
                node=True,
                index=index.name,
                pictures=filled.pictures,
                models=model_states,
                coverage=filled.coverage,
                next=await read_next_index(self._mapping_client(), self._alias),
            )
        except IndexNotFound as error:
            return Health(node=True, problem=str(error))
        except TlsError as error:
            log.error("elasticsearch.away", error=str(error))
            return Health(node=False, problem=TLS_FAILED_MESSAGE)
        except TransportError:
            return Health(node=False, problem=UNAVAILABLE_MESSAGE)
        except ApiError as error:
            log.error("elasticsearch.refused", status=error.status_code, **describe_refusal(error))
            return Health(node=True, problem=ACCESS_DENIED_MESSAGE)

    async def collection_state(self) -> CollectionState:
        """Return what is in the collection; empty if Elasticsearch does not say it."""
        client = self._mapping_client()
        try:
            documents = await read_document_counts(client, self.index_names(DOCUMENT_TYPES))
            return CollectionState(documents=documents, runs=await read_runs(client, self._alias))
        except (TransportError, ApiError):
            return CollectionState()

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
                body=_with_timeout(body),
                include_named_queries_score=True,
                allow_partial_search_results=False,
                preference=_preference(preference_key),
            )
        return dict(response.body)

    async def search_side_by_side(
        self, searches: Sequence[IndexSearch], *, preference_key: str = ""
    ) -> list[SearchResponse]:
        """Send the searches as one `_msearch`, which run at the same time; see `search`."""
        if len(searches) == 1:
            return [await self.search(searches[0].body, searches[0].index, preference_key=preference_key)]
        preference = _preference(preference_key)
        lines = [line for search in searches for line in (search.header(preference), _with_timeout(search.body))]
        with translate_missing_index():
            response = await self._client.msearch(searches=lines, include_named_queries_score=True)
            for seconds in SHARDS_LOST_PAUSES:
                if all(search_response["status"] != SHARDS_LOST for search_response in response["responses"]):
                    break
                await sleep(seconds)
                response = await self._client.msearch(searches=lines, include_named_queries_score=True)
            for search_response in response["responses"]:
                raise_for_error(search_response, response.meta)
        return list(response["responses"])

    async def get_one(self, body: queries.Body, picture_id: str, index: str = "") -> SearchResponse:
        """Return the only raw hit of a body that selects one picture; raise `PictureNotFound` if there is none."""
        hits: list[SearchResponse] = (await self.search(body, index))["hits"]["hits"]
        if not hits:
            raise PictureNotFound(picture_id)
        return hits[0]


def _with_timeout(body: queries.Body) -> queries.Body:
    return {"timeout": SEARCH_TIMEOUT, **body}


def _preference(key: str) -> str | None:
    """Return the copy of the shards that a key chooses: there hits with equal scores keep their order."""
    return sha256(key.encode()).hexdigest()[:16] if key else None
