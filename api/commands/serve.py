"""`frontispiece serve`: the search page and the API."""

import click

from core.settings import Settings
from indexer.elasticsearch.client import elasticsearch_url


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 means all.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
def serve(host: str, port: int) -> None:
    """Serve the search page and the API."""
    from api.server import run_server  # noqa: PLC0415 - other commands start without the service

    settings = Settings.from_environ()
    run_server(settings, elasticsearch_url(settings), host, port)
