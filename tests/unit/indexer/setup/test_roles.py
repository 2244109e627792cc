"""What `frontispiece setup` sends to a cluster that has security, which the tests' own node has not."""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from core.errors import FrontispieceError
from indexer.commands.setup import setup
from indexer.elasticsearch.resources import MAPPINGS
from indexer.setup.roles import KEYS, ROLES, Wanted, key, role, wanted
from tests.doors import Door, listening


@dataclass
class Cluster:
    """Keeps what is put, gives it back wrapped in its name as Elasticsearch does, and remembers every request."""

    url: str = ""
    things: dict[str, Any] = field(default_factory=dict)
    keys: list[dict[str, Any]] = field(default_factory=list)
    passwords: dict[str, str] = field(default_factory=lambda: {"elastic": "first"})
    seen: list[tuple[str, str]] = field(default_factory=list)

    @property
    def written(self) -> list[tuple[str, str]]:
        return [(method, path) for method, path in self.seen if method != "GET"]

    def answer(self, method: str, path: str, user: str, password: str, body: Any) -> tuple[int, Any]:
        self.seen.append((method, path))
        if self.passwords.get(user) != password:
            return 401, {"error": {"reason": "unable to authenticate user"}}
        if path.startswith("/_security/api_key"):
            return 200, self._key(method, path, body)
        if method == "POST" and path.endswith("/_password"):
            self.passwords[path.split("/")[-2]] = body["password"]
            return 200, {}
        if method == "PUT":
            self.things[path] = body
            return 200, {"acknowledged": True}
        if path == "/_security/_authenticate":
            return 200, {"username": user}
        kept = self.things.get(path)
        return (200, {path.rpartition("/")[2]: kept}) if kept else (404, {})

    def _key(self, method: str, path: str, body: Any) -> Any:
        if method == "POST":
            made = {**body, "id": f"id{len(self.keys)}"}
            self.keys.append(made)
            return {"id": made["id"], "encoded": base64.b64encode(f"{made['id']}:secret".encode()).decode()}
        if method == "PUT":
            [found] = [each for each in self.keys if each["id"] == path.rpartition("/")[2]]
            found |= body
            return {"updated": True}
        name = re.search(r"name=([^&]+)", path)
        return {"api_keys": [each for each in self.keys if name and each["name"] == name[1]]}


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    made = Cluster()

    class Fake(Door):
        def respond(self) -> None:
            body = self.body()
            login = base64.b64decode(self.headers["authorization"].removeprefix("Basic ")).decode()
            user, _, password = login.partition(":")
            status, answer = made.answer(self.command, self.path, user, password, json.loads(body) if body else None)
            self.say(status, json.dumps(answer).encode())

    with listening(Fake) as made.url:
        yield made


def run(cluster: Cluster, *arguments: str, **env: str) -> Result:
    none = {"KIBANA_PASSWORD": "", "LIBRARIAN_PASSWORD": ""}
    given = {"FRONTISPIECE_ELASTICSEARCH_URL": cluster.url, "ELASTIC_PASSWORD": "first", **none, **env}
    return CliRunner().invoke(setup, arguments, env=given)


PASSWORDS = {"KIBANA_PASSWORD": "kibana's", "LIBRARIAN_PASSWORD": "librarian's"}


def test_the_first_run_makes_everything_and_the_second_changes_nothing(cluster: Cluster, tmp_path: Path) -> None:
    first = run(cluster, "--keys", str(tmp_path), "--snapshots", "/snapshots", **PASSWORDS)
    assert first.exit_code == 0, first.output
    assert {tuple(path.split("/")[1:3]) for _, path in cluster.written} == {
        *(("_component_template", f"frontispiece-{file.stem}") for file in (MAPPINGS / "components").iterdir()),
        *(("_index_template", f"frontispiece-pictures{kind}") for kind in ("", "-pages", "-books", "-runs")),
        *(("_security", kind) for kind in ("role", "user", "api_key")),
        ("_snapshot", "frontispiece"),
        ("_slm", "policy"),
    }
    cluster.seen.clear()
    second = run(cluster, "--keys", str(tmp_path), "--snapshots", "/snapshots", **PASSWORDS)
    assert second.exit_code == 0, second.output
    assert cluster.written == []


def test_a_key_is_written_for_its_owner_alone_and_stays(cluster: Cluster, tmp_path: Path) -> None:
    run(cluster, "--keys", str(tmp_path))
    kept = {name: (tmp_path / name / "key").read_text() for name in KEYS}
    assert {name: base64.b64decode(text).decode() for name, text in kept.items()} == {
        "api": "id0:secret",
        "indexer": "id1:secret",
    }
    assert {(tmp_path / name / "key").stat().st_mode & 0o777 for name in KEYS} == {0o600}
    run(cluster, "--keys", str(tmp_path))
    assert {name: (tmp_path / name / "key").read_text() for name in KEYS} == kept


def test_a_lost_key_is_made_anew_and_an_old_ones_privileges_are_brought_up_to_date(
    cluster: Cluster, tmp_path: Path
) -> None:
    run(cluster, "--keys", str(tmp_path))
    (tmp_path / "api" / "key").unlink()
    cluster.keys[1]["role_descriptors"] = {"frontispiece-pictures-indexer": {"cluster": ["all"]}}
    cluster.seen.clear()
    run(cluster, "--keys", str(tmp_path))
    assert cluster.written == [("POST", "/_security/api_key"), ("PUT", "/_security/api_key/id1")]
    assert cluster.keys[1]["role_descriptors"] == key("indexer", "pictures")["role_descriptors"]


def test_kibana_gets_its_password_once_and_a_librarians_own_is_never_overwritten(cluster: Cluster) -> None:
    run(cluster, **PASSWORDS)
    assert cluster.passwords["kibana_system"] == PASSWORDS["KIBANA_PASSWORD"]
    assert cluster.things["/_security/user/librarian"]["password"] == PASSWORDS["LIBRARIAN_PASSWORD"]
    cluster.things["/_security/user/librarian"] = {"roles": ["another"]}
    run(cluster, **PASSWORDS)
    user = cluster.things["/_security/user/librarian"]
    assert (user["roles"], "password" in user) == (["frontispiece-pictures-librarian"], False)


def test_a_dry_run_asks_nobody_and_prints_what_dev_tools_take(cluster: Cluster) -> None:
    done = run(cluster, "--dry-run", "--snapshots", "/snapshots", "--alias", "prints", **PASSWORDS)
    assert cluster.seen == []
    assert not re.search("kibana's|librarian's", done.output)
    requests = [block.partition("\n") for block in done.output.strip().split("\n\n")]
    heads = [head for head, _, _ in requests]
    assert {"PUT /_security/role/frontispiece-prints-api", "POST /_security/api_key"} <= set(heads)
    assert all(json.loads(body) for _, _, body in requests)


def test_a_wrong_password_and_a_cluster_that_is_away_are_sentences(cluster: Cluster) -> None:
    refused = run(cluster, ELASTIC_PASSWORD="another")  # noqa: S106 it opens nothing
    assert isinstance(refused.exception, FrontispieceError)
    assert "401" in str(refused.exception)
    cluster.url = "http://127.0.0.1:9"
    assert "does not answer" in str(run(cluster).exception)


def test_without_a_cluster_or_a_password_it_says_which_is_missing(cluster: Cluster) -> None:
    missing = CliRunner().invoke(setup, env={"FRONTISPIECE_ELASTICSEARCH_URL": "", "ELASTIC_PASSWORD": "x"})
    assert "FRONTISPIECE_ELASTICSEARCH_URL" in str(missing.exception)
    assert "ELASTIC_PASSWORD" in str(run(cluster, ELASTIC_PASSWORD="").exception)


@pytest.mark.parametrize("name", ROLES)
def test_a_role_is_of_its_alias_alone(name: str) -> None:
    [indices] = role(name, "prints")["indices"]
    [pattern] = indices["names"]
    matches = re.compile(pattern.strip("/")).fullmatch
    assert all(matches(each) for each in ("prints", "prints-v1", "prints-pages", "prints-pages-v12", "prints-books-v2"))
    assert not any(
        map(matches, ("prints-other", "prints-v", "prints-very-v1", "my-prints", "prints-pages-old", ".security"))
    )
    assert all(bool(matches(each)) == (name != "api") for each in ("prints-runs", "prints-runs-v1"))


def test_a_thing_is_met_by_what_elasticsearch_makes_of_it() -> None:
    """Numbers come back as strings, defaults are added, and each kind of thing is wrapped in its own way."""
    thing = Wanted("", {"index": {"number_of_shards": 1, "hidden": False}, "cluster": []})
    found = {"list": [{"name": "x", "body": {"index": {"number_of_shards": "1", "hidden": "false"}, "more": 1}}]}
    assert thing.is_met_by(found)
    found["list"][0]["body"]["index"]["number_of_shards"] = "2"  # type: ignore[index]
    assert not thing.is_met_by(found)


def test_a_template_stands_above_those_of_elasticsearch_and_has_shards_and_replicas() -> None:
    templates = [each.body for each in wanted("prints", shards=3, replicas=2) if "_index_template" in each.path]
    assert {pattern for body in templates for pattern in body["index_patterns"]} == {
        "prints-v*",
        "prints-pages-v*",
        "prints-books-v*",
        "prints-runs-v*",
    }
    for body in templates:
        assert body["priority"] > 100
        assert body["template"]["settings"]["index"] == {"number_of_shards": 3, "number_of_replicas": 2}
