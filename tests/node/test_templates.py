"""The templates of `frontispiece setup` on a real node: they are stored as sent, and indices are created from them."""

from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch

from indexer.elasticsearch.mappings import TEMPLATE_NAMES, index_alias, index_body
from indexer.setup.cluster_resources import ClusterResource, cluster_resources
from tests.conftest import EXTERNAL_CLUSTER_URL
from tests.parallel import ONE_CLUSTER

pytestmark = pytest.mark.xdist_group(ONE_CLUSTER)


@pytest.fixture
def templates(client: Elasticsearch, index_name: str) -> Iterator[list[ClusterResource]]:
    """Create the templates as the setup does; delete them after the test."""
    if EXTERNAL_CLUSTER_URL:
        pytest.skip("the components' names are not the test's own: on a cluster of somebody's they may be in use")
    setup_objects = [
        candidate for candidate in cluster_resources(index_name, shards=2, replicas=0) if "_template" in candidate.path
    ]
    for setup_object in setup_objects:
        client.perform_request("PUT", setup_object.path, body=setup_object.body, headers=JSON_HEADERS)
    yield setup_objects
    for setup_object in reversed(setup_objects):
        client.perform_request("DELETE", setup_object.path, headers=JSON_HEADERS)


JSON_HEADERS = {"accept": "application/json", "content-type": "application/json"}


def test_stored_templates_match_so_a_second_setup_makes_no_changes(
    client: Elasticsearch, templates: list[ClusterResource]
) -> None:
    assert [
        setup_object.path
        for setup_object in templates
        if not setup_object.is_met_by(client.perform_request("GET", setup_object.path, headers=JSON_HEADERS).body)
    ] == []
    other_templates = cluster_resources(
        templates[-1].path.rpartition("-unanswered")[0].rpartition("frontispiece-")[2], shards=3, replicas=0
    )
    changed_templates = [template for template in other_templates if template.path == templates[-1].path]
    assert [
        template.is_met_by(client.perform_request("GET", template.path, headers=JSON_HEADERS).body)
        for template in changed_templates
    ] == [False]


@pytest.mark.usefixtures("templates")
def test_index_from_template_equals_index_of_indexer(client: Elasticsearch, index_name: str) -> None:
    for kind in TEMPLATE_NAMES:
        name = index_alias(index_name, kind) + ("" if kind == "unanswered" else "-v1")
        client.indices.create(index=name)
        body = index_body(kind)
        client.indices.create(index=f"{index_name}x-{kind}", settings=body.get("settings"), mappings=body["mappings"])
        index_mapping = client.indices.get_mapping(index=name)[name]["mappings"]
        assert (
            index_mapping
            == client.indices.get_mapping(index=f"{index_name}x-{kind}")[f"{index_name}x-{kind}"]["mappings"]
        )
        settings = client.indices.get_settings(index=name)[name]["settings"]["index"]
        assert (settings["number_of_shards"], settings["number_of_replicas"]) == ("2", "0")
