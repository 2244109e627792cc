"""Backup as in docs/install.md: the repository of `frontispiece setup`, a snapshot, and a restore with aliases."""

import pytest
from elasticsearch import Elasticsearch

from indexer.elasticsearch.mappings import INDEX_KINDS, index_alias, index_body
from indexer.embedded import ElasticsearchNode
from indexer.setup.cluster_resources import ClusterResource, cluster_resources
from tests.conftest import EXTERNAL_CLUSTER_URL

JSON_HEADERS = {"accept": "application/json", "content-type": "application/json"}


@pytest.mark.skipif(bool(EXTERNAL_CLUSTER_URL), reason="a cluster of somebody's has a path.repo of its own")
def test_restored_snapshot_has_indices_and_aliases(embedded_node: ElasticsearchNode, index_name: str) -> None:
    with Elasticsearch(embedded_node.url) as client:
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
