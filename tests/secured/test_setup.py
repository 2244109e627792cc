"""`frontispiece setup` on a cluster with security."""

import stat

from tests.secured.cluster import LIBRARIAN_LOGIN, Cluster


def test_a_second_run_changes_nothing(cluster: Cluster) -> None:
    keys = {owner: cluster.key(owner) for owner in ("api", "indexer")}
    result = cluster.set_up()
    assert result.returncode == 0, result.stderr
    *lines, next_step = result.stdout.splitlines()
    assert {line.split()[0] for line in lines} == {"unchanged"}, result.stdout
    assert next_step.startswith("next: ")
    assert {owner: cluster.key(owner) for owner in ("api", "indexer")} == keys


def test_only_their_owner_can_read_the_keys(cluster: Cluster) -> None:
    for owner in ("api", "indexer"):
        mode = (cluster.folder / "keys" / owner / "key").stat().st_mode
        assert stat.S_IMODE(mode) == 0o600


def test_an_unknown_user_is_refused_with_a_sentence(bare_cluster: Cluster) -> None:
    result = bare_cluster.run("setup", "--user", "another", ELASTIC_PASSWORD="wrong")  # noqa: S106
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "401" in result.stderr


def test_a_revoked_key_is_replaced_by_the_next_run(cluster: Cluster) -> None:
    old_key = cluster.key("api")
    cluster.revoke_key(old_key)
    assert "new key" in cluster.set_up().stdout
    assert cluster.key("api") != old_key
    assert not cluster.accepts_key(old_key)
    assert cluster.accepts_key(cluster.key("api"))


def test_a_librarian_reads_and_does_not_write(filled_cluster: Cluster) -> None:
    assert filled_cluster.request("POST", "/secured/_search", user=LIBRARIAN_LOGIN).json()["hits"]["hits"]
    for name in ("secured-runs", "secured-unanswered"):
        path = f"/{name}/_search?ignore_unavailable=true"
        assert filled_cluster.request("POST", path, user=LIBRARIAN_LOGIN).status_code == 200, path
    for method, path in (
        ("PUT", "/secured/_doc/1"),
        ("DELETE", "/secured-v1"),
        ("POST", "/secured-lease/_search"),
        ("GET", "/_security/user"),
        ("PUT", "/_security/role/mine"),
        ("PUT", "/_cluster/settings"),
    ):
        assert filled_cluster.request(method, path, user=LIBRARIAN_LOGIN).status_code == 403, path
