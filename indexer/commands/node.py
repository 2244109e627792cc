"""`frontispiece node`: an Elasticsearch in the background, for who has none."""

from typing import Any

import click
import httpx

from core.errors import FrontispieceError, NodeError
from core.settings import Settings
from indexer.embedded.layout import Layout
from indexer.embedded.node import HEAP, ElasticsearchNode
from indexer.embedded.state import RunningNode, ask, running_node, stop, write_state

NOT_RUNNING = 3
"""The exit status of `status` when no node runs, as LSB defines it for services."""


class NodeGroup(click.Group):
    """Says what went wrong in a sentence, whoever mounts it."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except FrontispieceError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=NodeGroup)
def node() -> None:
    """Run an Elasticsearch in the background, without docker and without Java."""


@node.command()
@click.option("--heap", default=HEAP, show_default=True, help="Memory for Java, 512m or 4g.")
def start(heap: str) -> None:
    """Start the node, or say where it already runs."""
    settings = _settings()
    if found := running_node(settings.data):
        click.echo(f"already running at {found.url} (process {found.pid})")
        return
    with ElasticsearchNode(settings.data, settings.cache, heap, progress=_tell) as started:
        found = RunningNode(url=started.url, pid=started.pid)
        write_state(settings.data, found)
        started.detach()
    click.echo(f"running at {found.url} (process {found.pid})")
    if settings.elasticsearch_url:
        _tell("FRONTISPIECE_ELASTICSEARCH_URL is set, so the other commands use that one and not this node")


@node.command()
@click.pass_context
def status(context: click.Context) -> None:
    """Say whether the node runs, and where; exit with 3 if it does not."""
    data = _settings().data
    found = running_node(data)
    if found is None:
        click.echo("not running")
        context.exit(NOT_RUNNING)
    try:
        version = ask(found, "/")["version"]["number"]
        indices = len(ask(found, "/_cat/indices?format=json&h=index"))
    except httpx.HTTPError as error:
        raise NodeError(f"the node at {found.url} does not answer: {error}") from error
    rows = {
        "url": found.url,
        "pid": found.pid,
        "version": version,
        "indices": indices,
        "data": Layout.below(data).folder,
    }
    for name, value in rows.items():
        click.echo(f"{name:<8} {value}")


@node.command("stop")
def stop_command() -> None:
    """End the node that `start` made; its index stays."""
    ended = stop(_settings().data)
    click.echo(f"stopped (process {ended.pid})" if ended else "not running")


def _settings() -> Settings:
    return click.get_current_context().find_object(Settings) or Settings.from_environ()


def _tell(message: str) -> None:
    click.echo(message, err=True)
