"""A pipeline into the indices of a test, as a run makes it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from elasticsearch import Elasticsearch

from core.crop_stores import open_crop_store
from core.encoders import Encoder
from core.settings import Settings
from indexer.elasticsearch.collection import Collection
from indexer.images.crops import Cropper
from indexer.images.fetching import Fetcher
from indexer.ingest.flow import StageLimits
from indexer.ingest.pipeline import Pipeline
from indexer.ingest.vectors import DocumentEncoders


class OpenPipeline(NamedTuple):
    """A pipeline, and the fetcher that its sources may use."""

    pipeline: Pipeline
    fetcher: Fetcher


@contextmanager
def open_pipeline(
    client: Elasticsearch,
    index_name: str,
    encoders: Sequence[Encoder],
    settings: Settings,
    limits: StageLimits = StageLimits(batch_size=4),  # noqa: B008 it is frozen
) -> Iterator[OpenPipeline]:
    """Yield a pipeline that fills the index of this name and those beside it."""
    collection = Collection.open_or_create(client, index_name, encoders)
    with Fetcher(settings) as fetcher, Cropper(settings, fetcher) as cropper:
        pipeline = Pipeline(
            collection,
            DocumentEncoders(encoders),
            cropper,
            fetcher,
            crop_store=open_crop_store(settings),
            limits=limits,
            indexed_at="2026-11-24T10:00:00+00:00",
        )
        yield OpenPipeline(pipeline, fetcher)
