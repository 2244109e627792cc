"""Encode → build → ask → data: the one place where the service speaks to Elasticsearch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any, Literal

import structlog
from anyio import CapacityLimiter, Lock, to_thread
from cachetools import TTLCache
from elastic_transport import TransportError
from elasticsearch import ApiError, AsyncElasticsearch

from api import queries, results
from api.errors import AWAY, REFUSED, BadQuestion, NoIndex, NoModel, NoSuchPicture, missing_index_named
from api.models import Contract, Loaders, Models, ModelState
from api.question import Question
from api.results import Hit, SearchPage
from api.uploads import read_picture
from api.vectors import Packed, pack, stamp, unpack
from api.words import clean
from indexer.settings import Settings

CONTRACT_SECONDS = 10.0
"""How long the mapping's `_meta` is trusted: an index that is rebuilt or gets a model while we serve is seen soon."""
MAPPING_SECONDS = 5.0
"""A node that takes longer for its mapping is as good as away; a search may take longer."""
VECTORS_KEPT, VECTOR_SECONDS = 256, 60.0
"""Pictures asked about lately, 12 kB a model each; a book that is indexed anew counts after a minute."""

PICTURES_AT_ONCE = 2
"""Uploads that are decoded at the same time: a large one takes some 800 MB of memory."""

log = structlog.get_logger()

Answer = Mapping[str, Any]
VectorsByModel = Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """The index behind the alias, as its mapping describes it."""

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


class Searcher:
    """Answers questions from one alias."""

    def __init__(self, client: AsyncElasticsearch, encoders: Loaders, settings: Settings) -> None:
        self._client = client
        self._models = Models(encoders)
        self._settings = settings
        self._index: Index | None = None
        self._read_at = 0.0
        self._reading = Lock()
        self._opening = CapacityLimiter(PICTURES_AT_ONCE)
        self._kept: TTLCache[tuple[str, str], VectorsByModel] = TTLCache(VECTORS_KEPT, VECTOR_SECONDS)

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

    def _fresh(self) -> bool:
        return monotonic() - self._read_at < CONTRACT_SECONDS

    async def _read_index(self) -> Index:
        with missing_index_named():
            answer = await self._quick().indices.get_mapping(index=self._settings.alias)
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
            answer = await self._quick().count(index=self._settings.alias)
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

    async def search(self, question: Question) -> SearchPage:
        """One `_search`: words and picture together, narrowed, counted, highlighted."""
        try:
            return await self._search(question)
        except NoIndex:
            # A rebuild has put another index behind the alias and deleted the one that we knew.
            self._index = None
            return await self._search(question)

    async def _search(self, question: Question) -> SearchPage:
        offset = (question.page - 1) * question.size
        if offset + question.size > queries.WINDOW:
            raise BadQuestion(f"Only the first {queries.WINDOW:,} pictures can be paged to: narrow the search instead.")
        index = await self.index()
        asked = self._asked(question, index)
        words = clean(question.words)
        vectors = await self._picture_vectors(question, index, asked)
        word_vectors = await self._models.encode_words(words, asked) if words else {}
        body = queries.hybrid_query(
            words,
            vectors,
            size=question.size,
            offset=offset,
            filters=queries.filters(question, without=question.like),
            word_vectors={name: vector.tolist() for name, vector in word_vectors.items()},
        )
        models = [name for name in asked if name in vectors or name in word_vectors]
        answer = await self.ask(body, index.name)
        return results.search_page(answer, page=question.page, size=question.size, models=models)

    async def ask(self, body: queries.Body, index: str = "") -> Answer:
        """The body as it stands; the URL asks for the share of each named clause.

        A body with vectors names the `index` whose models they are of: the alias may lead to other models by now.
        """
        with missing_index_named():
            response = await self._client.search(
                index=index or self._settings.alias, body=body, include_named_queries_score=True
            )
        return dict(response.body)

    async def picture(self, picture_id: str) -> tuple[Hit, dict[str, Any]]:
        """A picture and its whole record, vectors left out."""
        raw = await self._only(queries.picture(picture_id), picture_id)
        return results.hit(raw), dict(raw["_source"])

    async def upload(self, data: bytes, question: Question) -> Question:
        """The same question with the picture in it as vectors."""
        index = await self.index()
        asked = [name for name in self._asked(question, index) if name in self._models.usable]
        if not asked:
            raise NoModel("No vision model can be asked here, so a picture finds nothing; words still do.")
        image = await to_thread.run_sync(read_picture, data, self._settings, limiter=self._opening)
        vectors = await self._models.encode_image(image, asked)
        packed = {name: Packed(stamp(index.contracts[name]), vector) for name, vector in vectors.items()}
        return replace(question, vector=pack(packed))

    def _asked(self, question: Question, index: Index) -> list[str]:
        """The models that the question names, or all that filled the index."""
        there = list(index.contracts)
        if unknown := [name for name in question.model if name not in there]:
            names = ", ".join(there) or "none"
            raise BadQuestion(f"There is no model “{unknown[0][:50]}” in this index. It has: {names}.")
        return [name for name in there if name in question.model] or there

    async def _picture_vectors(self, question: Question, index: Index, asked: list[str]) -> VectorsByModel:
        """The picture's vectors; one that is in the index needs no model here, only its own vectors."""
        if not question.by_picture:
            return {}
        if question.like:
            found = await self._vectors_of(question.like, index)
        else:
            found = _unpacked(question.vector, index)
        chosen = {name: found[name] for name in asked if name in found}
        if not chosen:
            raise BadQuestion(
                f"That picture has no vector of {' or '.join(asked) or 'any model'}: choose another model."
            )
        return chosen

    async def _vectors_of(self, picture_id: str, index: Index) -> VectorsByModel:
        """Paging and narrowing ask for the same picture again."""
        key = index.name, picture_id
        if (kept := self._kept.get(key)) is None:
            kept = results.vectors(await self._only(queries.vectors_of(picture_id), picture_id, index.name))
            self._kept[key] = kept
        return kept

    async def _only(self, body: queries.Body, picture_id: str, index: str = "") -> Answer:
        hits: list[Answer] = (await self.ask(body, index))["hits"]["hits"]
        if not hits:
            raise NoSuchPicture(picture_id)
        return hits[0]


def _unpacked(text: str, index: Index) -> VectorsByModel:
    """The address's vectors of models that the index still has."""
    found = {
        name: part.vector.tolist() for name, part in unpack(text).items() if _current(part, index.contracts.get(name))
    }
    if not found:
        raise BadQuestion("The picture in this address was seen by models that are no longer used: upload it again.")
    return found


def _current(part: Packed, contract: Contract | None) -> bool:
    return contract is not None and part.stamp == stamp(contract) and len(part.vector) == contract["dimensions"]
