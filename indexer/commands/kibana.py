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
from indexer.kibana.saved_objects import ALIAS, FILES, SITE, SavedObject

IMPORT_SECONDS = 120


class Kibana:
    """The two endpoints that saved objects go through."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def load(self, ndjson: str) -> int:
        """Objects of the same id are replaced; how many there were."""
        file = {"file": ("frontispiece.ndjson", ndjson.encode(), "application/ndjson")}
        answer = self._ask("/api/saved_objects/_import", params={"overwrite": "true"}, files=file).json()
        if not answer["success"]:
            refused = [f"{each['type']} {each['id']}: {each['error']['type']}" for each in answer.get("errors", [])]
            raise FrontispieceError(f"Kibana took only {answer['successCount']} objects; not {', '.join(refused)}")
        return int(answer["successCount"])

    def save(self, objects: list[SavedObject]) -> str:
        """The named objects and all that they refer to, one a line."""
        wanted = [{"type": each.type, "id": each.id} for each in objects]
        body = {"objects": wanted, "includeReferencesDeep": True, "excludeExportDetails": True}
        return self._ask("/api/saved_objects/_export", json=body).text

    def _ask(self, path: str, **request: Any) -> httpx.Response:
        try:
            answer = self._client.post(path, **request)
        except httpx.TransportError as error:
            raise FrontispieceError(f"Kibana at {self._client.base_url} does not answer: {error}") from error
        if answer.is_error:
            raise FrontispieceError(f"Kibana refused ({answer.status_code}): {answer.text[:500]}")
        return answer


@click.group()
def kibana() -> None:
    """Data views, searches and dashboards for librarians."""


def _where(command: Callable[..., None]) -> Callable[..., None]:
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
@_where
def push(url: str, user: str, site: str, alias: str | None) -> None:
    """Bring the files' objects into Kibana; those of the same id are replaced."""
    to = {"alias": (ALIAS, _alias(alias)), "site": (SITE, site.rstrip("/"))}
    ndjson = "".join(f"{files.moved(each, **to).line}\n" for each in files.read())
    with _client(url, user) as client:
        count = Kibana(client).load(ndjson)
    click.echo(f"{count} objects are in Kibana: {url}/app/dashboards")


@kibana.command()
@click.option("--into", default=files.OBJECTS, type=click.Path(file_okay=False, path_type=Path), help="A folder.")
@_where
def pull(into: Path, url: str, user: str, site: str, alias: str | None) -> None:
    """Write what was changed in Kibana into the files, new panels of the dashboards too."""
    with _client(url, user) as client:
        exported = Kibana(client).save(files.read())
    back = {"alias": (_alias(alias), ALIAS), "site": (site.rstrip("/"), SITE)}
    objects = [files.moved(SavedObject.of(line), **back) for line in exported.splitlines() if line]
    if unknown := {each.type for each in objects} - FILES.keys():
        raise FrontispieceError(f"no file keeps objects of the type {', '.join(sorted(unknown))}; nothing was written")
    into.mkdir(parents=True, exist_ok=True)
    for name in dict.fromkeys(FILES.values()):
        kept = sorted((each for each in objects if FILES[each.type] == name), key=lambda each: each.id)
        (into / name).write_text("".join(f"{each.line}\n" for each in kept), "utf-8")
    click.echo(f"{len(objects)} objects are in {into}")


@kibana.command()
@click.argument("folder", default=files.OBJECTS, type=click.Path(exists=True, file_okay=False, path_type=Path))
def check(folder: Path) -> None:
    """Say which fields, index patterns and references the files name that are not there; needs no Kibana."""
    objects = files.read(folder)
    if found := files.problems(objects, files.mapped_fields()):
        raise FrontispieceError("\n  ".join(["Kibana would not find all that the files name:", *found]))
    click.echo(f"{len(objects)} objects; all that they name is there")


def _alias(given: str | None) -> str:
    return given or Settings.from_environ().alias


def _client(url: str, user: str) -> httpx.Client:
    password = os.environ.get("ELASTIC_PASSWORD", "")
    # Kibana takes no request that could come from another page's script.
    headers = {"kbn-xsrf": "frontispiece"}
    auth = (user, password) if password else None
    return httpx.Client(base_url=url.rstrip("/"), auth=auth, headers=headers, timeout=IMPORT_SECONDS)
