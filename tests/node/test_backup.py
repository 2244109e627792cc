"""docs/install.md's way back: the repository of `frontispiece setup`, a snapshot, and a restore with the aliases."""

import pytest
from elasticsearch import Elasticsearch

from indexer.elasticsearch.mappings import KINDS, alias_of, mapping
from indexer.embedded import ElasticsearchNode
from indexer.setup.roles import Wanted, wanted
from tests.conftest import GIVEN_URL

JSON = {"accept": "application/json", "content-type": "application/json"}


@pytest.mark.skipif(bool(GIVEN_URL), reason="a cluster of somebody's has a path.repo of its own")
def test_a_snapshot_of_the_policys_indices_brings_them_back_with_their_aliases(
    embedded_node: ElasticsearchNode, index_name: str
) -> None:
    with Elasticsearch(embedded_node.url) as client:
        for kind in KINDS:
            body, alias = mapping(kind), alias_of(index_name, kind)
            client.indices.create(index=f"{alias}-v1", settings=body["settings"], mappings=body["mappings"])
            client.indices.put_alias(index=f"{alias}-v1", name=alias)
            client.index(index=alias, id="1", document={"document": kind.removesuffix("s")}, refresh=True)
        repository, policy = put(client, index_name)
        config = policy.body["config"]
        client.snapshot.create(repository="frontispiece", snapshot=index_name, wait_for_completion=True, **config)
        client.indices.delete(index=[f"{alias_of(index_name, kind)}-v1" for kind in KINDS])
        client.snapshot.restore(repository="frontispiece", snapshot=index_name, wait_for_completion=True)
        assert {kind: client.count(index=alias_of(index_name, kind))["count"] for kind in KINDS} == dict.fromkeys(
            KINDS, 1
        )
        client.snapshot.delete(repository="frontispiece", snapshot=index_name)
        client.perform_request("DELETE", repository.path, headers=JSON)


def put(client: Elasticsearch, alias: str) -> tuple[Wanted, Wanted]:
    """The repository, put and found again; the policy, which the embedded node has no scheduler for."""
    things = wanted(alias, shards=1, replicas=0, snapshots="frontispiece")
    [repository] = [each for each in things if each.path.startswith("/_snapshot")]
    [policy] = [each for each in things if each.path.startswith("/_slm")]
    client.perform_request("PUT", repository.path, body=repository.body, headers=JSON)
    assert repository.is_met_by(client.perform_request("GET", repository.path, headers=JSON).body)
    return repository, policy
