"""`frontispiece demo`: a node, books and the page in one process, for the first five minutes."""

import hashlib
import signal
import socket
from pathlib import Path

from rich.console import Console

from api.server import bound, serve_on
from core.errors import FrontispieceError
from core.settings import Settings
from indexer.cli import index_sources, show
from indexer.embedded import ElasticsearchNode

SPECIMEN = Path(__file__).parents[1] / "specimen" / "books"

console = Console(stderr=True, soft_wrap=True)


def run_demo(settings: Settings, folder: Path | None, port: int) -> None:
    """Blocks until Ctrl-C; nothing that it started is left."""
    books = folder or SPECIMEN
    if not books.is_dir():
        raise FrontispieceError(
            "the specimen books lie in the checkout only; name a folder: `frontispiece demo FOLDER`"
        )
    settings = _for_demo(settings, books.resolve())
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with bound("127.0.0.1", port, or_next=True) as listener:
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            if settings.elasticsearch_url:
                _index_and_serve(settings, settings.elasticsearch_url, books, listener, address)
                return
            console.print("starting Elasticsearch…")
            with ElasticsearchNode(settings.data, settings.cache, progress=console.print) as node:
                _index_and_serve(settings, node.url, books, listener, address)
    except KeyboardInterrupt:
        pass
    console.print("everything is stopped")


def _for_demo(settings: Settings, books: Path) -> Settings:
    """Each folder has an index of its own, so that a second run finds its own books and no others."""
    name = f"demo-{books.name}-{hashlib.sha256(str(books).encode()).hexdigest()[:8]}"
    return settings.model_copy(update={"data": settings.data / name, "models": settings.models or "sscd"})


def _index_and_serve(settings: Settings, url: str, books: Path, listener: socket.socket, address: str) -> None:
    show(index_sources(settings, url, [str(books)]))
    console.print(_invitation(address, books), highlight=False, markup=False)
    serve_on(listener, settings, url)


def _invitation(address: str, books: Path) -> str:
    """The address and three things to try."""
    known = books == SPECIMEN
    words = f"{address}/?q=fyr" if known else f"a word that is printed in your books, at {address}"
    asked = "q=fyr" if known else "size=3"
    return f"""
  Frontispiece is at {address}

  Three things to try:
    1. words        {words}
    2. a picture    drop any picture of these books on the page: {books}
    3. a program    curl '{address}/api/search?{asked}'   (all of it: {address}/schema)

  Other models: pip install 'frontispiece[models]' adds SigLIP, CLIP and ViT (they need the Hugging Face hub).
  Ctrl-C ends everything.
"""
