"""A name for weights that nobody named: their hash."""

import hashlib
from pathlib import Path

from core.errors import EncoderUnavailable


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def revision_from_digest(digest: str) -> str:
    """Enough of a hash to tell weights apart, and to read."""
    return f"sha256:{digest[:12]}"


def check_revision(path: Path, revision: str, package: str, version: str) -> None:
    """`EncoderUnavailable` where the package's file is another than the one that this release knows."""
    if (actual_revision := revision_from_digest(file_sha256(path))) != revision:
        raise EncoderUnavailable(
            f"{path.name} of {package} is {actual_revision}, and this release knows {revision}: pip install "
            f"{package}=={version}"
        )
