"""Fingerprints of models: what they hold, and which differences are refused."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import numpy as np
import pytest
from PIL.Image import Image

from core.encoders import Encoder, Vectors
from core.encoders.fingerprint import ModelFingerprint, canary_image, check_fingerprint, read_fingerprints
from core.encoders.vectors import normalise_vectors
from core.errors import FingerprintMismatch


@dataclass(frozen=True)
class TiltableEncoder:
    """Encodes a picture in 16 numbers; `tilt` changes the vectors."""

    name: str = "thumbnail"
    model: str = "tests/thumbnail"
    revision: str = "one"
    preprocessing: str = "resize 4×4"
    dimensions: int = 16
    tilt: float = 0.0

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        rows = np.array([np.asarray(image.convert("L").resize((4, 4))).ravel() for image in images], dtype=np.float32)
        return normalise_vectors(rows + self.tilt * np.arange(16, dtype=np.float32))


ENCODER = TiltableEncoder()


def test_the_pixels_of_the_canary_never_change() -> None:
    """Changing the drawing would invalidate the fingerprints of every existing index."""
    assert canary_image().size == (256, 192)
    assert (
        sha256(canary_image().tobytes()).hexdigest()
        == "7f0366b1ff8462217570175bb539d762ee4a107e9ac0a58e1c1f97d41e85f473"
    )


def through_json(fingerprint: ModelFingerprint) -> ModelFingerprint:
    return read_fingerprints(json.loads(json.dumps({"models": {"x": fingerprint.to_meta()}})))["x"]


def test_a_fingerprint_survives_json() -> None:
    fingerprint = ModelFingerprint.from_encoder(ENCODER)
    assert through_json(fingerprint) == fingerprint
    check_fingerprint(through_json(fingerprint), ENCODER)


def test_the_fingerprint_covers_everything_that_changes_vectors() -> None:
    fingerprint = ModelFingerprint.from_encoder(ENCODER).to_meta()
    assert {field: fingerprint[field] for field in fingerprint if field != "canary"} == {
        "id": "tests/thumbnail",
        "revision": "one",
        "dimensions": 16,
        "preprocessing": "resize 4×4",
    }
    assert fingerprint["canary"] == [round(number, 6) for number in fingerprint["canary"]]
    assert len(fingerprint["canary"]) == 16


@pytest.mark.parametrize(
    ("installed", "difference"),
    [
        (replace(ENCODER, model="tests/other"), "has id 'tests/thumbnail', and installed is 'tests/other'"),
        (replace(ENCODER, revision="two"), "has revision 'one', and installed is 'two'"),
        (replace(ENCODER, dimensions=15), "has dimensions 16, and installed is 15"),
        (replace(ENCODER, preprocessing="crop"), "has preprocessing 'resize 4×4', and installed is 'crop'"),
        (replace(ENCODER, tilt=9.0), r"has another vector for the canary \(cosine 0\.\d+"),
    ],
)
def test_error_names_a_difference_with_both_values(installed: TiltableEncoder, difference: str) -> None:
    with pytest.raises(FingerprintMismatch, match=f"filled by the thumbnail that is installed: it {difference}"):
        check_fingerprint(ModelFingerprint.from_encoder(ENCODER), installed)


def test_rounding_of_another_machine_is_accepted() -> None:
    check_fingerprint(ModelFingerprint.from_encoder(ENCODER), replace(ENCODER, tilt=0.5))


@pytest.mark.parametrize("canary", [None, [], [0.0] * 16, [1.0] * 15, "sixteen letters."])
def test_a_fingerprint_without_a_usable_canary_is_refused(canary: Any) -> None:
    with pytest.raises(FingerprintMismatch, match="has another vector for the canary"):
        check_fingerprint(
            ModelFingerprint.from_meta({**ModelFingerprint.from_encoder(ENCODER).to_meta(), "canary": canary}), ENCODER
        )


def test_an_index_without_a_fingerprint_is_refused() -> None:
    with pytest.raises(FingerprintMismatch, match="has id None"):
        check_fingerprint(ModelFingerprint.from_meta({}), ENCODER)


@pytest.mark.slow
def test_a_fingerprint_matches_only_its_own_model(encoders: dict[str, Encoder], sscd: Encoder) -> None:
    all_encoders = (*encoders.values(), sscd)
    for encoder in all_encoders:
        fingerprint = through_json(ModelFingerprint.from_encoder(encoder))
        check_fingerprint(fingerprint, encoder)
        for other_encoder in all_encoders:
            if other_encoder is not encoder:
                with pytest.raises(FingerprintMismatch):
                    check_fingerprint(fingerprint, other_encoder)
