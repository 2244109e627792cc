"""Backup as in docs/install.md: the repository of `frontispiece setup`, a snapshot, and a restore with aliases."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click import Command
from click.testing import CliRunner
from elasticsearch import Elasticsearch

from core.errors import FrontispieceError
from indexer.commands.backup import backup, restore_command
from indexer.elasticsearch.mappings import INDEX_KINDS, index_alias, index_body
from indexer.setup.cluster_resources import ClusterResource, cluster_resources
from tests.conftest import EXTERNAL_CLUSTER_URL
from tests.parallel import ONE_CLUSTER

pytestmark = pytest.mark.xdist_group(ONE_CLUSTER)

JSON_HEADERS = {"accept": "application/json", "content-type": "application/json"}


@pytest.mark.skipif(bool(EXTERNAL_CLUSTER_URL), reason="a cluster of somebody's has a path.repo of its own")
def test_restored_snapshot_has_indices_and_aliases(embedded_node_url: str, index_name: str) -> None:
    with Elasticsearch(embedded_node_url) as client:
        for kind in INDEX_KINDS:
            body, alias = index_body(kind), index_alias(index_name, kind)
            client.indices.create(index=f"{alias}-v1", settings=body["settings"], mappings=body["mappings"])
            client.indices.put_alias(index=f"{alias}-v1", name=alias)
            client.index(index=alias, id="1", document={"document": kind.removesuffix("s")}, refresh=True)
        repository, policy = put_repository(client, index_name)
        config = policy.body["config"]
        client.snapshot.create(repository="frontispiece", snapshot=index_name, wait_for_completion=True, **config)
        client.indices.delete(index=[f"{index_alias(index_name, kind)}-v1" for kind in INDEX_KINDS])
        client.snapshot.restore(repository="frontispiece", snapshot=index_name, wait_for_completion=True)
        assert {
            kind: client.count(index=index_alias(index_name, kind))["count"] for kind in INDEX_KINDS
        } == dict.fromkeys(INDEX_KINDS, 1)
        client.snapshot.delete(repository="frontispiece", snapshot=index_name)
        client.perform_request("DELETE", repository.path, headers=JSON_HEADERS)


def put_repository(client: Elasticsearch, alias: str) -> tuple[ClusterResource, ClusterResource]:
    """Create the repository; return it and the policy, for which the embedded node has no scheduler."""
    objects = cluster_resources(alias, shards=1, replicas=0, snapshots="frontispiece")
    [repository] = [setup_object for setup_object in objects if setup_object.path.startswith("/_snapshot")]
    [policy] = [setup_object for setup_object in objects if setup_object.path.startswith("/_slm")]
    client.perform_request("PUT", repository.path, body=repository.body, headers=JSON_HEADERS)
    assert repository.is_met_by(client.perform_request("GET", repository.path, headers=JSON_HEADERS).body)
    return repository, policy


RunBackup = Callable[..., str]


@pytest.fixture
def run_backup(node_url: str, index_name: str, tmp_path: Path) -> RunBackup:
    """Return a function that runs a command, and returns the sentence with which it is refused."""
    environment = {"FRONTISPIECE_ELASTICSEARCH_URL": node_url, "FRONTISPIECE_DATA": str(tmp_path / "data")}

    def run_backup(command: Command, *options: str) -> str:
        result = CliRunner(env=environment).invoke(command, ["--alias", index_name, *options])
        assert isinstance(result.exception, FrontispieceError), result.output
        return str(result.exception)

    return run_backup


def test_backup_and_restore_that_cannot_be_done_say_what_to_do(
    client: Elasticsearch, index_name: str, run_backup: RunBackup, tmp_path: Path
) -> None:
    folder = str(tmp_path / "backup")
    assert "there is nothing to back up" in run_backup(backup, folder)
    client.indices.create(index=f"{index_name}-v1", aliases={index_name: {}})
    missing = ("--repository", f"missing-{index_name}")
    assert "`frontispiece setup --snapshots FOLDER` registers it" in run_backup(backup, folder, *missing)
    assert f"there is no backup in {folder}" in run_backup(restore_command, folder)
    assert "`frontispiece setup --snapshots FOLDER` registers it" in run_backup(restore_command, *missing)


@pytest.mark.skipif(bool(EXTERNAL_CLUSTER_URL), reason="a cluster of somebody's has a path.repo of its own")
def test_restore_overwrites_no_index(client: Elasticsearch, index_name: str, run_backup: RunBackup) -> None:
    client.indices.create(index=f"{index_name}-v1", aliases={index_name: {}})
    put_repository(client, index_name)
    options = {"indices": [f"{index_name}-v1"], "include_global_state": False}
    client.snapshot.create(repository="frontispiece", snapshot=index_name, wait_for_completion=True, **options)
    assert f"the cluster has {index_name}-v1 already" in run_backup(restore_command)
    assert "has no snapshot other" in run_backup(restore_command, "--snapshot", "other")
    client.snapshot.delete(repository="frontispiece", snapshot=index_name)
