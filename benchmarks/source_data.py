"""The input of benchmarks: real pages and pictures beside the checkout, and the specimen books."""

import gzip
from pathlib import Path

from core.errors import AltoError
from indexer.formats import alto

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"
SPECIMEN = ROOT / "specimen" / "books"


def read_alto_pages(*folders: Path) -> list[bytes]:
    """Return the ALTO files below these folders that can be read, decompressed."""
    files = [path.read_bytes() for folder in folders for path in sorted(folder.rglob("*.xml*"))]
    contents = [gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data for data in files]
    return [data for data in contents if _is_readable(data)]


def _is_readable(data: bytes) -> bool:
    try:
        alto.read_pages(data, "page")
    except AltoError:
        return False
    return True
