"""Runs judged queries with the service's own `Searcher`."""

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

from api.elasticsearch import queries
from api.elasticsearch.client import create_client
from api.elasticsearch.gateway import SearchGateway, SearchResponse
from api.search.boosts import BOOSTS, Boosts
from api.search.choices import Fusion
from api.search.image_terms import ImageTerm
from api.search.parameters import MAX_RESULT_WINDOW
from api.search.query_text import clean_query_text
from api.search.request import SearchRequest
from api.search.service import Searcher
from api.vision.decoding import DecodingProcesses
from api.vision.query_encoders import QueryEncoders
from api.vision.query_vectors import VectorQueryBuilder
from api.vision.remote_images import RemoteImages, create_image_client
from api.vision.uploads import PictureReader
from core.console import print_warning
from core.encoders.selection import load_encoders, load_meaning_encoder
from core.settings import Settings
from evaluation.pictures import transformations
from evaluation.pictures.folder import pixel_digest
from evaluation.pictures.transformations import SEED, ImageTransform
from evaluation.relevance.judgements import JudgedQuery
from indexer.elasticsearch.client import connect as connect_for_writing
from indexer.elasticsearch.client import translate_errors
from indexer.elasticsearch.lease_store import lease_alias
from indexer.elasticsearch.mappings import INDEX_KINDS, RUN_NAMES, index_alias
from indexer.ingest.progress import show_progress
from indexer.ingest.run import index_sources

RESULT_DEPTH = 100
"""Results per query; recall@100 needs no more."""

BLANK_DEVIATION = 4.0
"""A crop with a smaller standard deviation of grey levels is blank, so a copy cannot identify it."""


@dataclass(frozen=True, slots=True)
class RankedResults:
    """The ranked results of one query."""

    ids: Sequence[str]
    clause_scores: Sequence[Mapping[str, float]]
    similarities: Sequence[float]
    """The mean cosine of each result that was compared with a picture."""


class HitsOnlyGateway(SearchGateway):
    """A gateway that leaves suggestions out of requests; hits and their order stay the same."""

    async def search(self, body: queries.Body, index: str = "", *, preference_key: str = "") -> SearchResponse:
        bare_body = {name: part for name, part in body.items() if name != "suggest"}
        return await super().search(bare_body, index, preference_key=preference_key)


class SearchSession:
    """Searches in one collection, with access to its crops."""

    def __init__(self, gateway: SearchGateway, make_searcher: Callable[[Boosts], Searcher], settings: Settings) -> None:
        self._gateway, self._make_searcher, self._settings = gateway, make_searcher, settings
        self._query_vectors: dict[tuple[str, int], str] = {}

    async def fetch_documents(self) -> list[dict[str, Any]]:
        """Return the documents of the three indices without vectors; pictures get `digest` and `plain` (blank)."""
        sources: list[dict[str, Any]] = []
        for index_kind in INDEX_KINDS:
            body: queries.Body = {
                "size": MAX_RESULT_WINDOW,
                "_source": {"excludes": [*queries.MODEL_FIELDS, "forms", "boxes"]},
            }
            response = await self._gateway.search(body, index_alias(self._settings.alias, index_kind))
            sources += [{**hit["_source"], "_id": hit["_id"]} for hit in response["hits"]["hits"]]
        return [
            {**source, **self._pixel_facts(source)} if source["document"] == "picture" else source for source in sources
        ]

    async def sample_pictures(self, clause: queries.Clause, count: int, seed: int) -> tuple[list[dict[str, Any]], int]:
        """Return up to `count` pictures that match, drawn with the seed, and how many match in all."""
        drawn: queries.Clause = {"random_score": {"seed": seed, "field": "_seq_no"}, "query": clause}
        body: queries.Body = {
            "size": count,
            "query": {"function_score": {**drawn, "boost_mode": "replace"}},
            "track_total_hits": True,
            "_source": {"excludes": [*queries.MODEL_FIELDS, "forms", "boxes", "page_text"]},
        }
        response = await self._gateway.search(body)
        hits = response["hits"]
        return [{**hit["_source"], "_id": hit["_id"]} for hit in hits["hits"]], int(hits["total"]["value"])

    async def search(
        self,
        judged_query: JudgedQuery,
        fusion: Fusion = "sum",
        boosts: Boosts = BOOSTS,
        *,
        size: int = RESULT_DEPTH,
        **parameters: Any,
    ) -> RankedResults:
        searcher = self._make_searcher(boosts)
        search_request = SearchRequest(
            query_text=clean_query_text(judged_query.query_text),
            document=(judged_query.document,),
            fusion=fusion,
            size=size,
            **{"collapse": "none", **parameters},
        )
        if judged_query.picture_id:
            search_request = replace(search_request, vector=(await self._encode_altered_copy(searcher, judged_query),))
        result_page = await searcher.search(search_request)
        return RankedResults(
            [hit.id for hit in result_page.hits],
            [hit.scores for hit in result_page.hits],
            [mean(hit.similarities.values()) for hit in result_page.hits if hit.similarities],
        )

    async def _encode_altered_copy(self, searcher: Searcher, judged_query: JudgedQuery) -> str:
        """Encode an altered copy as an upload, once per picture and alteration."""
        key = judged_query.picture_id, judged_query.alteration_number
        if key not in self._query_vectors:
            hit = (await searcher.get_picture(judged_query.picture_id)).hit
            alter = _alterations()[judged_query.alteration_number % len(_alterations())]
            with Image.open(self._crop_path(hit.image)) as image:
                buffer = BytesIO()
                alter(image.convert("RGB")).save(buffer, "JPEG", quality=90)

            async def read_copy() -> bytes:
                return buffer.getvalue()

            upload_request = await searcher.add_upload(read_copy, ImageTerm(""), SearchRequest())
            self._query_vectors[key] = upload_request.vector[0]
        return self._query_vectors[key]

    def _crop_path(self, crop_url: str) -> Path:
        return self._settings.crops_folder / crop_url.partition("/crops/")[2]

    def _pixel_facts(self, source: Mapping[str, Any]) -> dict[str, Any]:
        """Return the digest of the crop and whether it is blank; a crop that cannot be opened counts as blank."""
        try:
            with Image.open(self._settings.crops_folder / str(source["image"].get("crop"))) as image:
                grey = np.asarray(image.convert("L").resize((64, 64)), dtype=np.float64)
                return {"digest": pixel_digest(image.convert("RGB")), "plain": bool(grey.std() < BLANK_DEVIATION)}
        except OSError:
            return {"plain": True}


@asynccontextmanager
async def open_session(settings: Settings, url: str) -> AsyncIterator[SearchSession]:
    """Assemble the searcher as `api.app` does, without the web application."""
    meaning_encoder = load_meaning_encoder(settings, warn=print_warning)
    models = [*load_encoders(settings, warn=print_warning), *([meaning_encoder] if meaning_encoder else [])]
    loaders = {model.name: partial(lambda loaded_model: loaded_model, model) for model in models}
    async with (
        create_client(settings, url) as client,
        create_image_client(settings) as http_client,
        DecodingProcesses() as decoding_processes,
    ):
        query_encoders = QueryEncoders(loaders)
        gateway = HitsOnlyGateway(client, query_encoders, settings.alias)
        query_vectors = VectorQueryBuilder(
            gateway,
            query_encoders,
            RemoteImages(http_client, settings),
            PictureReader(settings, decoding_processes),
            settings,
        )
        with translate_errors(url):
            yield SearchSession(gateway, partial(Searcher, gateway, query_encoders, query_vectors), settings)


@contextmanager
def temporary_collection(settings: Settings, url: str, sources: Sequence[str], data_folder: Path) -> Iterator[Settings]:
    """Index these books into a temporary collection; yield its settings and delete it afterwards."""
    temporary_settings = settings.model_copy(
        update={"alias": f"{settings.alias}-evaluation-{uuid4().hex}", "data": data_folder}
    )
    with connect_for_writing(settings, url) as client, translate_errors(url):
        try:
            with show_progress() as progress:
                index_sources(temporary_settings, url, sources, progress=progress)
            yield temporary_settings
        finally:
            aliases = [index_alias(temporary_settings.alias, index_kind) for index_kind in RUN_NAMES]
            aliases.append(lease_alias(temporary_settings.alias))
            index_names = [f"{alias}-v1" for alias in aliases]
            client.indices.delete(index=index_names, ignore_unavailable=True)


def _alterations() -> Sequence[ImageTransform]:
    """Return the paper's alterations and the harder ones, alternately."""
    paper_alterations = transformations.draw_paper_alterations(8, SEED)
    harder_alterations = [
        transformations.seeded_alterations(transformation, 2, SEED)
        for transformation in transformations.HARDER_TRANSFORMATIONS
    ]
    return [
        alter
        for pair in zip(
            paper_alterations,
            [alteration for alterations in harder_alterations for alteration in alterations],
            strict=False,
        )
        for alter in pair
    ]
