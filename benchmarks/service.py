"""The API over a node that holds a made collection, kept from run to run."""

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn
from elasticsearch import Elasticsearch
from litestar import Litestar

from api.app import create_app
from api.elasticsearch.client import create_client as connect_async
from api.elasticsearch.gateway import SearchGateway
from api.search.request import SearchRequest
from api.search.service import PreparedSearch, Searcher
from api.server import open_listener
from api.vision.query_encoders import QueryEncoders
from api.vision.query_vectors import VectorQueryBuilder
from api.vision.remote_images import RemoteImages, create_image_client
from benchmarks.collection import SyntheticCollection, collection_digest, fill_indices
from core.settings import Settings
from indexer.elasticsearch.client import connect
from indexer.embedded import ElasticsearchNode

HEAP = "4g"
ALIAS = "bench"


@dataclass(frozen=True, slots=True)
class BenchmarkService:
    """Where the API and its node answer."""

    url: str
    node_url: str
    settings: Settings
    elasticsearch: Elasticsearch

    async def prepare_search(self, search_request: SearchRequest) -> PreparedSearch:
        """The body that the API sends for a question."""
        async with (
            connect_async(self.settings, self.node_url) as client,
            create_image_client(self.settings) as http_client,
        ):
            query_encoders = QueryEncoders({})
            gateway = SearchGateway(client, query_encoders, self.settings.alias)
            query_vectors = VectorQueryBuilder(
                gateway, query_encoders, RemoteImages(http_client, self.settings), self.settings
            )
            return await Searcher(gateway, query_encoders, query_vectors).prepare_search(search_request)


@contextlib.contextmanager
def run_service(collection: SyntheticCollection) -> Iterator[BenchmarkService]:
    cache = Settings.from_environ().cache
    folder = cache / "benchmark" / collection_digest(collection)
    settings = Settings(data=folder, alias=ALIAS)
    folder.mkdir(parents=True, exist_ok=True)
    with ElasticsearchNode(folder, cache, HEAP) as node, connect(settings, node.url) as client:
        _fill_once(client, folder / "filled", collection)
        # No model is asked: a picture of the index brings its own vectors.
        with _serve_app(create_app(settings, elasticsearch_url=node.url, encoder_loaders={})) as url:
            yield BenchmarkService(url, node.url, settings, client)


def _fill_once(client: Elasticsearch, marker_file: Path, collection: SyntheticCollection) -> None:
    if marker_file.exists():
        return
    if partial_indices := list(client.indices.get(index=f"{ALIAS}*")):
        client.indices.delete(index=partial_indices)
    fill_indices(client, ALIAS, collection)
    marker_file.touch()


@contextlib.contextmanager
def _serve_app(app: Litestar) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with open_listener("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            _wait_until_up(f"{url}/health")
            yield url
        finally:
            server.should_exit = True
            thread.join()


def _wait_until_up(url: str) -> None:
    for _ in range(150):
        with contextlib.suppress(httpx.TransportError):
            httpx.get(url)
            return
        time.sleep(0.2)
    raise TimeoutError(url)
