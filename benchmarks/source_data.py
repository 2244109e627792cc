"""The input of benchmarks: real pages and pictures beside the checkout, and the specimen books."""

import gzip
from pathlib import Path

from core.errors import AltoError
from indexer.formats import alto, mets

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"
SPECIMEN = ROOT / "specimen" / "books"


def read_alto_pages(*folders: Path) -> list[bytes]:
    """Return the ALTO files below these folders that can be read, decompressed."""
    files = [path.read_bytes() for folder in folders for path in sorted(folder.rglob("*.xml*"))]
    contents = [gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data for data in files]
    return [data for data in contents if _is_readable(data)]


def read_mets_files() -> list[bytes]:
    """Return METS documents of libraries that list pages, or those of the specimen books."""
    paths = sorted((SHARED / "mets" if SHARED.is_dir() else SPECIMEN).rglob("*.xml"))
    return [path.read_bytes() for path in paths if mets.count_mets(path) and mets.read_mets(path).pages]


def _is_readable(data: bytes) -> bool:
    try:
        alto.read_pages(data, "page")
    except AltoError:
        return False
    return True
