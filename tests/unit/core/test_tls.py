"""Which certificates the three clients accept, and that a wrong one is refused before the API key is sent."""

import hashlib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import trustme
from elastic_transport import AiohttpHttpNode
from elasticsearch import AsyncElasticsearch, Elasticsearch
from pydantic import ValidationError

from core.errors import FrontispieceError
from core.settings import Settings
from core.tls import client_options, create_ssl_context
from tests.event_loops import run_coroutine
from tests.http_servers import LoopbackHandler, run_server

pytestmark = pytest.mark.network

CountDocuments = Callable[[str, Settings], int]


def count_by_indexer(url: str, settings: Settings) -> int:
    with Elasticsearch(url, **client_options(settings), api_key="secret", max_retries=0) as client:
        return int(client.count()["count"])


def count_by_api(url: str, settings: Settings) -> int:
    async def count() -> int:
        client = AsyncElasticsearch(
            url,
            ssl_context=create_ssl_context(settings),
            api_key="secret",
            node_class=AiohttpHttpNode,
            max_retries=0,
        )
        async with client:
            return int((await client.count())["count"])

    return run_coroutine(count)


def count_by_setup(url: str, settings: Settings) -> int:
    with httpx.Client(verify=create_ssl_context(settings), headers={"authorization": "ApiKey secret"}) as client:
        return int(client.post(f"{url}/_count").json()["count"])


every_client = pytest.mark.parametrize("ask", [count_by_indexer, count_by_api, count_by_setup])


@contextmanager
def run_cluster(authority: trustme.CA, name: str) -> Iterator[tuple[str, str, list[str]]]:
    """Run a TLS server; yield its URL, the fingerprint of its certificate, and the API keys that it received."""
    received_keys: list[str] = []

    class CountHandler(LoopbackHandler):
        def respond(self) -> None:
            self.read_body()
            received_keys.append(str(self.headers["authorization"]))
            self.send_reply(
                200, b'{"count": 1}', {"content-type": "application/json", "x-elastic-product": "Elasticsearch"}
            )

    certificate = authority.issue_cert(name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    der = ssl.PEM_cert_to_DER_cert(certificate.cert_chain_pems[0].bytes().decode())
    with run_server(CountHandler, context) as url:
        yield url, hashlib.sha256(der).hexdigest(), received_keys


@every_client
def test_the_fingerprint_alone_is_enough_in_every_notation(ask: CountDocuments) -> None:
    with run_cluster(trustme.CA(), "another.example") as (url, fingerprint, _):
        assert ask(url, Settings(elasticsearch_fingerprint=fingerprint)) == 1
        colon_separated = ":".join(fingerprint[start : start + 2] for start in range(0, 64, 2)).upper()
        assert ask(url, Settings(elasticsearch_fingerprint=colon_separated)) == 1


@every_client
def test_a_certificate_of_another_fingerprint_is_refused_before_the_key_is_sent(ask: CountDocuments) -> None:
    with run_cluster(trustme.CA(), "127.0.0.1") as (url, _, received_keys):
        with pytest.raises(Exception, match=r"(?i)fingerprint|certificate|tls"):
            ask(url, Settings(elasticsearch_fingerprint="0" * 64))
        assert received_keys == []


@every_client
def test_with_a_ca_and_a_fingerprint_both_must_match(ask: CountDocuments, tmp_path: Path) -> None:
    our_authority, other_authority = trustme.CA(), trustme.CA()
    our_authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with run_cluster(our_authority, "127.0.0.1") as (url, fingerprint, _):
        assert ask(url, Settings(elasticsearch_fingerprint=fingerprint, elasticsearch_ca=tmp_path / "ca.pem")) == 1
    with run_cluster(other_authority, "127.0.0.1") as (url, fingerprint, received_keys):
        with pytest.raises(Exception, match=r"(?i)certificate|tls"):
            ask(url, Settings(elasticsearch_fingerprint=fingerprint, elasticsearch_ca=tmp_path / "ca.pem"))
        assert received_keys == []


@every_client
def test_without_a_fingerprint_ca_and_host_name_are_checked(ask: CountDocuments, tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with run_cluster(authority, "127.0.0.1") as (url, _, _):
        assert ask(url, Settings(elasticsearch_ca=tmp_path / "ca.pem")) == 1
        with pytest.raises(Exception, match=r"(?i)certificate|tls"):
            ask(url, Settings())
    with (
        run_cluster(authority, "another.example") as (url, _, _),
        pytest.raises(Exception, match=r"(?i)certificate|tls|mismatch"),
    ):
        ask(url, Settings(elasticsearch_ca=tmp_path / "ca.pem"))


@pytest.mark.parametrize("invalid_fingerprint", ["abc", "g" * 64, "a" * 63, "a" * 66])
def test_an_invalid_fingerprint_is_refused_by_the_settings(invalid_fingerprint: str) -> None:
    with pytest.raises(ValidationError, match="elasticsearch_fingerprint"):
        Settings(elasticsearch_fingerprint=invalid_fingerprint)


@pytest.mark.parametrize("options", [client_options, create_ssl_context])
@pytest.mark.parametrize("content", [None, b"no certificate"])
def test_a_file_without_certificates_is_named(
    options: Callable[[Settings], object], content: bytes | None, tmp_path: Path
) -> None:
    file = tmp_path / "authority.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(FrontispieceError, match=r"FRONTISPIECE_ELASTICSEARCH_CA: .*authority\.pem"):
        options(Settings(elasticsearch_ca=file))
