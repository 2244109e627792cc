"""What each key may do: every command and page works with its own key, and nothing beyond it."""

import re

import pytest

from tests.secured.cluster import ALIAS, Cluster

REFUSED_TO_BOTH = (
    ("PUT", "/another-index"),
    ("POST", "/another-index/_search"),
    ("GET", "/_security/user"),
    ("GET", "/_security/api_key"),
    ("PUT", "/_security/role/mine"),
    ("PUT", "/_security/user/mine"),
    ("PUT", "/_cluster/settings"),
    ("PUT", "/_index_template/mine"),
    ("PUT", "/_component_template/frontispiece-analysis"),
    ("GET", "/_cluster/health"),
    ("GET", "/_nodes"),
    ("DELETE", f"/{ALIAS}x-v1"),
)

REFUSED_TO_THE_INDEXER = (("POST", f"/{ALIAS}-unanswered/_search"), ("PUT", f"/{ALIAS}-unanswered"))
"""Words of readers are not its business."""

REFUSED_TO_THE_SERVICE = (
    ("PUT", f"/{ALIAS}-v9"),
    ("PUT", f"/{ALIAS}/_doc/1"),
    ("POST", f"/{ALIAS}/_update/1"),
    ("DELETE", f"/{ALIAS}/_doc/1"),
    ("DELETE", f"/{ALIAS}-v1"),
    ("PUT", f"/{ALIAS}/_mapping"),
    ("PUT", f"/{ALIAS}/_settings"),
    ("POST", f"/{ALIAS}-lease/_search"),
    ("PUT", f"/{ALIAS}-runs/_doc/1"),
    ("POST", f"/{ALIAS}-decisions/_search"),
    ("PUT", f"/{ALIAS}-unanswered/_doc/1"),
    ("DELETE", f"/{ALIAS}-unanswered"),
    ("PUT", f"/{ALIAS}-unanswered-v1"),
)


def test_the_indexers_key_runs_every_command(filled_cluster: Cluster) -> None:
    commands = (
        ("index", "specimen/books"),
        ("families",),
        ("status",),
        ("index", "--rebuild", "--no-switch", "specimen/books"),
        ("switch", "--yes"),
        ("switch", "--back", "--yes"),
        ("index", "--clean", "--yes"),
        ("index", "--repair", "--yes"),
        ("index", "--rebuild", "specimen/books"),
    )
    for command in commands:
        result = filled_cluster.run(*command, key=filled_cluster.key("indexer"))
        assert result.returncode == 0, f"{command}: {result.stderr}"
        assert "403" not in result.stdout + result.stderr


def test_a_book_is_removed_with_the_indexers_key(filled_cluster: Cluster) -> None:
    key = filled_cluster.key("indexer")
    book = filled_cluster.request("POST", f"/{ALIAS}-books/_search?size=1", key=key).json()["hits"]["hits"][0]
    result = filled_cluster.run("remove", str(book["_source"]["book_id"]), "--yes", key=key)
    assert result.returncode == 0, result.stderr
    assert filled_cluster.run("index", "specimen/books", key=key).returncode == 0


@pytest.mark.parametrize(
    ("owner", "method", "path"),
    [
        *(("api", *request) for request in (*REFUSED_TO_BOTH, *REFUSED_TO_THE_SERVICE)),
        *(("indexer", *request) for request in (*REFUSED_TO_BOTH, *REFUSED_TO_THE_INDEXER)),
    ],
)
def test_what_is_beyond_a_key_is_refused(filled_cluster: Cluster, owner: str, method: str, path: str) -> None:
    response = filled_cluster.request(method, path, key=filled_cluster.key(owner))
    assert response.status_code == 403, response.text


def test_every_part_of_a_bulk_request_beyond_the_services_key_is_refused(filled_cluster: Cluster) -> None:
    """The request itself is not, because the key may write unanswered searches."""
    for name in (ALIAS, f"{ALIAS}-runs", f"{ALIAS}-lease"):
        response = filled_cluster.request("POST", f"/{name}/_bulk", key=filled_cluster.key("api")).json()
        assert [result["status"] for item in response["items"] for result in item.values()] == [403], name


def test_an_index_run_with_the_services_key_says_what_it_may_not_do(filled_cluster: Cluster) -> None:
    result = filled_cluster.run("index", "specimen/books", key=filled_cluster.key("api"))
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert re.search(r"may not|not allowed|unauthorized|key", result.stderr)


def test_a_wrong_an_expired_and_a_foreign_key_are_refused_with_a_sentence(filled_cluster: Cluster) -> None:
    foreign_role = {"foreign": {"indices": [{"names": ["foreign"], "privileges": ["all"]}]}}
    keys = {
        "wrong": "d3Jvbmc6d3Jvbmc=",
        "expired": filled_cluster.new_key({"name": "expired", "expiration": "1ms"}),
        "foreign": filled_cluster.new_key({"name": "foreign", "role_descriptors": foreign_role}),
    }
    for name, key in keys.items():
        result = filled_cluster.run("status", key=key)
        assert result.returncode == 1, name
        assert "Traceback" not in result.stderr
        assert re.search(r"\bkey\b", result.stderr), (name, result.stderr)
