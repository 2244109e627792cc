"""`frontispiece kibana`: data views, searches and dashboards between the files and a Kibana."""

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
import httpx

from core.errors import FrontispieceError
from core.settings import Settings
from indexer.kibana import saved_objects as files
from indexer.kibana.saved_objects import ALIAS, FILE_NAMES, SITE, SavedObject

IMPORT_SECONDS = 120


class KibanaClient:
    """The two endpoints that saved objects go through."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def import_objects(self, ndjson: str) -> int:
        """Objects of the same id are replaced; how many there were."""
        file = {"file": ("frontispiece.ndjson", ndjson.encode(), "application/ndjson")}
        result = self._post("/api/saved_objects/_import", params={"overwrite": "true"}, files=file).json()
        if not result["success"]:
            rejected = [
                f"{error['type']} {error['id']}: {error['error']['type']}" for error in result.get("errors", [])
            ]
            raise FrontispieceError(f"Kibana took only {result['successCount']} objects; not {', '.join(rejected)}")
        return int(result["successCount"])

    def export_objects(self, objects: list[SavedObject]) -> str:
        """The named objects and all that they refer to, one a line."""
        references = [{"type": saved_object.type, "id": saved_object.id} for saved_object in objects]
        body = {"objects": references, "includeReferencesDeep": True, "excludeExportDetails": True}
        return self._post("/api/saved_objects/_export", json=body).text

    def _post(self, path: str, **request: Any) -> httpx.Response:
        try:
            response = self._client.post(path, **request)
        except httpx.TransportError as error:
            raise FrontispieceError(f"Kibana at {self._client.base_url} does not answer: {error}") from error
        if response.is_error:
            raise FrontispieceError(f"Kibana refused ({response.status_code}): {response.text[:500]}")
        return response


@click.group()
def kibana() -> None:
    """Data views, searches and dashboards for librarians."""


def _add_connection_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that `push` and `pull` share."""

    @click.option("--url", envvar="KIBANA_URL", default="http://localhost:5601", show_default=True)
    @click.option("--user", default="elastic", show_default=True, help="Its password is in ELASTIC_PASSWORD.")
    @click.option("--site", default=SITE, show_default=True, help="Where readers find the service: links lead there.")
    @click.option("--alias", help="The name that is searched, where it is not that of the settings.")
    @wraps(command)
    def with_options(**options: Any) -> None:
        command(**options)

    return with_options


@kibana.command()
@_add_connection_options
def push(url: str, user: str, site: str, alias: str | None) -> None:
    """Bring the files' objects into Kibana; those of the same id are replaced."""
    replacements = {"alias": (ALIAS, _resolve_alias(alias)), "site": (SITE, site.rstrip("/"))}
    ndjson = "".join(
        f"{files.relocate(saved_object, **replacements).json_line}\n" for saved_object in files.read_objects()
    )
    with _client(url, user) as client:
        count = KibanaClient(client).import_objects(ndjson)
    click.echo(f"{count} objects are in Kibana: {url}/app/dashboards")


@kibana.command()
@click.option("--into", default=files.OBJECTS, type=click.Path(file_okay=False, path_type=Path), help="A folder.")
@_add_connection_options
def pull(into: Path, url: str, user: str, site: str, alias: str | None) -> None:
    """Write what was changed in Kibana into the files, new panels of the dashboards too."""
    with _client(url, user) as client:
        exported = KibanaClient(client).export_objects(files.read_objects())
    replacements = {"alias": (_resolve_alias(alias), ALIAS), "site": (site.rstrip("/"), SITE)}
    objects = [
        files.relocate(SavedObject.from_json_line(line), **replacements) for line in exported.splitlines() if line
    ]
    if unknown := {saved_object.type for saved_object in objects} - FILE_NAMES.keys():
        raise FrontispieceError(f"no file keeps objects of the type {', '.join(sorted(unknown))}; nothing was written")
    into.mkdir(parents=True, exist_ok=True)
    for name in dict.fromkeys(FILE_NAMES.values()):
        file_objects = sorted(
            (saved_object for saved_object in objects if FILE_NAMES[saved_object.type] == name),
            key=lambda saved_object: saved_object.id,
        )
        (into / name).write_text("".join(f"{saved_object.json_line}\n" for saved_object in file_objects), "utf-8")
    click.echo(f"{len(objects)} objects are in {into}")


@kibana.command()
@click.argument("folder", default=files.OBJECTS, type=click.Path(exists=True, file_okay=False, path_type=Path))
def check(folder: Path) -> None:
    """Say which fields, index patterns and references the files name that are not there; needs no Kibana."""
    objects = files.read_objects(folder)
    if problems := files.find_problems(objects, files.mapped_fields()):
        raise FrontispieceError("\n  ".join(["Kibana would not find all that the files name:", *problems]))
    click.echo(f"{len(objects)} objects; all that they name is there")


def _resolve_alias(alias: str | None) -> str:
    return alias or Settings.from_environ().alias


def _client(url: str, user: str) -> httpx.Client:
    password = os.environ.get("ELASTIC_PASSWORD", "")
    # Kibana takes no request that could come from another page's script.
    headers = {"kbn-xsrf": "frontispiece"}
    auth = (user, password) if password else None
    return httpx.Client(base_url=url.rstrip("/"), auth=auth, headers=headers, timeout=IMPORT_SECONDS)
