"""The HTTP client with which `frontispiece setup` creates resources in a cluster."""

import base64
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from core.errors import FrontispieceError
from core.settings import Settings
from core.tls import create_ssl_context
from indexer.setup.cluster_resources import ClusterResource, RequestBody, api_key_body

KIBANA_USER = "kibana_system"
"""Elasticsearch's built-in user for Kibana; it exists in every cluster but has no password."""

PrintLine = Callable[[str], None]


class ClusterAdministrator:
    """Creates and updates resources as a user who may manage security; prints one line per resource."""

    def __init__(self, client: httpx.Client, print_line: PrintLine) -> None:
        self._client = client
        self._print_line = print_line

    def request(self, method: str, path: str, body: RequestBody | None = None) -> Any:
        """Send a request and return the decoded response; None for 404."""
        response = self._send(method, path, json=body)
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        if response.is_error:
            raise FrontispieceError(f"Elasticsearch refused ({response.status_code}) {method} {path}: {response.text}")
        return response.json()

    def ensure_resource(self, resource: ClusterResource) -> None:
        """Create a resource, or update it if it differs."""
        existing = self.request("GET", resource.path)
        if resource.is_met_by(existing):
            self._print_line(f"unchanged {resource.path}")
            return
        # A password is only set when the user is created: the person may have changed it since.
        secret = (resource.secret or {}) if existing is None else {}
        self.request("PUT", resource.path, {**resource.body, **secret})
        self._print_line(f"put       {resource.path}")

    def ensure_key(self, name: str, alias: str, folder: Path) -> None:
        """Create an API key in `<folder>/<name>/key`, or update the privileges of the valid key in that file."""
        body, file = api_key_body(name, alias), folder / name / "key"
        active_keys = self.request("GET", f"/_security/api_key?name={body['name']}&active_only=true") or {}
        key_id = _read_key_id(file)
        current_key = next((api_key for api_key in active_keys["api_keys"] if api_key["id"] == key_id), None)
        descriptors = {"role_descriptors": body["role_descriptors"]}
        if current_key is None:
            _write_key(file, self.request("POST", "/_security/api_key", body)["encoded"])
            self._print_line(f"new key   {file}")
        elif not ClusterResource("", body["role_descriptors"]).is_met_by(current_key):
            self.request("PUT", f"/_security/api_key/{key_id}", descriptors)
            self._print_line(f"updated   {file}")
        else:
            self._print_line(f"unchanged {file}")

    def set_kibana_password(self, password: str) -> None:
        """Set the password of Kibana's own user, unless it already has this one."""
        response = self._send("GET", "/_security/_authenticate", auth=(KIBANA_USER, password))
        if response.is_success:
            self._print_line(f"unchanged the password of {KIBANA_USER}")
            return
        self.request("POST", f"/_security/user/{KIBANA_USER}/_password", {"password": password})
        self._print_line(f"set       the password of {KIBANA_USER}")

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            return self._client.request(method, path, **options)
        except httpx.TransportError as error:
            raise FrontispieceError(f"Elasticsearch at {self._client.base_url} does not answer: {error}") from error


@contextmanager
def connect_as_administrator(
    settings: Settings, user: str, password: str, print_line: PrintLine
) -> Iterator[ClusterAdministrator]:
    """Open a client for the cluster of the settings."""
    with httpx.Client(
        base_url=settings.elasticsearch_url, auth=(user, password), verify=create_ssl_context(settings), timeout=60
    ) as client:
        yield ClusterAdministrator(client, print_line)


def _read_key_id(file: Path) -> str:
    """Return the id of the API key in a file; empty if the file is missing or malformed."""
    try:
        return base64.b64decode(file.read_text("ascii"), validate=True).decode().partition(":")[0]
    except (FileNotFoundError, ValueError):
        return ""


def _write_key(file: Path, encoded: str) -> None:
    """Write a file that only its owner can read, from the moment it is created."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(encoded)
