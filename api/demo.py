"""`frontispiece demo`: start a node, index a folder of books, find copies and serve the pages, in one process."""

import hashlib
import signal
import socket
from pathlib import Path

from api.server import open_listener, serve_on
from core.console import console, print_message
from core.errors import FrontispieceError
from core.settings import Settings
from indexer.commands.families import open_families, update_families
from indexer.commands.run_report import print_report
from indexer.embedded import ElasticsearchNode
from indexer.ingest.progress import show_progress
from indexer.ingest.run import index_sources

SPECIMEN_BOOKS = Path(__file__).parents[1] / "specimen" / "books"


def run_demo(settings: Settings, folder: Path | None, port: int) -> None:
    """Index and serve until Ctrl-C, then stop the node that was started."""
    books_folder = folder or SPECIMEN_BOOKS
    if not books_folder.is_dir():
        raise FrontispieceError(
            "the specimen books are in the checkout only; name a folder of your own: `frontispiece demo FOLDER`"
        )
    settings = _demo_settings(settings, books_folder.resolve())
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with open_listener("127.0.0.1", port, allow_any_port=True) as listener:
            base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            if settings.elasticsearch_url:
                _index_and_serve(settings, settings.elasticsearch_url, books_folder, listener, base_url)
                return
            console.print("starting Elasticsearch…")
            with ElasticsearchNode(settings.data, settings.cache, report_progress=console.print) as node:
                _index_and_serve(settings, node.url, books_folder, listener, base_url)
    except KeyboardInterrupt:
        pass
    console.print("stopped")


def _demo_settings(settings: Settings, books_folder: Path) -> Settings:
    """Return settings with a data folder for each folder of books, so that their indices are separate.

    The demo is for this machine, so it also sends the whole scans of the folder.
    """
    data_folder_name = f"demo-{books_folder.name}-{hashlib.sha256(str(books_folder).encode()).hexdigest()[:8]}"
    return settings.model_copy(
        update={
            "data": settings.data / data_folder_name,
            "models": settings.models or "sscd",
            "scans": settings.scans or str(books_folder),
        }
    )


def _index_and_serve(
    settings: Settings, elasticsearch_url: str, books_folder: Path, listener: socket.socket, base_url: str
) -> None:
    with show_progress() as progress:
        report = index_sources(settings, elasticsearch_url, [str(books_folder)], progress=progress)
    print_report(report)
    with open_families(settings.model_copy(update={"elasticsearch_url": elasticsearch_url})) as family_index:
        update_families(family_index)
    print_message(_welcome_message(base_url, books_folder))
    serve_on(listener, settings, elasticsearch_url)


def _welcome_message(base_url: str, books_folder: Path) -> str:
    """Return the address and three things to try."""
    is_specimen = books_folder == SPECIMEN_BOOKS
    words_example = f"{base_url}/?q=fyr" if is_specimen else f"search for a word of your books at {base_url}"
    query_string = "q=fyr" if is_specimen else "size=3"
    return f"""
  Frontispiece is at {base_url}

  Three things to try:
    1. words        {words_example}
    2. a picture    drop a picture from {books_folder} on the page
    3. a program    curl '{base_url}/api/search?{query_string}'   (see {base_url}/schema)

  Other models: pip install 'frontispiece[models]' adds SigLIP, CLIP and ViT (they need the Hugging Face hub).
  Press Ctrl-C to stop.
"""
