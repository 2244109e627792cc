"""An index and a service that do not mean the same vectors find out before a reader does."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import numpy as np
import pytest
from PIL.Image import Image

from core.encoders import Encoder, Vectors
from core.encoders.fingerprint import canary_image, check_fingerprint, model_fingerprint
from core.encoders.protocols import normalise_vectors
from core.errors import FingerprintMismatch


@dataclass(frozen=True)
class TiltableEncoder:
    """The whole picture in 16 numbers, and a way to tilt them."""

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


def test_the_canary_is_the_same_to_the_last_pixel() -> None:
    """Changing the drawing breaks the contract of every index there is."""
    assert canary_image().size == (256, 192)
    assert (
        sha256(canary_image().tobytes()).hexdigest()
        == "7f0366b1ff8462217570175bb539d762ee4a107e9ac0a58e1c1f97d41e85f473"
    )


def test_a_contract_goes_through_json_and_is_kept() -> None:
    check_fingerprint(json.loads(json.dumps(model_fingerprint(ENCODER))), ENCODER)


def test_the_contract_says_all_that_makes_a_vector() -> None:
    fingerprint = model_fingerprint(ENCODER)
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
        (replace(ENCODER, tilt=9.0), r"knows the canary by another vector \(cosine 0\.\d+"),
    ],
)
def test_what_differs_is_named_with_both_sides(installed: TiltableEncoder, difference: str) -> None:
    with pytest.raises(FingerprintMismatch, match=f"filled by the thumbnail that is installed: it {difference}"):
        check_fingerprint(model_fingerprint(ENCODER), installed)


def test_another_machines_rounding_is_no_difference() -> None:
    check_fingerprint(model_fingerprint(ENCODER), replace(ENCODER, tilt=0.5))


@pytest.mark.parametrize("canary", [None, [], [0.0] * 16, [1.0] * 15, "sixteen letters."])
def test_a_contract_without_a_canary_is_broken(canary: Any) -> None:
    with pytest.raises(FingerprintMismatch, match="knows the canary by another vector"):
        check_fingerprint({**model_fingerprint(ENCODER), "canary": canary}, ENCODER)


def test_an_index_without_a_contract_is_refused() -> None:
    with pytest.raises(FingerprintMismatch, match="has id None"):
        check_fingerprint({}, ENCODER)


def test_each_real_model_keeps_its_own_contract_and_no_others(encoders: dict[str, Encoder], sscd: Encoder) -> None:
    all_encoders = (*encoders.values(), sscd)
    for encoder in all_encoders:
        fingerprint = json.loads(json.dumps(model_fingerprint(encoder)))
        check_fingerprint(fingerprint, encoder)
        for other_encoder in all_encoders:
            if other_encoder is not encoder:
                with pytest.raises(FingerprintMismatch):
                    check_fingerprint(fingerprint, other_encoder)
