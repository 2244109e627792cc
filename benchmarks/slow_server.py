"""A IIIF server on loopback that takes a fixed time for each answer, in a process of its own."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen

from PIL import Image

from tests.iiif_server import run_iiif_server


@contextmanager
def run_slow_server(folder: Path, delay_seconds: float) -> Iterator[str]:
    """Yield the URL of a server with the pictures of a folder; its manifest is `/3/manifest`."""
    command = [sys.executable, "-m", "benchmarks.slow_server", str(folder), str(delay_seconds)]
    with Popen(command, stdout=PIPE, text=True) as process:  # noqa: S603 this very program
        try:
            yield process.stdout.readline().strip() if process.stdout else ""
        finally:
            process.terminate()


def serve(folder: Path, delay_seconds: float) -> None:
    """Serve until the process is ended."""
    with run_iiif_server() as server:
        for path in sorted(folder.glob("*.jpg")):
            server.scans[path.stem] = Image.open(path).convert("RGB")
            server.documents[f"/files/{path.stem}"] = path.read_bytes()
        server.delay_seconds = delay_seconds
        print(server.url, flush=True)
        while True:
            time.sleep(60)


if __name__ == "__main__":
    serve(Path(sys.argv[1]), float(sys.argv[2]))
