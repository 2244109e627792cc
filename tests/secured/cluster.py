"""A set-up secured cluster: its keys, and the product's commands with them."""

import base64
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.paths import ROOT
from tests.secured.node import ADMIN, PASSWORD

ALIAS = "secured"
LIBRARIAN_LOGIN = ("librarian", "a-librarian-of-the-tests")

VALID_BODIES = {
    "/_security/user": '{"roles": ["superuser"], "password": "password-of-mine"}',
    "/_security/role": '{"cluster": ["all"]}',
    "/_index_template": '{"index_patterns": ["mine-*"]}',
    "/_component_template": '{"template": {}}',
    "_bulk": '{"delete": {"_id": "1"}}\n',
    f"/{ALIAS}/_update": '{"doc": {"title": "another"}}',
    "/_cluster": '{"persistent": {"cluster.routing.allocation.enable": "none"}}',
    "_settings": '{"index": {"number_of_replicas": 2}}',
}
"""The path before the last part, or the last part → what Elasticsearch would accept from an administrator."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """The address of a secured node, and the folder of the keys that `frontispiece setup` made for it."""

    url: str
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    """Settings beside those that every command gets."""

    def run(self, *arguments: str, key: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the product with an API key."""
        return subprocess.run(
            [str(Path(sys.executable).parent / "frontispiece"), *arguments],
            env=self.variables(key) | variables,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    def set_up(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `frontispiece setup` as the administrator."""
        return self.run(
            *("setup", "--user", ADMIN, "--keys", str(self.folder / "keys"), *arguments),
            ELASTIC_PASSWORD=PASSWORD,
            LIBRARIAN_PASSWORD=LIBRARIAN_LOGIN[1],
        )

    def variables(self, key: str) -> dict[str, str]:
        """Return the environment of a command."""
        return {
            **os.environ,
            "FRONTISPIECE_ELASTICSEARCH_URL": self.url,
            "FRONTISPIECE_ELASTICSEARCH_API_KEY": key,
            "FRONTISPIECE_ALIAS": ALIAS,
            "FRONTISPIECE_DATA": str(self.folder / "data"),
            "FRONTISPIECE_MODELS": "sscd",
            **self.environment,
        }

    def key(self, owner: str) -> str:
        """Return the API key of the service (`api`) or of the indexer."""
        return (self.folder / "keys" / owner / "key").read_text("ascii")

    def request(self, method: str, path: str, *, key: str = "", user: tuple[str, str] | None = None) -> httpx.Response:
        """Send a request directly to the node."""
        headers = {"authorization": f"ApiKey {key}"} if key else {}
        body = VALID_BODIES.get(path.rpartition("/")[0], VALID_BODIES.get(path.rpartition("/")[2], "{}"))
        headers |= {"content-type": "application/json"}
        content = body if method in {"POST", "PUT"} else None
        with httpx.Client(auth=user, headers=headers, trust_env=False, timeout=120) as client:
            return client.request(method, self.url + path, content=content)

    def picture_fields(self, field: str) -> dict[str, Any]:
        """Return picture → the value of a field, of up to 1,000 pictures, as the service's key reads them."""
        path = f"/{ALIAS}/_search?size=1000&sort=_doc&_source={field}"
        hits = self.request("POST", path, key=self.key("api")).raise_for_status().json()["hits"]["hits"]
        return {hit["_id"]: hit["_source"].get(field) for hit in hits}

    def figures(self) -> list[str]:
        """Return the ids of the pictures that are no decoration, in a fixed order: each has vectors and features."""
        return sorted(id_ for id_, decoration in self.picture_fields("decoration").items() if decoration is None)

    def index_names(self) -> set[str]:
        """Return the indices of the collection, of its versions and of evaluations, as the administrator sees them."""
        return set(self.request("GET", f"/{ALIAS}*", user=(ADMIN, PASSWORD)).raise_for_status().json())

    def new_key(self, body: dict[str, object]) -> str:
        """Make an API key as the administrator."""
        with httpx.Client(auth=(ADMIN, PASSWORD), trust_env=False, timeout=120) as client:
            response = client.post(f"{self.url}/_security/api_key", json=body).raise_for_status()
        return str(response.json()["encoded"])

    def accepts_key(self, key: str) -> bool:
        """Return whether the node lets a key in, whatever it may do there."""
        return self.request("GET", "/_security/_authenticate", key=key).status_code == 200

    def revoke_key(self, key: str) -> None:
        """Invalidate an API key as the administrator."""
        key_id = base64.b64decode(key).decode().partition(":")[0]
        with httpx.Client(auth=(ADMIN, PASSWORD), trust_env=False, timeout=120) as client:
            client.request("DELETE", f"{self.url}/_security/api_key", json={"ids": [key_id]}).raise_for_status()
