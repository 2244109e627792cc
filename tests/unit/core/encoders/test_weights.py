"""Where weights are found, and the errors if they are not."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import huggingface_hub
import pytest

from core.encoders import SPECS, Encoder, load_encoder
from core.encoders.checksums import revision_from_digest
from core.encoders.weights import WEIGHTS_FILE, find_weights
from core.errors import EncoderUnavailable
from core.files import file_sha256
from core.settings import Settings
from tests.paths import ROOT

LOAD_SCRIPT = """
from core.encoders import load_encoder
from core.errors import EncoderUnavailable
from core.settings import Settings
try:
    load_encoder("vit", Settings(device="cpu"))
except EncoderUnavailable as error:
    print(error)
"""


@pytest.fixture
def hub_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty hub cache, used in place of the user's."""
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    return tmp_path


@pytest.mark.slow
def test_offline_mode_gives_an_error_with_alternatives(tmp_path: Path) -> None:
    """The test runs in its own process, because the hub's library reads its environment on import."""
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path)}
    command = [sys.executable, "-c", LOAD_SCRIPT]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert_explains_alternatives(run.stdout.removesuffix("\n"))


@pytest.mark.network
def test_an_unreachable_hub_gives_an_error_with_alternatives(hub_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(time, "sleep", lambda seconds: None)  # its library tries five times more, and waits
    with pytest.raises(EncoderUnavailable) as caught:
        find_weights(SPECS["vit"], Settings())
    assert_explains_alternatives(str(caught.value))
    assert "refused" in str(caught.value)


def assert_explains_alternatives(message: str) -> None:
    spec = SPECS["vit"]
    assert message.startswith(f"the weights of vit ({spec.model}, revision {spec.revision}) cannot be loaded")
    assert "set FRONTISPIECE_WEIGHTS to a folder that holds a folder vit" in message
    assert "set HF_HUB_OFFLINE=1" in message
    assert "\n" not in message


@pytest.mark.slow
def test_a_filled_cache_is_enough_without_the_hub(
    hub_cache: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cache as the hub's library lays it out, copied from a machine that reached the hub."""
    spec = SPECS["vit"]
    shutil.copytree(
        weights / "vit", hub_cache / f"models--{spec.model.replace('/', '--')}" / "snapshots" / spec.revision
    )
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    assert load_encoder("vit", Settings(device="cpu")).revision == spec.revision


def test_a_local_folder_has_the_hash_of_its_weights_as_revision(encoders: dict[str, Encoder], weights: Path) -> None:
    assert encoders["clip"].revision == revision_from_digest(file_sha256(weights / "clip" / WEIGHTS_FILE))


def test_an_unchanged_download_has_its_commit_as_revision(weights: Path, tmp_path: Path) -> None:
    """`hf download --local-dir` leaves a note: commit, hash, time."""
    folder = shutil.copytree(weights / "vit", tmp_path / "vit")
    metadata_file = folder / ".cache" / "huggingface" / "download" / f"{WEIGHTS_FILE}.metadata"
    metadata_file.parent.mkdir(parents=True)
    metadata_file.write_text(f"{SPECS['vit'].revision}\n{file_sha256(folder / WEIGHTS_FILE)}\n1700000000.0\n")
    settings = Settings(weights=tmp_path)
    assert find_weights(SPECS["vit"], settings).revision == SPECS["vit"].revision
    with (folder / WEIGHTS_FILE).open("ab") as file:
        file.write(b" ")
    assert find_weights(SPECS["vit"], settings).revision.startswith("sha256:")


def test_a_folder_with_only_pickled_weights_is_refused(tmp_path: Path) -> None:
    (tmp_path / "clip").mkdir()
    (tmp_path / "clip" / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(
        EncoderUnavailable, match=rf"FRONTISPIECE_WEIGHTS: .*clip has no {WEIGHTS_FILE}.* are not opened"
    ):
        find_weights(SPECS["clip"], Settings(weights=tmp_path))
