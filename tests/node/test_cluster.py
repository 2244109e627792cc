"""Connecting to a cluster with TLS, a private CA and an API key."""

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
from indexer.elasticsearch.client import connect, translate_errors
from indexer.elasticsearch.collection import Collection
from tests.http_servers import LoopbackHandler, run_server
from tests.node.twelve_pictures import ColourGridEncoder

API_KEY = "a2V5OnNlY3JldA=="


@pytest.fixture
def certificate_authority() -> trustme.CA:
    """Return a CA that the system does not trust."""
    return trustme.CA()


@pytest.fixture
def ca_certificate(certificate_authority: trustme.CA, tmp_path: Path) -> Path:
    """Return the path of the CA's certificate."""
    certificate_authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return tmp_path / "ca.pem"


@pytest.fixture
def tls_cluster_url(node_url: str, certificate_authority: trustme.CA) -> Iterator[str]:
    """Run a TLS proxy to the node that requires the API key; yield its URL."""

    class ApiKeyHandler(LoopbackHandler):
        def respond(self) -> None:
            body = self.read_body()
            if self.headers.get("authorization") == f"ApiKey {API_KEY}":
                response = self.forward_to_node(node_url, body)
            else:
                error_body = {"error": {"reason": "missing authentication credentials"}}
                response = httpx.Response(401, json=error_body, headers={"x-elastic-product": "Elasticsearch"})
            self.relay_response(response)

    tls_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate_authority.issue_cert("127.0.0.1").configure_cert(tls_context)
    with run_server(ApiKeyHandler, tls_context) as url:
        yield url


def test_indexing_and_searching_with_key_and_ca(
    tls_cluster_url: str, ca_certificate: Path, client: Elasticsearch, index_name: str, tmp_path: Path
) -> None:
    settings = Settings(
        elasticsearch_url=tls_cluster_url,
        elasticsearch_api_key=SecretStr(API_KEY),
        elasticsearch_ca=ca_certificate,
        alias=index_name,
        data=tmp_path,
    )
    with connect(settings, tls_cluster_url) as writer:
        Collection.open_or_create(writer, index_name, [ColourGridEncoder()])
    assert client.indices.exists_alias(name=index_name)
    with TestClient(create_app(settings, encoder_loaders={"sscd": ColourGridEncoder})) as api_client:
        assert api_client.get("/health").json()["status"] == "ok"
        assert api_client.get("/api/search?q=fyr").status_code == 200


def test_missing_key_is_refused(tls_cluster_url: str, ca_certificate: Path, tmp_path: Path) -> None:
    settings = Settings(elasticsearch_url=tls_cluster_url, elasticsearch_ca=ca_certificate, data=tmp_path)
    with (
        connect(settings, tls_cluster_url) as writer,
        pytest.raises(FrontispieceError, match="401"),
        translate_errors(tls_cluster_url),
    ):
        writer.count()
    with TestClient(create_app(settings, encoder_loaders={})) as api_client:
        response = api_client.get("/health")
    assert (response.status_code, "URL and API key" in response.json()["problem"]) == (503, True)


def test_certificate_of_an_unknown_ca_is_refused(tls_cluster_url: str, tmp_path: Path) -> None:
    settings = Settings(elasticsearch_url=tls_cluster_url, elasticsearch_api_key=SecretStr(API_KEY), data=tmp_path)
    with (
        connect(settings, tls_cluster_url) as writer,
        pytest.raises(FrontispieceError, match="CERTIFICATE"),
        translate_errors(tls_cluster_url),
    ):
        writer.options(max_retries=0).count()
    with TestClient(create_app(settings, encoder_loaders={})) as api_client:
        assert api_client.get("/health").status_code == 503
