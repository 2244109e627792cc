"""The same over TLS, with certificates made here."""

import hashlib
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import trustme

from api.elasticsearch.health import TLS_FAILED_MESSAGE
from api.errors import UNAVAILABLE_MESSAGE
from indexer.embedded.build import Installation
from tests.secured.cluster import Cluster
from tests.secured.node import Certificates, running_node
from tests.secured.service import running_service

BOOK = "specimen/books/companion-1843"

CA, FINGERPRINT = "FRONTISPIECE_ELASTICSEARCH_CA", "FRONTISPIECE_ELASTICSEARCH_FINGERPRINT"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    authority, folder = trustme.CA(), tmp_path_factory.mktemp("certificates")
    certificate = authority.issue_cert("127.0.0.1")
    files = Certificates(folder / "node.crt", folder / "node.key", folder / "ca.crt")
    certificate.cert_chain_pems[0].write_to_path(files.certificate)
    certificate.private_key_pem.write_to_path(files.key)
    authority.cert_pem.write_to_path(files.authority)
    return files


@pytest.fixture(scope="module")
def tls_cluster(
    installation: Installation, certificates: Certificates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cluster]:
    authority = {CA: str(certificates.authority)}
    with running_node(installation, tmp_path_factory.mktemp("tls-node"), certificates) as node:
        cluster = Cluster(node.url, tmp_path_factory.mktemp("tls"), authority)
        result = cluster.set_up()
        assert result.returncode == 0, result.stderr
        yield cluster


@pytest.fixture(scope="module")
def filled_tls_cluster(tls_cluster: Cluster) -> Cluster:
    """The specimen, indexed over TLS."""
    result = tls_cluster.run("index", BOOK, key=tls_cluster.key("indexer"))
    assert result.returncode == 0, result.stderr
    return tls_cluster


@pytest.fixture(scope="module")
def fingerprint(certificates: Certificates) -> str:
    der = ssl.PEM_cert_to_DER_cert(certificates.certificate.read_text("ascii"))
    return hashlib.sha256(der).hexdigest()


def trusting(cluster: Cluster, **trust: str) -> Cluster:
    """Return the cluster as a command sees it that has only these settings of TLS."""
    return Cluster(cluster.url, cluster.folder, trust)


def test_books_are_indexed_over_tls(filled_tls_cluster: Cluster) -> None:
    assert filled_tls_cluster.run("status", key=filled_tls_cluster.key("indexer")).returncode == 0


def test_the_fingerprint_of_the_certificate_is_enough(tls_cluster: Cluster, fingerprint: str) -> None:
    by_fingerprint = trusting(tls_cluster, **{FINGERPRINT: fingerprint})
    assert by_fingerprint.run("status", key=tls_cluster.key("indexer")).returncode == 0


@pytest.mark.parametrize("setting", [CA, FINGERPRINT])
def test_the_service_searches_over_tls(
    filled_tls_cluster: Cluster, certificates: Certificates, fingerprint: str, setting: str
) -> None:
    """Each setting alone: the service's client is another one than that of the commands."""
    trust = {CA: str(certificates.authority), FINGERPRINT: fingerprint}
    cluster = trusting(filled_tls_cluster, **{setting: trust[setting]})
    with (
        running_service(cluster, cluster.key("api")) as url,
        httpx.Client(base_url=url, timeout=120) as client,
    ):
        assert client.get("/api/search?q=brig").raise_for_status().json()["hits"]
        assert client.get("/health").raise_for_status().json()["status"] == "ok"


@pytest.mark.parametrize("setting", [CA, FINGERPRINT])
def test_the_service_refuses_another_certificate_with_a_sentence(
    tls_cluster: Cluster, tmp_path: Path, setting: str
) -> None:
    """`/health` tells the operator that it is TLS; readers are told to try again."""
    trustme.CA().cert_pem.write_to_path(tmp_path / "another.crt")
    trust = {CA: str(tmp_path / "another.crt"), FINGERPRINT: "0" * 64}
    cluster = trusting(tls_cluster, **{setting: trust[setting]})
    with (
        running_service(cluster, cluster.key("api")) as url,
        httpx.Client(base_url=url, timeout=120) as client,
    ):
        health, search = client.get("/health"), client.get("/api/search?q=brig")
    assert (health.status_code, health.json()["problem"]) == (503, TLS_FAILED_MESSAGE)
    assert (search.status_code, search.json()["detail"]) == (503, UNAVAILABLE_MESSAGE)


def test_an_unknown_certificate_is_refused_with_a_sentence(tls_cluster: Cluster) -> None:
    result = trusting(tls_cluster).run("status", key=tls_cluster.key("indexer"))
    assert result.returncode == 1
    assert "certificate" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_missing_file_of_the_authority_is_named(tls_cluster: Cluster, tmp_path: Path) -> None:
    result = trusting(tls_cluster, **{CA: str(tmp_path / "none.crt")}).run("status")
    assert result.returncode == 1
    assert "none.crt" in result.stderr
