"""Vectors go in Base64 to a server that takes it, and as numbers to one that does not: tried, not known by version."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from elasticsearch import Elasticsearch

from indexer.elasticsearch.collection import Collection
from tests.http_servers import LoopbackHandler, run_server
from tests.node.test_index import MeanGreyEncoder, picture_document, write_documents


@contextmanager
def run_unpacking_proxy(node_url: str, bulk_bodies: list[bytes], *, takes_packed: bool) -> Iterator[str]:
    """Yield the URL of a server that takes Base64, or refuses it, whatever the node behind it does."""

    class Handler(LoopbackHandler):
        def respond(self) -> None:
            body = self.read_body()
            if "_bulk" in self.path:
                bulk_bodies.append(body)
                body = b"".join(convert_line(line) for line in body.splitlines())
            self.relay_response(self.forward_to_node(node_url, body))

    def convert_line(line: bytes) -> bytes:
        source = json.loads(line)
        for name, value in source.get("vectors", {}).items():
            if isinstance(value, str):
                numbers = np.frombuffer(base64.b64decode(value), ">f4").tolist()
                source["vectors"][name] = numbers if takes_packed else "refused"
        return json.dumps(source).encode() + b"\n"

    with run_server(Handler) as url:
        yield url


def stored_vectors(client: Elasticsearch, index: str) -> dict[str, Any]:
    hits = client.search(index=index, fields=["vectors.sscd"], source=False)["hits"]["hits"]
    return {hit["_id"]: hit["fields"]["vectors.sscd"] for hit in hits}


@pytest.mark.parametrize("takes_packed", [True, False])
def test_vectors_are_the_same_in_either_transport(
    client: Elasticsearch, node_url: str, index_name: str, *, takes_packed: bool
) -> None:
    documents = [picture_document(number) for number in (1, 2, 3)]
    bodies: list[bytes] = []
    Collection.open_or_create(client, index_name, [MeanGreyEncoder()])
    with run_unpacking_proxy(node_url, bodies, takes_packed=takes_packed) as url, Elasticsearch(url) as proxied:
        pictures = Collection.open_existing(proxied, index_name).pictures
        assert write_documents(pictures, *documents) == []
        assert write_documents(pictures, *documents) == []
    transports = [isinstance(json.loads(body.splitlines()[1])["vectors"]["sscd"], str) for body in bodies]
    assert transports == [True, takes_packed, takes_packed], "it is tried once"
    assert stored_vectors(client, index_name) == {
        document.id: document.vectors["sscd"].tolist() for document in documents
    }


def test_this_server_gets_vectors_that_it_takes(client: Elasticsearch, index_name: str) -> None:
    documents = [picture_document(number) for number in (1, 2)]
    assert (
        write_documents(Collection.open_or_create(client, index_name, [MeanGreyEncoder()]).pictures, *documents) == []
    )
    assert stored_vectors(client, index_name) == {
        document.id: document.vectors["sscd"].tolist() for document in documents
    }


def test_packed_vectors_have_every_bit() -> None:
    document = picture_document(1)
    packed = document.body("2026-01-01T00:00:00Z", packs_vectors=True)["vectors"]["sscd"]
    assert np.frombuffer(base64.b64decode(packed), ">f4").tolist() == document.vectors["sscd"].tolist()
