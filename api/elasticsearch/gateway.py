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
from api.errors import AWAY, REFUSED, NoIndex, NoSuchPicture, missing_index_named
from api.vision.query_encoders import Contract, Models, ModelState

CONTRACT_SECONDS = 10.0
"""How long the mapping's `_meta` is trusted: an index that is rebuilt or gets a model while we serve is seen soon."""
MAPPING_SECONDS = 5.0
"""A node that takes longer for its mapping is as good as away; a search may take longer."""

log = structlog.get_logger()

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """The index of pictures behind the alias, as its mapping describes it."""

    name: str
    contracts: Mapping[str, Contract]
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


class Engine:
    """One alias for pictures, and those of its pages and books beside it."""

    def __init__(self, client: AsyncElasticsearch, models: Models, alias: str) -> None:
        self._client, self._models, self._alias = client, models, alias
        self._index: Index | None = None
        self._read_at = 0.0
        self._reading = Lock()

    async def index(self) -> Index:
        """What is behind the alias now; models are loaded and compared when it changes."""
        # One question reads it anew while the others go by what is known: behind a slow node they would queue up.
        if self._index is not None and (self._fresh() or self._reading.locked()):
            return self._index
        async with self._reading:
            if self._index is None or not self._fresh():
                index = await self._read_index()
                await self._models.accept(index.contracts)
                self._index, self._read_at = index, monotonic()
            return self._index

    def forget(self) -> None:
        """A rebuild has put another index behind the alias and deleted the one that we knew."""
        self._index = None

    def _fresh(self) -> bool:
        return monotonic() - self._read_at < CONTRACT_SECONDS

    async def _read_index(self) -> Index:
        with missing_index_named():
            answer = await self._quick().indices.get_mapping(index=self._alias)
        name, body = next(iter(answer.body.items()))
        return Index(name=str(name), contracts=body["mappings"].get("_meta", {}).get("models", {}))

    def _quick(self) -> AsyncElasticsearch:
        return self._client.options(request_timeout=MAPPING_SECONDS)

    async def model_states(self) -> list[ModelState]:
        await self.index()
        return self._models.states

    async def health(self) -> Health:
        """Never raises where the node or the index is missing: that is the answer."""
        try:
            index = await self._read_index()
            answer = await self._quick().count(index=self._alias)
            models = await self.model_states()
            return Health(
                status="ok" if all(model.usable for model in models) else "degraded",
                node=True,
                index=index.name,
                pictures=int(answer["count"]),
                models=models,
            )
        except NoIndex as error:
            return Health(node=True, problem=str(error))
        except TransportError:
            return Health(node=False, problem=AWAY)
        except ApiError as error:
            log.error("elasticsearch.refused", status=error.status_code, error=str(error))
            return Health(node=True, problem=REFUSED)

    def where(self, documents: Collection[str], pictures: str = "") -> str:
        """The indices of those kinds of document; `pictures` is the very index that the vectors are of."""
        names = {"picture": pictures or self._alias, "page": f"{self._alias}-pages", "book": f"{self._alias}-books"}
        return ",".join(names[document] for document in documents)

    async def ask(self, body: queries.Body, index: str = "", *, question: str = "") -> Answer:
        """The body as it stands; the URL asks for the share of each named clause.

        A body with vectors names the `index` whose models they are of: the alias may lead to other models by now.
        """
        # The same question goes to the same copies of the shards: equal scores keep their order from page to page.
        preference = sha256(question.encode()).hexdigest()[:16] if question else None
        with missing_index_named():
            response = await self._client.search(
                index=index or self._alias, body=body, include_named_queries_score=True, preference=preference
            )
        return dict(response.body)

    async def only(self, body: queries.Body, picture_id: str, index: str = "") -> Answer:
        """The one hit of a body that asks for a picture."""
        hits: list[Answer] = (await self.ask(body, index))["hits"]["hits"]
        if not hits:
            raise NoSuchPicture(picture_id)
        return hits[0]
