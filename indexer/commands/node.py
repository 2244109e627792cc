"""`frontispiece node`: an Elasticsearch in the background, for who has none."""

from typing import Any

import click
import httpx

from core.errors import FrontispieceError, NodeError
from core.settings import Settings
from indexer.embedded.node import HEAP, ElasticsearchNode
from indexer.embedded.node_folder import NodeFolder
from indexer.embedded.state import RunningNode, get_json, running_node, stop, write_state

EXIT_NOT_RUNNING = 3
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
    settings = _load_settings()
    if background_node := running_node(settings.data):
        click.echo(f"already running at {background_node.url} (process {background_node.pid})")
        return
    with ElasticsearchNode(settings.data, settings.cache, heap, report_progress=_print_message) as embedded_node:
        background_node = RunningNode(url=embedded_node.url, pid=embedded_node.pid)
        write_state(settings.data, background_node)
        embedded_node.detach()
    click.echo(f"running at {background_node.url} (process {background_node.pid})")
    if settings.elasticsearch_url:
        _print_message("FRONTISPIECE_ELASTICSEARCH_URL is set, so the other commands use that one and not this node")


@node.command()
@click.pass_context
def status(context: click.Context) -> None:
    """Say whether the node runs, and where; exit with 3 if it does not."""
    data = _load_settings().data
    background_node = running_node(data)
    if background_node is None:
        click.echo("not running")
        context.exit(EXIT_NOT_RUNNING)
    try:
        version = get_json(background_node, "/")["version"]["number"]
        indices = len(get_json(background_node, "/_cat/indices?format=json&h=index"))
    except httpx.HTTPError as error:
        raise NodeError(f"the node at {background_node.url} does not answer: {error}") from error
    rows = {
        "url": background_node.url,
        "pid": background_node.pid,
        "version": version,
        "indices": indices,
        "data": NodeFolder.from_data_folder(data).path,
    }
    for name, value in rows.items():
        click.echo(f"{name:<8} {value}")


@node.command("stop")
def stop_command() -> None:
    """End the node that `start` made; its index stays."""
    stopped_node = stop(_load_settings().data)
    click.echo(f"stopped (process {stopped_node.pid})" if stopped_node else "not running")


def _load_settings() -> Settings:
    return click.get_current_context().find_object(Settings) or Settings.from_environ()


def _print_message(message: str) -> None:
    click.echo(message, err=True)
