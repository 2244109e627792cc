"""The proof that an index and the service speak of the same vectors: one small picture and what became of it.

An index's mapping keeps, per model, the contract below `_meta.models.<name>`. Queries that were encoded by
another model, or by the same one prepared in another way, find noise without any error; this finds it first.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image

from core.encoders.features import encoder_identity
from core.encoders.protocols import Encoder, Vectors
from core.errors import FingerprintMismatch

CANARY_WIDTH, CANARY_HEIGHT = 256, 192
MIN_CANARY_COSINE = 0.99
"""Cosine of a canary with itself: another machine's rounding stays above it, other weights do not."""
IDENTITY_KEYS = ("id", "revision", "dimensions", "preprocessing", "features")


def canary_image() -> Image.Image:
    """A sun over hatched hills and water, in whole numbers only: the same pixels whatever draws them."""
    y, x = np.indices((CANARY_HEIGHT, CANARY_WIDTH))
    grey = np.where((x + 2 * y) % 12 < 4, 96, 236)
    grey = np.where((x - 176) ** 2 + (y - 56) ** 2 < 36**2, 255 - (x - 140) % 4 * 16, grey)
    grey = np.where((x - 64) ** 2 + 2 * (y - 150) ** 2 < 72**2, (x * y // 8) % 3 * 80 + 20, grey)
    grey = np.where(y > 144, np.where((y + x // 16 % 2 * 3) % 8 < 3, 40, 214), grey)
    return Image.fromarray(grey.astype(np.uint8)).convert("RGB")


def model_fingerprint(encoder: Encoder) -> dict[str, Any]:
    """What the mapping keeps of the model that fills it."""
    return {
        **_identity_with_dimensions(encoder),
        "canary": [round(float(number), 6) for number in _canary_vector(encoder)],
    }


def check_fingerprint(fingerprint: Mapping[str, Any], encoder: Encoder) -> None:
    """Nothing, or `ContractBroken` that says what differs and what to do about it."""
    current_identity = _identity_with_dimensions(encoder)
    for key in IDENTITY_KEYS:
        if fingerprint.get(key) != current_identity.get(key):
            raise _mismatch(
                encoder, f"has {key} {fingerprint.get(key)!r}, and installed is {current_identity.get(key)!r}"
            )
    cosine = _cosine(fingerprint.get("canary"), _canary_vector(encoder))
    if cosine < MIN_CANARY_COSINE:
        raise _mismatch(
            encoder, f"knows the canary by another vector (cosine {cosine:.3f}, at least {MIN_CANARY_COSINE} expected)"
        )


def _identity_with_dimensions(encoder: Encoder) -> dict[str, Any]:
    return {**encoder_identity(encoder), "dimensions": encoder.dimensions}


def _canary_vector(encoder: Encoder) -> Vectors:
    (vector,) = encoder.encode_images([canary_image()])
    return np.asarray(vector, dtype=np.float32)


def _cosine(stored_vector: object, current_vector: Vectors) -> float:
    """0 for anything that is not a vector of that length: an index that was never filled by us."""
    if not isinstance(stored_vector, list) or len(stored_vector) != len(current_vector):
        return 0.0
    stored_array = np.asarray(stored_vector, dtype=np.float32)
    norm = float(np.linalg.norm(stored_array))
    return float(stored_array @ current_vector) / norm if norm else 0.0


def _mismatch(encoder: Encoder, difference: str) -> FingerprintMismatch:
    return FingerprintMismatch(
        f"the index was not filled by the {encoder.name} that is installed: it {difference}; "
        "index again into a new version, or install what the index was filled with"
    )
