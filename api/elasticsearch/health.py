"""The health of the service: its node, its index, and how many pictures each model has filled."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

from elasticsearch import AsyncElasticsearch, AuthorizationException, NotFoundError

from api.elasticsearch.queries.coverage import coverage_query
from api.sentences import Sentence
from api.vision.query_encoders import ModelState
from core.encoders.fingerprint import read_fingerprints

ACCESS_DENIED_MESSAGE = Sentence(
    "The search engine denies access. Check its URL and API key in the settings; the log has the details."
)
TLS_FAILED_MESSAGE = Sentence(
    "No TLS connection to the search engine is possible. "
    "Check its URL, CA and fingerprint in the settings; the log has the details."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexCoverage:
    """An index of pictures, and how far the models have filled it."""

    index: str
    pictures: int
    coverage: dict[str, float]
    """Model → share of the pictures that have its vector, from 0 to 1."""


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
    coverage: dict[str, float] = field(default_factory=dict)
    """Model → share of the pictures that have its vector, from 0 to 1; a text model encodes only those with words."""
    next: IndexCoverage | None = None
    """The index that a rebuild is filling beside this one; null if there is none."""
    problem: str = ""
    """What to do; empty if all is well."""

    @property
    def is_ready(self) -> bool:
        """Whether words are answered, and pictures by at least one of the models that the index was filled with.

        A model is usable once it has encoded the picture of its fingerprint here.
        """
        has_model = not self.models or any(model.usable for model in self.models)
        return self.status != "unavailable" and has_model


async def read_coverage(client: AsyncElasticsearch, index: str, models: Collection[str]) -> IndexCoverage:
    """Return how far the models have filled an index."""
    response = await client.search(index=index, body=coverage_query(models))
    total = int(response["hits"]["total"]["value"])
    buckets = response["aggregations"]["models"]["buckets"] if models else {}
    coverage = {model: round(bucket["doc_count"] / total, 4) if total else 0.0 for model, bucket in buckets.items()}
    return IndexCoverage(index=index, pictures=total, coverage=coverage)


async def read_next_index(client: AsyncElasticsearch, alias: str) -> IndexCoverage | None:
    """Return the index that a rebuild of the collection is filling; None if there is none, or if it may not be read."""
    try:
        mapping_response = await client.indices.get_mapping(index=f"{alias}-next")
        [(name, body), *_] = mapping_response.body.items()
        return await read_coverage(client, str(name), read_fingerprints(body["mappings"].get("_meta", {})).keys())
    except (NotFoundError, AuthorizationException):
        return None
