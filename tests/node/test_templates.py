"""The templates of `frontispiece setup`, on a real node: they stay as they were sent, and an index is made of them."""

from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch

from indexer.elasticsearch.mappings import TEMPLATES, alias_of, mapping
from indexer.setup.roles import Wanted, wanted
from tests.conftest import GIVEN_URL


@pytest.fixture
def templates(client: Elasticsearch, index_name: str) -> Iterator[list[Wanted]]:
    """Put as the setup does, and taken away again."""
    if GIVEN_URL:
        pytest.skip("the components' names are not the test's own: on a cluster of somebody's they may be in use")
    things = [each for each in wanted(index_name, shards=2, replicas=0) if "_template" in each.path]
    for thing in things:
        client.perform_request("PUT", thing.path, body=thing.body, headers=JSON)
    yield things
    for thing in reversed(things):
        client.perform_request("DELETE", thing.path, headers=JSON)


JSON = {"accept": "application/json", "content-type": "application/json"}


def test_what_was_put_is_found_again_so_that_a_second_run_changes_nothing(
    client: Elasticsearch, templates: list[Wanted]
) -> None:
    assert [
        thing.path
        for thing in templates
        if not thing.is_met_by(client.perform_request("GET", thing.path, headers=JSON).body)
    ] == []
    another = wanted(templates[-1].path.rpartition("-runs")[0].rpartition("frontispiece-")[2], shards=3, replicas=0)
    changed = [each for each in another if each.path == templates[-1].path]
    assert [each.is_met_by(client.perform_request("GET", each.path, headers=JSON).body) for each in changed] == [False]


@pytest.mark.usefixtures("templates")
def test_an_index_that_is_made_without_a_word_is_what_the_indexer_makes(client: Elasticsearch, index_name: str) -> None:
    for kind in TEMPLATES:
        name = f"{alias_of(index_name, kind)}-v1"
        client.indices.create(index=name)
        body = mapping(kind)
        client.indices.create(index=f"{index_name}x-{kind}", settings=body.get("settings"), mappings=body["mappings"])
        made = client.indices.get_mapping(index=name)[name]["mappings"]
        assert made == client.indices.get_mapping(index=f"{index_name}x-{kind}")[f"{index_name}x-{kind}"]["mappings"]
        settings = client.indices.get_settings(index=name)[name]["settings"]["index"]
        assert (settings["number_of_shards"], settings["number_of_replicas"]) == ("2", "0")
