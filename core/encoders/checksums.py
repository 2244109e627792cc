"""Revisions of weights that have no published version: their hash."""

from pathlib import Path

from core.errors import EncoderUnavailable
from core.files import file_sha256


def revision_from_digest(digest: str) -> str:
    """Return a revision short enough to read and long enough to tell weights apart."""
    return f"sha256:{digest[:12]}"


def check_revision(path: Path, revision: str, package: str, version: str) -> None:
    """Raise EncoderUnavailable if the file of the package is not the one that this release expects."""
    if (actual_revision := revision_from_digest(file_sha256(path))) != revision:
        raise EncoderUnavailable(
            f"{path.name} of {package} is {actual_revision}, but this release expects {revision}: pip install "
            f"{package}=={version}"
        )
