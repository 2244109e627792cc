"""The way to a cluster: TLS with a CA of its own, and an API key that every request carries."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import trustme
from elasticsearch import Elasticsearch
from litestar.testing import TestClient
from pydantic import SecretStr

from api.app import create_app
from core.errors import FrontispieceError
from core.settings import Settings
from indexer.elasticsearch.collection import Indices
from indexer.elasticsearch.index import connect, explained
from tests.doors import Door, listening
from tests.node.dozen import Blocks

KEY = "a2V5OnNlY3JldA=="


@pytest.fixture
def authority() -> trustme.CA:
    """A CA that no system trusts."""
    return trustme.CA()


@pytest.fixture
def ca(authority: trustme.CA, tmp_path: Path) -> Path:
    """Its certificate, as an operator has it."""
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return tmp_path / "ca.pem"


@pytest.fixture
def cluster(node_url: str, authority: trustme.CA) -> Iterator[str]:
    """The node behind TLS, for those who have the key."""

    class Gate(Door):
        def respond(self) -> None:
            body = self.body()
            if self.headers.get("authorization") == f"ApiKey {KEY}":
                answer = self.ask_node(node_url, body)
            else:
                refusal = {"error": {"reason": "missing authentication credentials"}}
                answer = httpx.Response(401, json=refusal, headers={"x-elastic-product": "Elasticsearch"})
            self.hand_back(answer)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with listening(Gate, context) as url:
        yield url


def test_books_are_written_and_asked_with_the_key_and_the_ca(
    cluster: str, ca: Path, client: Elasticsearch, index_name: str, tmp_path: Path
) -> None:
    given = Settings(
        elasticsearch_url=cluster,
        elasticsearch_api_key=SecretStr(KEY),
        elasticsearch_ca=ca,
        alias=index_name,
        data=tmp_path,
    )
    with connect(given, cluster) as writer:
        Indices.current(writer, index_name, [Blocks()])
    assert client.indices.exists_alias(name=index_name)
    with TestClient(create_app(given, encoders={"sscd": Blocks})) as web:
        assert web.get("/health").json()["status"] == "ok"
        assert web.get("/api/search?q=fyr").status_code == 200


def test_without_the_key_the_cluster_refuses(cluster: str, ca: Path, tmp_path: Path) -> None:
    given = Settings(elasticsearch_url=cluster, elasticsearch_ca=ca, data=tmp_path)
    with connect(given, cluster) as writer, pytest.raises(FrontispieceError, match="401"), explained(cluster):
        writer.count()
    with TestClient(create_app(given, encoders={})) as web:
        answer = web.get("/health")
    assert (answer.status_code, "address and key" in answer.json()["problem"]) == (503, True)


def test_a_certificate_of_an_unknown_ca_is_not_trusted(cluster: str, tmp_path: Path) -> None:
    given = Settings(elasticsearch_url=cluster, elasticsearch_api_key=SecretStr(KEY), data=tmp_path)
    with connect(given, cluster) as writer, pytest.raises(FrontispieceError, match="CERTIFICATE"), explained(cluster):
        writer.options(max_retries=0).count()
    with TestClient(create_app(given, encoders={})) as web:
        assert web.get("/health").status_code == 503
