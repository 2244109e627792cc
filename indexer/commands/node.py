"""`frontispiece node`: run an Elasticsearch node in the background."""

from typing import Any

import click
import httpx

from core.errors import FrontispieceError, NodeError
from core.settings import Settings
from indexer.embedded.node import HEAP, ElasticsearchNode
from indexer.embedded.node_folder import NodeFolder
from indexer.embedded.state import RunningNode, get_json, running_node, stop, write_state

EXIT_NOT_RUNNING = 3
"""The exit status of `status` if no node runs, as in the Linux Standard Base."""


class NodeGroup(click.Group):
    """Prints errors as a sentence, also if the group is run on its own."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except FrontispieceError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=NodeGroup, short_help="Run an Elasticsearch node in the background, without Docker.")
def node() -> None:
    """Run an Elasticsearch node in the background, without Docker and without installed Java.

    It is meant for trying Frontispiece out and for small collections on one machine.
    """


@node.command()
@click.option("--heap", default=HEAP, show_default=True, help="The heap size of Java, such as 512m or 4g.")
def start(heap: str) -> None:
    """Start the node, or print its address if it already runs.

    Waits as long as the node makes progress, and gives up after two minutes without any.
    """
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
        _print_message(
            "FRONTISPIECE_ELASTICSEARCH_URL is set, so the other commands use that cluster and not this node"
        )


@node.command()
@click.pass_context
def status(context: click.Context) -> None:
    """Print the address and state of the node.

    The exit status is 3 if it does not run.
    """
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
    """Stop the background node; its indices are kept."""
    stopped_node = stop(_load_settings().data)
    click.echo(f"stopped (process {stopped_node.pid})" if stopped_node else "not running")


def _load_settings() -> Settings:
    return click.get_current_context().find_object(Settings) or Settings.from_environ()


def _print_message(message: str) -> None:
    click.echo(message, err=True)
