"""Backup and restore need a user who may manage snapshots; the keys of the indexer and the service may not."""

from pathlib import Path

import httpx

from tests.secured.cluster import ALIAS, Cluster
from tests.secured.node import ADMIN, PASSWORD

ADMINISTRATOR = (ADMIN, PASSWORD)


def test_administrator_backs_up_and_restores(filled_cluster: Cluster, tmp_path: Path) -> None:
    repository = {"type": "fs", "settings": {"location": "frontispiece"}}
    with httpx.Client(auth=ADMINISTRATOR, trust_env=False, timeout=120) as client:
        client.put(f"{filled_cluster.url}/_snapshot/frontispiece", json=repository).raise_for_status()
    refusal = filled_cluster.run("backup", str(tmp_path / "backup"), key=filled_cluster.key("indexer"))
    assert refusal.returncode == 1
    assert "`--user elastic`, with the password in ELASTIC_PASSWORD" in refusal.stderr
    folder, user = str(tmp_path / "backup"), ("--user", ADMIN)
    result = filled_cluster.run("backup", folder, *user, ELASTIC_PASSWORD=PASSWORD)
    assert result.returncode == 0, result.stderr
    assert PASSWORD not in (tmp_path / "backup" / "backup.json").read_text("utf-8")
    key = filled_cluster.key("api")
    search = ("POST", f"/{ALIAS}/_search?size=100&sort=_doc")
    documents = filled_cluster.request(*search, key=key).json()["hits"]["hits"]
    names = ",".join(filled_cluster.request("GET", f"/{ALIAS}*/_alias", user=ADMINISTRATOR).json())
    filled_cluster.request("DELETE", f"/{names}", user=ADMINISTRATOR).raise_for_status()
    result = filled_cluster.run("restore", folder, *user, ELASTIC_PASSWORD=PASSWORD)
    assert result.returncode == 0, result.stderr
    assert filled_cluster.request(*search, key=key).json()["hits"]["hits"] == documents
    assert filled_cluster.run("index", "specimen/books", key=filled_cluster.key("indexer")).returncode == 0
