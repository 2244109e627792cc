"""Where a model's weights lie: a folder of the user's, or the Hugging Face hub's cache."""

from dataclasses import dataclass
from pathlib import Path

import httpx
import huggingface_hub
from huggingface_hub.errors import LocalEntryNotFoundError

from core.encoders.checksums import sha256, short
from core.encoders.registry import EncoderSpec
from core.errors import EncoderUnavailable, HubUnreachable
from core.settings import PREFIX, Settings

FILE = "model.safetensors"
FILES = ["*.json", "*.txt", "spiece.model", FILE]
"""Configuration, vocabulary, weights. Never a pickle: opening one runs what is in it."""

PATIENCE = 10.0
"""Seconds for the hub to answer at all."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A folder with everything that a model loads, and which weights they are."""

    folder: Path
    revision: str


def find(spec: EncoderSpec, settings: Settings) -> Weights:
    """The user's own folder where there is one, else the pinned revision from the hub's cache or from the hub."""
    if settings.weights is not None:
        return _own(settings.weights / spec.name)
    folder = _cached(spec) or _downloaded(spec)
    return Weights(folder, spec.revision)


def _cached(spec: EncoderSpec) -> Path | None:
    """A revision is a commit: what was downloaded once is the same for ever, and needs no network."""
    try:
        folder = Path(_snapshot(spec, local_files_only=True))
    except LocalEntryNotFoundError:
        return None
    return folder if (folder / FILE).is_file() else None


def _downloaded(spec: EncoderSpec) -> Path:
    try:
        if not huggingface_hub.constants.HF_HUB_OFFLINE:
            # The hub's library tries for half a minute a model before it gives up.
            httpx.head(huggingface_hub.constants.ENDPOINT, timeout=PATIENCE)
        return Path(_snapshot(spec, local_files_only=False))
    except httpx.TransportError as error:
        raise HubUnreachable(_ways_out(spec, error)) from error
    except Exception as error:
        # Its HTTP client's errors come through too, and which client that is changed between its versions.
        raise EncoderUnavailable(_ways_out(spec, error)) from error


def _snapshot(spec: EncoderSpec, *, local_files_only: bool) -> str:
    return huggingface_hub.snapshot_download(
        spec.model, revision=spec.revision, allow_patterns=FILES, local_files_only=local_files_only
    )


def _own(folder: Path) -> Weights:
    file = folder / FILE
    if not file.is_file():
        raise EncoderUnavailable(
            f"{PREFIX}WEIGHTS: {folder} has no {FILE}; it must hold what the model's repository holds "
            "(pickled weights such as pytorch_model.bin are not opened)"
        )
    digest = sha256(file)
    return Weights(folder, _noted_commit(folder, digest) or short(digest))


def _noted_commit(folder: Path, digest: str) -> str:
    """The commit that `hf download --local-dir` noted beside the file, where the file is still that one.

    So an index that was filled from the hub can be searched from a copied folder.
    """
    note = folder / ".cache" / "huggingface" / "download" / f"{FILE}.metadata"
    try:
        commit, etag, *_ = note.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return ""
    return commit if etag == digest else ""


def _ways_out(spec: EncoderSpec, error: Exception) -> str:
    cause = str(error).strip().partition("\n")[0].partition(". ")[0].rstrip(".")
    return (
        f"the weights of {spec.name} ({spec.model}, revision {spec.revision}) could not be had from the Hugging Face "
        f"hub: {cause}. Without the hub, set {PREFIX}WEIGHTS to a folder that holds a folder {spec.name} with the "
        "repository's files, or fill the hub's cache on another machine, copy it here and set HF_HUB_OFFLINE=1"
    )
