"""What runs that went wrong leave behind is listed, deleted or repaired by a command."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from elasticsearch import Elasticsearch

from core.errors import IncompatibleIndex
from indexer.commands.index import index
from indexer.elasticsearch.collection import Collection
from tests.node.test_index import MeanGreyEncoder, picture_document, version_names, write_documents
from tests.node.test_rebuild import stop_rebuild

RunIndex = Callable[..., Result]


@pytest.fixture
def run_index(node_url: str, index_name: str, tmp_path: Path) -> RunIndex:
    """Return a function that runs `frontispiece index` with these options."""
    environment = {"FRONTISPIECE_ELASTICSEARCH_URL": node_url, "FRONTISPIECE_DATA": str(tmp_path)}

    def run_index(*options: str, answer: str = "") -> Result:
        return CliRunner(env=environment).invoke(index, ["--alias", index_name, *options], input=answer)

    return run_index


def picture_versions(client: Elasticsearch, alias: str) -> set[str]:
    return set(client.indices.get(index=f"{alias}-v*"))


def test_deleted_index_does_not_come_back_without_a_mapping(client: Elasticsearch, index_name: str) -> None:
    pictures = Collection.open_or_create(client, index_name, [MeanGreyEncoder()]).pictures
    client.indices.delete(index=pictures.name)
    with pytest.raises(IncompatibleIndex, match=f"the index behind the alias {index_name} was deleted"):
        write_documents(pictures, picture_document(1))
    assert not client.indices.exists(index=pictures.name)
    assert not client.indices.exists(index=index_name)


def test_clean_lists_and_deletes_what_no_alias_names(
    client: Elasticsearch, index_name: str, run_index: RunIndex
) -> None:
    write_documents(Collection.open_or_create(client, index_name, [MeanGreyEncoder()]).pictures, picture_document(1))
    mapping = client.indices.get_mapping(index=f"{index_name}-v1")[f"{index_name}-v1"]["mappings"]
    settings = client.indices.get_settings(index=f"{index_name}-v1")[f"{index_name}-v1"]["settings"]["index"]
    client.indices.create(index=f"{index_name}-v7", mappings=mapping, settings={"analysis": settings["analysis"]})
    client.index(index=f"{index_name}-v8", document={"book_id": "b"})
    client.indices.create(index=f"{index_name}-v9", mappings={"_meta": {"written_by": "somebody else"}})
    client.indices.create(index=f"{index_name}-v10", aliases={f"{index_name}-kept": {}})
    refusal = run_index("--clean", answer="n\n")
    assert f"{index_name}-v7: 0 documents; no alias names it" in refusal.output
    assert f"{index_name}-v8: 1 documents; it has not the mapping of Frontispiece" in refusal.output
    everything = {f"{index_name}-v{number}" for number in (1, 7, 8, 9, 10)}
    assert picture_versions(client, index_name) == everything
    assert run_index("--clean", "--yes").exit_code == 0
    assert picture_versions(client, index_name) == {f"{index_name}-v{number}" for number in (1, 9, 10)}
    assert "nothing to delete" in run_index("--clean").output


def test_clean_deletes_an_unfinished_rebuild_only_if_it_is_told_to(
    client: Elasticsearch, index_name: str, run_index: RunIndex
) -> None:
    Collection.open_or_create(client, index_name, [MeanGreyEncoder()])
    stop_rebuild(client, index_name, "/b")
    result = run_index("--clean", "--yes")
    assert "an unfinished rebuild of /b, which began at 20" in result.output
    assert "and has 1 pictures; `frontispiece index --rebuild` continues it" in result.output
    assert picture_versions(client, index_name) == {f"{index_name}-v1", f"{index_name}-v2"}
    assert run_index("--clean", "--fresh", "--yes").exit_code == 0
    assert set(client.indices.get(index=f"{index_name}-*")) - {f"{index_name}-lease-v1"} == version_names(index_name, 1)


def test_repair_keeps_the_index_with_most_documents(
    client: Elasticsearch, index_name: str, run_index: RunIndex
) -> None:
    write_documents(Collection.open_or_create(client, index_name, [MeanGreyEncoder()]).pictures, picture_document(1))
    second_index, mapping = f"{index_name}-v2", client.indices.get_mapping(index=f"{index_name}-v1")
    settings = client.indices.get_settings(index=f"{index_name}-v1")[f"{index_name}-v1"]["settings"]["index"]
    client.indices.create(
        index=second_index,
        aliases={index_name: {}},
        mappings=mapping[f"{index_name}-v1"]["mappings"],
        settings={"analysis": settings["analysis"]},
    )
    with pytest.raises(IncompatibleIndex, match=r"several indices .*`frontispiece index --repair`"):
        Collection.open_existing(client, index_name)
    refusal = run_index("--repair", answer="n\n")
    assert f"names {index_name}-v1 (1 documents), {second_index} (0 documents): it will name {index_name}-v1" in (
        refusal.output
    )
    assert set(client.indices.get_alias(name=index_name)) == {f"{index_name}-v1", second_index}
    assert "`frontispiece index --clean`" in run_index("--repair", "--yes").output
    assert Collection.open_existing(client, index_name).pictures.name == f"{index_name}-v1"
    assert f"{second_index}: 0 documents; no alias names it" in run_index("--clean", "--yes").output
    assert "nothing to repair" in run_index("--repair").output


def test_alias_that_gets_a_second_index_during_a_run_stops_it(client: Elasticsearch, index_name: str) -> None:
    pictures = Collection.open_or_create(client, index_name, [MeanGreyEncoder()]).pictures
    client.indices.create(index=f"{index_name}-v2", aliases={index_name: {}})
    with pytest.raises(IncompatibleIndex, match=r"now names several indices; .*`frontispiece index --repair`"):
        write_documents(pictures, picture_document(1))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--clean", "books"], "give one of them alone"),
        (["--clean", "--repair"], "give one of them alone"),
        (["--merge", "books"], "give one of them alone"),
        (["--merge", "--clean"], "give one of them alone"),
        (["--merge", "--fresh"], "--fresh belongs to --rebuild"),
        (["--no-merge", "books"], "--no-merge belongs to --rebuild"),
        (["--no-switch", "books"], "--no-switch belongs to --rebuild"),
        (["--fresh", "books"], "--fresh belongs to --rebuild"),
        ([], "Missing argument 'WHERE...'"),
    ],
)
def test_options_that_contradict_each_other_are_refused(run_index: RunIndex, options: list[str], message: str) -> None:
    result = run_index(*options)
    assert (result.exit_code, message in result.output) == (2, True), result.output
