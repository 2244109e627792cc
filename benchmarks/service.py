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

from api.app import connect as connect_async
from api.app import create_app
from api.elasticsearch.gateway import Engine
from api.search.request import Question
from api.search.service import Prepared, Searcher
from api.server import bound
from api.vision.query_encoders import Models
from api.vision.query_vectors import QueryVectors
from api.vision.remote_images import RemotePictures, remote_client
from benchmarks.collection import Collection, fill, stamp
from core.settings import Settings
from indexer.elasticsearch.index import connect
from indexer.embedded import ElasticsearchNode

HEAP = "4g"
ALIAS = "bench"


@dataclass(frozen=True, slots=True)
class Service:
    """Where the API and its node answer."""

    address: str
    node: str
    settings: Settings
    elasticsearch: Elasticsearch

    async def prepared(self, question: Question) -> Prepared:
        """The body that the API sends for a question."""
        async with connect_async(self.settings, self.node) as client, remote_client(self.settings) as remote:
            models = Models({})
            engine = Engine(client, models, self.settings.alias)
            pictures = QueryVectors(engine, models, RemotePictures(remote, self.settings), self.settings)
            return await Searcher(engine, models, pictures).prepare(question)


@contextlib.contextmanager
def service(collection: Collection) -> Iterator[Service]:
    cache = Settings.from_environ().cache
    folder = cache / "benchmark" / stamp(collection)
    settings = Settings(data=folder, alias=ALIAS)
    folder.mkdir(parents=True, exist_ok=True)
    with ElasticsearchNode(folder, cache, HEAP) as node, connect(settings, node.url) as client:
        _fill_once(client, folder / "filled", collection)
        # No model is asked: a picture of the index brings its own vectors.
        with _served(create_app(settings, elasticsearch_url=node.url, encoders={})) as address:
            yield Service(address, node.url, settings, client)


def _fill_once(client: Elasticsearch, done: Path, collection: Collection) -> None:
    if done.exists():
        return
    if half := list(client.indices.get(index=f"{ALIAS}*")):
        client.indices.delete(index=half)
    fill(client, ALIAS, collection)
    done.touch()


@contextlib.contextmanager
def _served(app: Litestar) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with bound("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            _wait(f"{address}/health")
            yield address
        finally:
            server.should_exit = True
            thread.join()


def _wait(url: str) -> None:
    for _ in range(150):
        with contextlib.suppress(httpx.TransportError):
            httpx.get(url)
            return
        time.sleep(0.2)
    raise TimeoutError(url)
