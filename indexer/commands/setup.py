"""`frontispiece setup`: prepares a cluster once, and changes nothing the second time."""

import base64
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import httpx

from core.errors import FrontispieceError
from core.settings import Settings
from core.tls import create_ssl_context
from indexer.setup import cluster_resources as plan

KIBANA_USER = "kibana_system"
"""Elasticsearch's own user for Kibana; all that it lacks is a password."""

PrintLine = Callable[[str], None]


class Administrator:
    """Speaks to the cluster as somebody who may make roles and keys."""

    def __init__(self, client: httpx.Client, print_line: PrintLine) -> None:
        self._client = client
        self._print_line = print_line

    def request(self, method: str, path: str, body: plan.RequestBody | None = None) -> Any:
        """The answer; None where there is no such thing."""
        try:
            response = self._client.request(method, path, json=body)
        except httpx.TransportError as error:
            raise FrontispieceError(f"Elasticsearch at {self._client.base_url} does not answer: {error}") from error
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        if response.is_error:
            raise FrontispieceError(f"Elasticsearch refused ({response.status_code}) {method} {path}: {response.text}")
        return response.json()

    def ensure_resource(self, resource: plan.ClusterResource) -> None:
        if resource.is_met_by(existing := self.request("GET", resource.path)):
            self._print_line(f"as it is  {resource.path}")
            return
        # A password is for the first time: the person may have changed it since.
        secret = (resource.secret or {}) if existing is None else {}
        self.request("PUT", resource.path, {**resource.body, **secret})
        self._print_line(f"put       {resource.path}")

    def ensure_key(self, name: str, alias: str, folder: Path) -> None:
        """Makes the key where its file has none that is valid, and brings its privileges up to date."""
        body, file = plan.api_key_body(name, alias), folder / name / "key"
        existing_keys = (self.request("GET", f"/_security/api_key?name={body['name']}&active_only=true") or {})[
            "api_keys"
        ]
        current_key = next(
            (existing_key for existing_key in existing_keys if existing_key["id"] == _read_key_id(file)), None
        )
        if current_key is None:
            _write_key(file, self.request("POST", "/_security/api_key", body)["encoded"])
            self._print_line(f"new key   {file}")
        elif not plan.ClusterResource("", body["role_descriptors"]).is_met_by(current_key):
            self.request(
                "PUT", f"/_security/api_key/{current_key['id']}", {"role_descriptors": body["role_descriptors"]}
            )
            self._print_line(f"updated   {file}")
        else:
            self._print_line(f"as it is  {file}")

    def set_kibana_password(self, password: str) -> None:
        try:
            response = self._client.get("/_security/_authenticate", auth=(KIBANA_USER, password))
        except httpx.TransportError as error:
            raise FrontispieceError(f"Elasticsearch at {self._client.base_url} does not answer: {error}") from error
        if response.is_success:
            self._print_line(f"as it is  the password of {KIBANA_USER}")
            return
        self.request("POST", f"/_security/user/{KIBANA_USER}/_password", {"password": password})
        self._print_line(f"set       the password of {KIBANA_USER}")


@click.command()
@click.option("--dry-run", is_flag=True, help="Print the requests as Kibana's Dev Tools take them; ask nobody.")
@click.option("--alias", help="The name that is searched, where it is not that of the settings.")
@click.option(
    "--keys",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder for the API keys: FOLDER/api/key and FOLDER/indexer/key, readable by their owner alone.",
)
@click.option("--user", default="elastic", show_default=True, help="Who may make roles and keys.")
@click.option(
    "--snapshots", default="", help="A folder of the nodes' `path.repo`: a snapshot of the indices each night."
)
@click.option("--shards", default=1, show_default=True, type=click.IntRange(1, 1024), help="Of each index.")
@click.option("--replicas", default=0, show_default=True, type=click.IntRange(0, 20), help="Of each shard.")
def setup(
    *, dry_run: bool, alias: str | None, keys: Path | None, user: str, snapshots: str, shards: int, replicas: int
) -> None:
    """Prepare a cluster: templates, roles, keys, snapshots. Again: changes nothing.

    Passwords come from the environment: ELASTIC_PASSWORD is that of --user; with LIBRARIAN_PASSWORD a user `librarian`
    is made, with KIBANA_PASSWORD Kibana's own user gets it.
    """
    settings = Settings.from_environ()
    resolved_alias = alias or settings.alias
    librarian = os.environ.get("LIBRARIAN_PASSWORD", "")
    resources = plan.cluster_resources(
        resolved_alias, shards=shards, replicas=replicas, snapshots=snapshots, librarian=librarian
    )
    if dry_run:
        click.echo("\n\n".join(_printable_requests(resources, resolved_alias)))
        return
    with _client(settings, user) as client:
        administrator = Administrator(client, click.echo)
        for resource in resources:
            administrator.ensure_resource(resource)
        if password := os.environ.get("KIBANA_PASSWORD"):
            administrator.set_kibana_password(password)
        if keys:
            for owner in plan.KEY_OWNERS:
                administrator.ensure_key(owner, resolved_alias, keys)
    click.echo(_next_step(keys))


def _printable_requests(resources: list[plan.ClusterResource], alias: str) -> list[str]:
    """A password is never printed."""
    put_requests = [
        plan.dev_tools_request("PUT", resource.path, resource.body | dict.fromkeys(resource.secret or {}, "…"))
        for resource in resources
    ]
    return put_requests + [
        plan.dev_tools_request("POST", "/_security/api_key", plan.api_key_body(owner, alias))
        for owner in plan.KEY_OWNERS
    ]


def _client(settings: Settings, user: str) -> httpx.Client:
    if not settings.elasticsearch_url:
        raise FrontispieceError("set FRONTISPIECE_ELASTICSEARCH_URL; the embedded node needs no setup")
    password = os.environ.get("ELASTIC_PASSWORD")
    if not password:
        if not sys.stdin.isatty():
            raise FrontispieceError("ELASTIC_PASSWORD is not set, and there is nobody to ask for it")
        password = click.prompt(f"The password of {user}", hide_input=True, err=True)
    return httpx.Client(
        base_url=settings.elasticsearch_url, auth=(user, password), verify=create_ssl_context(settings), timeout=60
    )


def _next_step(keys: Path | None) -> str:
    if keys is None:
        return "next: the same with --keys FOLDER makes the API keys"
    return (
        f"next: FRONTISPIECE_ELASTICSEARCH_API_KEY=$(cat {keys}/indexer/key) frontispiece index BOOKS, "
        f"and the same with {keys}/api/key frontispiece serve"
    )


def _read_key_id(file: Path) -> str:
    """The id of the key in a file; empty where there is none."""
    try:
        return base64.b64decode(file.read_text("ascii"), validate=True).decode().partition(":")[0]
    except (FileNotFoundError, ValueError):
        return ""


def _write_key(file: Path, encoded: str) -> None:
    """Nobody else may read it, not even for the moment between making the file and closing it to them."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(encoded)
