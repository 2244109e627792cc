"""Whose certificate each of our three clients believes, and that a wrong one is refused before the key is sent."""

import hashlib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import trustme
from elastic_transport import HttpxAsyncHttpNode
from elasticsearch import AsyncElasticsearch, Elasticsearch
from pydantic import ValidationError

from core.settings import Settings
from core.tls import client_options, tls
from tests.doors import Door, listening
from tests.loops import run

Ask = Callable[[str, Settings], int]


def by_indexer(url: str, settings: Settings) -> int:
    with Elasticsearch(url, **client_options(settings), api_key="secret", max_retries=0) as client:
        return int(client.count()["count"])


def by_api(url: str, settings: Settings) -> int:
    async def ask() -> int:
        client = AsyncElasticsearch(
            url, ssl_context=tls(settings), api_key="secret", node_class=HttpxAsyncHttpNode, max_retries=0
        )
        async with client:
            return int((await client.count())["count"])

    return run(ask)


def by_setup(url: str, settings: Settings) -> int:
    with httpx.Client(verify=tls(settings), headers={"authorization": "ApiKey secret"}) as client:
        return int(client.post(f"{url}/_count").json()["count"])


every_client = pytest.mark.parametrize("ask", [by_indexer, by_api, by_setup])


@contextmanager
def cluster(authority: trustme.CA, name: str) -> Iterator[tuple[str, str, list[str]]]:
    """Its address, the fingerprint of its certificate, and the keys that it has been shown."""
    shown: list[str] = []

    class Node(Door):
        def respond(self) -> None:
            self.body()
            shown.append(str(self.headers["authorization"]))
            self.say(200, b'{"count": 1}', {"content-type": "application/json", "x-elastic-product": "Elasticsearch"})

    issued = authority.issue_cert(name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued.configure_cert(context)
    der = ssl.PEM_cert_to_DER_cert(issued.cert_chain_pems[0].bytes().decode())
    with listening(Node, context) as url:
        yield url, hashlib.sha256(der).hexdigest(), shown


@every_client
def test_the_fingerprint_alone_is_enough_in_each_way_of_writing_it(ask: Ask) -> None:
    with cluster(trustme.CA(), "another.example") as (url, fingerprint, _):
        assert ask(url, Settings(elasticsearch_fingerprint=fingerprint)) == 1
        colons = ":".join(fingerprint[at : at + 2] for at in range(0, 64, 2)).upper()
        assert ask(url, Settings(elasticsearch_fingerprint=colons)) == 1


@every_client
def test_a_certificate_of_another_fingerprint_is_refused_before_the_key_is_sent(ask: Ask) -> None:
    with cluster(trustme.CA(), "127.0.0.1") as (url, _, shown):
        with pytest.raises(Exception, match=r"(?i)fingerprint|certificate|tls"):
            ask(url, Settings(elasticsearch_fingerprint="0" * 64))
        assert shown == []


@every_client
def test_with_a_ca_both_must_fit(ask: Ask, tmp_path: Path) -> None:
    ours, theirs = trustme.CA(), trustme.CA()
    ours.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with cluster(ours, "127.0.0.1") as (url, fingerprint, _):
        assert ask(url, Settings(elasticsearch_fingerprint=fingerprint, elasticsearch_ca=tmp_path / "ca.pem")) == 1
    with cluster(theirs, "127.0.0.1") as (url, fingerprint, shown):
        with pytest.raises(Exception, match=r"(?i)certificate|tls"):
            ask(url, Settings(elasticsearch_fingerprint=fingerprint, elasticsearch_ca=tmp_path / "ca.pem"))
        assert shown == []


@every_client
def test_without_a_fingerprint_it_is_the_ca_and_the_name(ask: Ask, tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with cluster(authority, "127.0.0.1") as (url, _, _):
        assert ask(url, Settings(elasticsearch_ca=tmp_path / "ca.pem")) == 1
        with pytest.raises(Exception, match=r"(?i)certificate|tls"):
            ask(url, Settings())
    with (
        cluster(authority, "another.example") as (url, _, _),
        pytest.raises(Exception, match=r"(?i)certificate|tls|mismatch"),
    ):
        ask(url, Settings(elasticsearch_ca=tmp_path / "ca.pem"))


@pytest.mark.parametrize("wrong", ["abc", "g" * 64, "a" * 63, "a" * 66])
def test_what_is_no_fingerprint_is_refused_at_once(wrong: str) -> None:
    with pytest.raises(ValidationError, match="elasticsearch_fingerprint"):
        Settings(elasticsearch_fingerprint=wrong)
