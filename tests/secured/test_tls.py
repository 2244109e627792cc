"""The same over TLS, with certificates made here."""

import hashlib
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from indexer.embedded.build import Installation
from tests.secured.cluster import Cluster
from tests.secured.node import Certificates, running_node


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
    authority = {"FRONTISPIECE_ELASTICSEARCH_CA": str(certificates.authority)}
    with running_node(installation, tmp_path_factory.mktemp("tls-node"), certificates) as node:
        cluster = Cluster(node.url, tmp_path_factory.mktemp("tls"), authority)
        result = cluster.set_up()
        assert result.returncode == 0, result.stderr
        yield cluster


def test_books_are_indexed_over_tls(tls_cluster: Cluster) -> None:
    result = tls_cluster.run("index", "specimen/books", key=tls_cluster.key("indexer"))
    assert result.returncode == 0, result.stderr
    assert tls_cluster.run("status", key=tls_cluster.key("indexer")).returncode == 0


def test_the_fingerprint_of_the_certificate_is_enough(tls_cluster: Cluster, certificates: Certificates) -> None:
    der = ssl.PEM_cert_to_DER_cert(certificates.certificate.read_text("ascii"))
    by_fingerprint = Cluster(
        tls_cluster.url,
        tls_cluster.folder,
        {"FRONTISPIECE_ELASTICSEARCH_FINGERPRINT": hashlib.sha256(der).hexdigest()},
    )
    assert by_fingerprint.run("status", key=tls_cluster.key("indexer")).returncode == 0


def test_an_unknown_certificate_is_refused_with_a_sentence(tls_cluster: Cluster) -> None:
    result = Cluster(tls_cluster.url, tls_cluster.folder).run("status", key=tls_cluster.key("indexer"))
    assert result.returncode == 1
    assert "certificate" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_missing_file_of_the_authority_is_named(tls_cluster: Cluster, tmp_path: Path) -> None:
    missing = {"FRONTISPIECE_ELASTICSEARCH_CA": str(tmp_path / "none.crt")}
    result = Cluster(tls_cluster.url, tls_cluster.folder, missing).run("status")
    assert result.returncode == 1
    assert "none.crt" in result.stderr
