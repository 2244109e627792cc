"""Puts judged questions to the very `Searcher` that is served, and keeps what it answered."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from pathlib import Path
from statistics import mean
from typing import Any
from uuid import uuid4

import numpy as np
from PIL import Image

from api.app import connect
from api.elasticsearch import queries
from api.elasticsearch.gateway import Answer, Engine
from api.search.boosts import BOOSTS, Boosts
from api.search.image_terms import Term
from api.search.request import Fusion, Question
from api.search.service import Searcher
from api.vision.query_encoders import Models
from api.vision.query_vectors import QueryVectors
from api.vision.remote_images import RemotePictures, remote_client
from core.settings import Settings
from evaluation.pictures import transformations
from evaluation.pictures.folder import digest
from evaluation.pictures.transformations import SEED, Alter
from evaluation.relevance.judgements import Judged
from indexer.cli import chosen_encoders, index_sources
from indexer.elasticsearch.index import connect as connect_for_writing
from indexer.elasticsearch.index import explained
from indexer.elasticsearch.mappings import KINDS, TEMPLATES, alias_of

DEEP = 100
"""Results that are looked at; recall@100 needs no more."""

PLAIN = 4.0
"""Grey levels of deviation below which a sheet is blank: its original cannot be told from other blank ones."""

BESIDE = ("highlight", "suggest")
"""What stands beside results and takes most of the time; neither orders them."""


@dataclass(frozen=True, slots=True)
class Found:
    """One answer: ids in their order, and what each clause gave to each of them."""

    ids: Sequence[str]
    scores: Sequence[Mapping[str, float]]
    looks: Sequence[float]
    """The mean cosine of each that the models saw."""


class Unadorned(Engine):
    """The same hits in the same order, without what is shown beside them."""

    async def ask(self, body: queries.Body, index: str = "", *, question: str = "") -> Answer:
        bare = {name: part for name, part in body.items() if name not in BESIDE}
        return await super().ask(bare, index, question=question)


class Library:
    """One alias and its crops, opened for questions."""

    def __init__(self, engine: Engine, searcher_of: Callable[[Boosts], Searcher], settings: Settings) -> None:
        self._engine, self._searcher_of, self._settings = engine, searcher_of, settings
        self._vectors: dict[tuple[str, int], str] = {}

    async def documents(self) -> list[dict[str, Any]]:
        """What is behind the three aliases, without vectors; of a picture, whether its crop shows anything."""
        found: list[dict[str, Any]] = []
        for kind in KINDS:
            body: queries.Body = {
                "size": queries.WINDOW,
                "_source": {"excludes": [*queries.BY_MODELS, "stems", "boxes"]},
            }
            answer = await self._engine.ask(body, alias_of(self._settings.alias, kind))
            found += [{**hit["_source"], "_id": hit["_id"]} for hit in answer["hits"]["hits"]]
        return [{**each, **self._seen(each)} if each["document"] == "picture" else each for each in found]

    async def ask(
        self, judged: Judged, fusion: Fusion = "sum", boosts: Boosts = BOOSTS, *, size: int = DEEP, **more: Any
    ) -> Found:
        searcher = self._searcher_of(boosts)
        question = Question(words=judged.words, document=(judged.document,), fusion=fusion, size=size, **more)
        if judged.picture:
            question = replace(question, vector=(await self._uploaded(searcher, judged),))
        page = await searcher.search(question)
        return Found(
            [hit.id for hit in page.hits],
            [hit.scores for hit in page.hits],
            [mean(hit.cosines.values()) for hit in page.hits if hit.cosines],
        )

    async def _uploaded(self, searcher: Searcher, judged: Judged) -> str:
        """As a reader's file: altered, saved as JPEG, encoded; once for all questions with it."""
        key = judged.picture, judged.alteration
        if key not in self._vectors:
            picture, _ = await searcher.picture(judged.picture)
            alter = _alterations()[judged.alteration % len(_alterations())]
            with Image.open(self._crop(picture.image)) as image:
                file = BytesIO()
                alter(image.convert("RGB")).save(file, "JPEG", quality=90)
            asked = await searcher.upload(file.getvalue(), Term(""), Question())
            self._vectors[key] = asked.vector[0]
        return self._vectors[key]

    def _crop(self, address: str) -> Path:
        return self._settings.crops / address.partition("/crops/")[2]

    def _seen(self, source: Mapping[str, Any]) -> dict[str, Any]:
        """A crop that cannot be opened can be no question."""
        try:
            with Image.open(self._settings.crops / str(source["image"].get("crop"))) as image:
                grey = np.asarray(image.convert("L").resize((64, 64)), dtype=np.float64)
                return {"digest": digest(image.convert("RGB")), "plain": bool(grey.std() < PLAIN)}
        except OSError:
            return {"plain": True}


@asynccontextmanager
async def opened(settings: Settings, url: str) -> AsyncIterator[Library]:
    """The parts of the service as `api.app` puts them together, but for the page."""
    loaders = {each.name: partial(lambda encoder: encoder, each) for each in chosen_encoders(settings)}
    async with connect(settings, url) as client, remote_client(settings) as remote:
        models = Models(loaders)
        engine = Unadorned(client, models, settings.alias)
        pictures = QueryVectors(engine, models, RemotePictures(remote, settings), settings)
        yield Library(engine, partial(Searcher, engine, models, pictures), settings)


@contextmanager
def throw_away(settings: Settings, url: str, where: Sequence[str], data: Path) -> Iterator[Settings]:
    """Settings for an alias that holds these books and is gone afterwards."""
    own = settings.model_copy(update={"alias": f"{settings.alias}-evaluation-{uuid4().hex}", "data": data})
    with connect_for_writing(settings, url) as client, explained(url):
        try:
            index_sources(own, url, where)
            yield own
        finally:
            names = [f"{alias_of(own.alias, kind)}-v1" for kind in TEMPLATES]
            client.indices.delete(index=names, ignore_unavailable=True)


def _alterations() -> Sequence[Alter]:
    """The paper's turns and cuts, and what else happens to copies, one after the other."""
    several = transformations.paper(8, SEED)
    harder = [transformations.of(each, 2, SEED) for each in transformations.HARDER]
    return [alter for pair in zip(several, [each for two in harder for each in two], strict=False) for alter in pair]
