"""The fingerprint of a model: proof that an index and the service use the same vectors.

The mapping of an index keeps one fingerprint per model in `_meta.models.<name>`. Queries encoded by another model, or
by the same model with other preprocessing, would return noise without any error; comparing fingerprints prevents that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, cast

import numpy as np
from PIL import Image

from core.encoders.protocols import Encoder, FeatureEncoder, MeaningEncoder, VectorModel, Vectors
from core.errors import FingerprintMismatch

CANARY_WIDTH, CANARY_HEIGHT = 256, 192
CANARY_TEXT = "Solen over fjeldene: a woodcut of the sun over hills and water, gestochen von R. Müller, à Paris 1867."
"""The canary of a model that encodes texts."""
MIN_CANARY_COSINE = 0.99
"""Cosine of the canary with itself: another machine's rounding stays above it, other weights do not."""
IDENTITY_KEYS = ("id", "revision", "preprocessing", "features")
"""Keys of an identity in JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelIdentity:
    """What two encoders must have in common for a classifier of one to understand the other."""

    model: str = ""
    """The id under which the weights are published; `id` in JSON."""
    revision: str = ""
    preprocessing: str = ""
    features: str = ""
    """How the features are made; empty for an encoder without features."""

    @classmethod
    def from_encoder(cls, encoder: VectorModel) -> Self:
        return cls(
            model=encoder.model,
            revision=encoder.revision,
            preprocessing=encoder.preprocessing,
            features=encoder.features if isinstance(encoder, FeatureEncoder) else "",
        )

    @classmethod
    def from_meta(cls, meta: Mapping[str, Any]) -> Self:
        """Read the identity from JSON; what is missing there is empty."""
        model, revision, preprocessing, features = (str(meta.get(key) or "") for key in IDENTITY_KEYS)
        return cls(model=model, revision=revision, preprocessing=preprocessing, features=features)

    def to_meta(self) -> dict[str, str]:
        """Return the identity as JSON, without empty values."""
        values = (self.model, self.revision, self.preprocessing, self.features)
        return {key: value for key, value in zip(IDENTITY_KEYS, values, strict=True) if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFingerprint:
    """The identity of the model that fills a field, with the length and one example of its vectors."""

    identity: ModelIdentity
    dimensions: int = 0
    canary: tuple[float, ...] = ()
    """The vector of `canary_image` or `CANARY_TEXT`; empty in an index that Frontispiece did not fill."""

    @classmethod
    def from_encoder(cls, encoder: VectorModel) -> Self:
        """Return the fingerprint of an encoder, which encodes the canary for it."""
        return cls(
            identity=ModelIdentity.from_encoder(encoder),
            dimensions=encoder.dimensions,
            canary=tuple(round(float(number), 6) for number in _canary_vector(encoder)),
        )

    @classmethod
    def from_meta(cls, meta: Mapping[str, Any]) -> Self:
        """Read an entry of `_meta.models`; what is missing or of the wrong type there is empty."""
        dimensions, canary = meta.get("dimensions"), meta.get("canary")
        return cls(
            identity=ModelIdentity.from_meta(meta),
            dimensions=dimensions if isinstance(dimensions, int) else 0,
            canary=tuple(float(number) for number in canary if isinstance(number, int | float))
            if isinstance(canary, list)
            else (),
        )

    def to_meta(self) -> dict[str, Any]:
        """Return the entry of `_meta.models`."""
        return {**self.identity.to_meta(), "dimensions": self.dimensions, "canary": list(self.canary)}


def read_fingerprints(meta: Mapping[str, Any]) -> dict[str, ModelFingerprint]:
    """Return the fingerprint of each model in the `_meta` of a mapping, by the name of the model."""
    return {name: ModelFingerprint.from_meta(entry) for name, entry in meta.get("models", {}).items()}


def check_fingerprint(fingerprint: ModelFingerprint, encoder: VectorModel) -> None:
    """Raise FingerprintMismatch if the encoder is not the one that filled the index, and say what differs."""
    stored_values = {**fingerprint.identity.to_meta(), "dimensions": fingerprint.dimensions or None}
    current_values = {**ModelIdentity.from_encoder(encoder).to_meta(), "dimensions": encoder.dimensions}
    for key in ("id", "revision", "dimensions", "preprocessing", "features"):
        stored_value, current_value = stored_values.get(key), current_values.get(key)
        if stored_value != current_value:
            raise _mismatch(encoder, f"has {key} {stored_value!r}, and installed is {current_value!r}")
    cosine = _cosine(fingerprint.canary, _canary_vector(encoder))
    if cosine < MIN_CANARY_COSINE:
        raise _mismatch(
            encoder,
            f"has another vector for the canary (cosine {cosine:.3f}, at least {MIN_CANARY_COSINE} expected)",
        )


def canary_image() -> Image.Image:
    """Return a drawing of a sun over hatched hills and water, the same pixels on every machine."""
    y, x = np.indices((CANARY_HEIGHT, CANARY_WIDTH))
    grey = np.where((x + 2 * y) % 12 < 4, 96, 236)
    grey = np.where((x - 176) ** 2 + (y - 56) ** 2 < 36**2, 255 - (x - 140) % 4 * 16, grey)
    grey = np.where((x - 64) ** 2 + 2 * (y - 150) ** 2 < 72**2, (x * y // 8) % 3 * 80 + 20, grey)
    grey = np.where(y > 144, np.where((y + x // 16 % 2 * 3) % 8 < 3, 40, 214), grey)
    return Image.fromarray(grey.astype(np.uint8)).convert("RGB")


def _canary_vector(encoder: VectorModel) -> Vectors:
    if isinstance(encoder, MeaningEncoder):
        (vector,) = encoder.encode_passages([CANARY_TEXT])
    else:
        (vector,) = cast(Encoder, encoder).encode_images([canary_image()])
    return np.asarray(vector, dtype=np.float32)


def _cosine(stored_vector: tuple[float, ...], current_vector: Vectors) -> float:
    """Return the cosine of two vectors; 0 if the stored one has another length or is zero."""
    if len(stored_vector) != len(current_vector):
        return 0.0
    stored_array = np.asarray(stored_vector, dtype=np.float32)
    norm = float(np.linalg.norm(stored_array))
    return float(stored_array @ current_vector) / norm if norm else 0.0


def _mismatch(encoder: VectorModel, difference: str) -> FingerprintMismatch:
    return FingerprintMismatch(
        f"the index was not filled by the {encoder.name} that is installed: it {difference}; "
        "index again into a new version, or install what the index was filled with"
    )
