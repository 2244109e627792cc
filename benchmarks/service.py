"""The API on a node with a synthetic collection, which is kept between runs."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from api.app import create_app
from api.elasticsearch.client import create_client as connect_async
from api.elasticsearch.gateway import SearchGateway
from api.search.prepared_search import PreparedSearch
from api.search.request import SearchRequest
from api.search.service import Searcher
from api.vision.decoding import DecodingProcesses
from api.vision.query_encoders import QueryEncoders
from api.vision.query_vectors import VectorQueryBuilder
from api.vision.remote_images import RemoteImages, create_image_client
from api.vision.uploads import PictureReader
from benchmarks.collection import SyntheticCollection, collection_digest, fill_indices
from core.settings import Settings
from indexer.elasticsearch.client import ElasticsearchClient, connect
from indexer.embedded import ElasticsearchNode
from tests.live_server import run_live_server

HEAP = "4g"
ALIAS = "bench"


@dataclass(frozen=True, slots=True)
class BenchmarkService:
    """The addresses of the API and of its node."""

    url: str
    node_url: str
    settings: Settings
    elasticsearch: ElasticsearchClient

    async def prepare_search(self, search_request: SearchRequest) -> PreparedSearch:
        """Return the search that the API sends for a request."""
        async with (
            connect_async(self.settings, self.node_url) as client,
            create_image_client(self.settings) as http_client,
        ):
            query_encoders = QueryEncoders({})
            gateway = SearchGateway(client, query_encoders, self.settings.alias)
            picture_reader = PictureReader(self.settings, DecodingProcesses())
            remote_images = RemoteImages(http_client, self.settings)
            query_vectors = VectorQueryBuilder(gateway, query_encoders, remote_images, picture_reader, self.settings)
            return await Searcher(gateway, query_encoders, query_vectors).prepare_search(search_request)


@contextlib.contextmanager
def run_service(collection: SyntheticCollection, folder: Path | None = None) -> Iterator[BenchmarkService]:
    """Yield the API on a node with this collection, which is indexed in the first run.

    A `folder` keeps what it has, also if documents are made in another way by now; without it each state of the
    documents has a folder in the cache.
    """
    cache = Settings.from_environ().cache
    folder = folder or cache / "benchmark" / collection_digest(collection)
    settings = Settings(data=folder, alias=ALIAS)
    folder.mkdir(parents=True, exist_ok=True)
    with ElasticsearchNode(folder, cache, HEAP) as node, connect(settings, node.url) as client:
        fill_once(client, folder, collection)
        # No encoder is needed, because pictures of the index have vectors.
        with run_live_server(create_app(settings, elasticsearch_url=node.url, encoder_loaders={})) as url:
            yield BenchmarkService(url, node.url, settings, client)


def fill_once(
    client: ElasticsearchClient, folder: Path, collection: SyntheticCollection, *, max_segments: int | None = 1
) -> None:
    """Fill the node in the folder, as `fill_indices` does, unless it has its whole collection already."""
    marker_file = folder / "filled"
    if marker_file.exists():
        return
    if partial_indices := list(client.indices.get(index=f"{ALIAS}*")):
        client.indices.delete(index=partial_indices)
    fill_indices(client, ALIAS, collection, max_segments=max_segments)
    marker_file.touch()
