"""What `frontispiece setup` sends to a fake cluster with security, which the embedded node does not have."""

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
from core.mapping_files import MAPPINGS_FOLDER
from indexer.commands.setup import setup
from indexer.elasticsearch.mappings import TEMPLATE_NAMES, index_alias
from indexer.setup.cluster_resources import KEY_OWNERS, ROLES, ClusterResource, api_key_body, cluster_resources, role
from tests.http_servers import LoopbackHandler, run_server


@dataclass
class FakeCluster:
    """Stores what is put, returns it wrapped in its name as Elasticsearch does, and records every request."""

    url: str = ""
    resources: dict[str, Any] = field(default_factory=dict)
    keys: list[dict[str, Any]] = field(default_factory=list)
    passwords: dict[str, str] = field(default_factory=lambda: {"elastic": "first"})
    requests: list[tuple[str, str]] = field(default_factory=list)

    @property
    def write_requests(self) -> list[tuple[str, str]]:
        return [(method, path) for method, path in self.requests if method != "GET"]

    def respond(self, method: str, path: str, user: str, password: str, body: Any) -> tuple[int, Any]:
        self.requests.append((method, path))
        if self.passwords.get(user) != password:
            return 401, {"error": {"reason": "unable to authenticate user"}}
        if path.startswith("/_security/api_key"):
            return 200, self._respond_to_key(method, path, body)
        if method == "POST" and path.endswith("/_password"):
            self.passwords[path.split("/")[-2]] = body["password"]
            return 200, {}
        if method == "PUT":
            self.resources[path] = body
            return 200, {"acknowledged": True}
        if path == "/_security/_authenticate":
            return 200, {"username": user}
        resource = self.resources.get(path)
        return (200, {path.rpartition("/")[2]: resource}) if resource else (404, {})

    def _respond_to_key(self, method: str, path: str, body: Any) -> Any:
        if method == "POST":
            created = {**body, "id": f"id{len(self.keys)}"}
            self.keys.append(created)
            return {"id": created["id"], "encoded": base64.b64encode(f"{created['id']}:secret".encode()).decode()}
        if method == "PUT":
            [updated] = [api_key for api_key in self.keys if api_key["id"] == path.rpartition("/")[2]]
            updated |= body
            return {"updated": True}
        name = re.search(r"name=([^&]+)", path)
        return {"api_keys": [api_key for api_key in self.keys if name and api_key["name"] == name[1]]}


@pytest.fixture
def cluster() -> Iterator[FakeCluster]:
    fake = FakeCluster()

    class ClusterHandler(LoopbackHandler):
        def respond(self) -> None:
            body = self.read_body()
            login = base64.b64decode(self.headers["authorization"].removeprefix("Basic ")).decode()
            user, _, password = login.partition(":")
            status, response = fake.respond(self.command, self.path, user, password, json.loads(body) if body else None)
            self.send_reply(status, json.dumps(response).encode())

    with run_server(ClusterHandler) as fake.url:
        yield fake


def run_setup(cluster: FakeCluster, *arguments: str, **env: str) -> Result:
    empty_passwords = {"KIBANA_PASSWORD": "", "LIBRARIAN_PASSWORD": ""}
    environment = {"FRONTISPIECE_ELASTICSEARCH_URL": cluster.url, "ELASTIC_PASSWORD": "first", **empty_passwords, **env}
    return CliRunner().invoke(setup, arguments, env=environment)


PASSWORDS = {"KIBANA_PASSWORD": "kibana's", "LIBRARIAN_PASSWORD": "librarian's"}


@pytest.mark.network
def test_first_run_creates_all_resources_and_second_makes_no_changes(cluster: FakeCluster, tmp_path: Path) -> None:
    first = run_setup(cluster, "--keys", str(tmp_path), "--snapshots", "/snapshots", **PASSWORDS)
    assert first.exit_code == 0, first.output
    assert {tuple(path.split("/")[1:3]) for _, path in cluster.write_requests} == {
        *(("_component_template", f"frontispiece-{file.stem}") for file in (MAPPINGS_FOLDER / "components").iterdir()),
        *(("_index_template", f"frontispiece-{index_alias('pictures', kind)}") for kind in TEMPLATE_NAMES),
        *(("_security", kind) for kind in ("role", "user", "api_key")),
        ("_snapshot", "frontispiece"),
        ("_slm", "policy"),
    }
    cluster.requests.clear()
    second = run_setup(cluster, "--keys", str(tmp_path), "--snapshots", "/snapshots", **PASSWORDS)
    assert second.exit_code == 0, second.output
    assert cluster.write_requests == []


@pytest.mark.network
def test_key_file_is_readable_only_by_its_owner_and_is_not_replaced(cluster: FakeCluster, tmp_path: Path) -> None:
    run_setup(cluster, "--keys", str(tmp_path))
    contents = {name: (tmp_path / name / "key").read_text() for name in KEY_OWNERS}
    assert {name: base64.b64decode(text).decode() for name, text in contents.items()} == {
        "api": "id0:secret",
        "indexer": "id1:secret",
    }
    assert {(tmp_path / name / "key").stat().st_mode & 0o777 for name in KEY_OWNERS} == {0o600}
    run_setup(cluster, "--keys", str(tmp_path))
    assert {name: (tmp_path / name / "key").read_text() for name in KEY_OWNERS} == contents


@pytest.mark.network
def test_lost_key_is_replaced_and_outdated_privileges_are_updated(cluster: FakeCluster, tmp_path: Path) -> None:
    run_setup(cluster, "--keys", str(tmp_path))
    (tmp_path / "api" / "key").unlink()
    cluster.keys[1]["role_descriptors"] = {"frontispiece-pictures-indexer": {"cluster": ["all"]}}
    cluster.requests.clear()
    run_setup(cluster, "--keys", str(tmp_path))
    assert cluster.write_requests == [("POST", "/_security/api_key"), ("PUT", "/_security/api_key/id1")]
    assert cluster.keys[1]["role_descriptors"] == api_key_body("indexer", "pictures")["role_descriptors"]


@pytest.mark.network
def test_kibana_password_is_set_and_librarians_is_not_overwritten(cluster: FakeCluster) -> None:
    run_setup(cluster, **PASSWORDS)
    assert cluster.passwords["kibana_system"] == PASSWORDS["KIBANA_PASSWORD"]
    assert cluster.resources["/_security/user/librarian"]["password"] == PASSWORDS["LIBRARIAN_PASSWORD"]
    cluster.resources["/_security/user/librarian"] = {"roles": ["another"]}
    run_setup(cluster, **PASSWORDS)
    user = cluster.resources["/_security/user/librarian"]
    assert (user["roles"], "password" in user) == (["frontispiece-pictures-librarian"], False)


@pytest.mark.network
def test_dry_run_prints_dev_tools_requests_and_sends_none(cluster: FakeCluster) -> None:
    result = run_setup(cluster, "--dry-run", "--snapshots", "/snapshots", "--alias", "prints", **PASSWORDS)
    assert cluster.requests == []
    assert not re.search("kibana's|librarian's", result.output)
    requests = [block.partition("\n") for block in result.output.strip().split("\n\n")]
    request_lines = [request_line for request_line, _, _ in requests]
    assert {"PUT /_security/role/frontispiece-prints-api", "POST /_security/api_key"} <= set(request_lines)
    assert all(json.loads(body) for _, _, body in requests)


@pytest.mark.network
def test_wrong_password_and_unreachable_cluster_are_reported(cluster: FakeCluster) -> None:
    unauthorized = run_setup(cluster, ELASTIC_PASSWORD="another")  # noqa: S106 it opens nothing
    assert isinstance(unauthorized.exception, FrontispieceError)
    assert "401" in str(unauthorized.exception)
    cluster.url = "http://127.0.0.1:9"
    assert "does not answer" in str(run_setup(cluster).exception)


@pytest.mark.network
def test_missing_url_or_password_is_reported(cluster: FakeCluster) -> None:
    without_url = CliRunner().invoke(setup, env={"FRONTISPIECE_ELASTICSEARCH_URL": "", "ELASTIC_PASSWORD": "x"})
    assert "FRONTISPIECE_ELASTICSEARCH_URL" in str(without_url.exception)
    assert "ELASTIC_PASSWORD" in str(run_setup(cluster, ELASTIC_PASSWORD="").exception)


@pytest.mark.parametrize("name", ROLES)
def test_role_covers_only_its_own_alias(name: str) -> None:
    names = [pattern for indices in role(name, "prints")["indices"] for pattern in indices["names"]]
    patterns = [re.compile(pattern.strip("/")) for pattern in names]

    def matches(index_name: str) -> bool:
        return any(pattern.fullmatch(index_name) for pattern in patterns)

    assert all(
        matches(index_name)
        for index_name in ("prints", "prints-v1", "prints-pages", "prints-pages-v12", "prints-books-v2")
    )
    assert not any(
        map(matches, ("prints-other", "prints-v", "prints-very-v1", "my-prints", "prints-pages-old", ".security"))
    )
    assert all(matches(index_name) for index_name in ("prints-runs", "prints-runs-v1"))
    assert matches("prints-unanswered") == (name != "indexer")
    assert not matches("prints-unanswered-v1")


def test_the_service_may_write_unanswered_searches_and_nothing_else() -> None:
    writing = {"create_index", "create_doc", "delete"}
    for indices in role("api", "prints")["indices"]:
        assert writing.isdisjoint(indices["privileges"]) or indices["names"] == ["prints-unanswered"]


def test_resource_matches_normalised_response() -> None:
    """Elasticsearch returns numbers as strings, adds defaults, and wraps each type of resource differently."""
    resource = ClusterResource("", {"index": {"number_of_shards": 1, "hidden": False}, "cluster": []})
    response = {"list": [{"name": "x", "body": {"index": {"number_of_shards": "1", "hidden": "false"}, "more": 1}}]}
    assert resource.is_met_by(response)
    response["list"][0]["body"]["index"]["number_of_shards"] = "2"  # type: ignore[index]
    assert not resource.is_met_by(response)


def test_templates_have_priority_shards_and_replicas() -> None:
    templates = [
        resource.body
        for resource in cluster_resources("prints", shards=3, replicas=2)
        if "_index_template" in resource.path
    ]
    assert {pattern for body in templates for pattern in body["index_patterns"]} == {
        "prints-v*",
        "prints-pages-v*",
        "prints-books-v*",
        "prints-runs-v*",
        "prints-unanswered",
    }
    for body in templates:
        assert body["priority"] > 100
        assert body["template"]["settings"]["index"] == {"number_of_shards": 3, "number_of_replicas": 2}
