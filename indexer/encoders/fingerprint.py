"""A name for weights that nobody named: their hash."""

import hashlib
from pathlib import Path


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def short(digest: str) -> str:
    """Enough of a hash to tell weights apart, and to read."""
    return f"sha256:{digest[:12]}"
