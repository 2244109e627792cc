"""Decide whether one picture is a copy of another, by the cosine of their vectors and by perceptual hashes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from indexer.images.perceptual_hashes import EMPTY_HASH, hamming_distance

Tier = Literal["exact", "near"]
"""`exact`: the same impression or the same block printed again. `near`: another state, crop or colouring of it."""


@dataclass(frozen=True, slots=True)
class CopyThreshold:
    """A pair must have at least this cosine and at most this many different bits of the hash."""

    min_cosine: float
    max_bits: int


@dataclass(frozen=True, slots=True)
class CopyDetector:
    """The thresholds for the vectors of one model."""

    model: str
    exact_threshold: CopyThreshold
    near_threshold: CopyThreshold
    is_calibrated: bool = True
    """If false, there is no measurement for the model: its vectors propose pairs, and only the hashes decide."""

    def tier(self, cosine: float, hash_a: str, hash_b: str) -> Tier | None:
        """Return how exact a copy is; None if the pictures differ, or if one has too little detail to compare."""
        if not hash_a or not hash_b or EMPTY_HASH in (hash_a, hash_b):
            return None
        bits = hamming_distance(hash_a, hash_b)
        if cosine >= self.exact_threshold.min_cosine and bits <= self.exact_threshold.max_bits:
            return "exact"
        return "near" if cosine >= self.near_threshold.min_cosine and bits <= self.near_threshold.max_bits else None

    @property
    def name(self) -> str:
        """Identify the model and the thresholds; after a change of the name all pictures are compared again."""
        thresholds = (
            f"{threshold.min_cosine:g}/{threshold.max_bits}"
            for threshold in (self.exact_threshold, self.near_threshold)
        )
        return f"{self.model} {' '.join(thresholds)}"

    def __str__(self) -> str:
        return f"{self.model} and hashes" if self.is_calibrated else f"hashes only ({self.model} proposes the pairs)"


SSCD_DETECTOR = CopyDetector("sscd", exact_threshold=CopyThreshold(0.8, 6), near_threshold=CopyThreshold(0.7, 12))
"""Chosen with `frontispiece evaluate families`, see docs/decisions/0007-parameters-from-measurements.md."""

MAX_BITS_HASH_ONLY = 6
"""Different bits, of 64, for a model without calibrated thresholds."""

MODEL_PREFERENCE = ("sscd", "siglip", "vit", "clip")
"""Models that propose copies, the best first: SSCD was trained for it; CLIP ranks meaning above appearance."""

CALIBRATED_DETECTORS: Mapping[str, CopyDetector] = MappingProxyType({SSCD_DETECTOR.model: SSCD_DETECTOR})


def best_model(model_names: Iterable[str]) -> str | None:
    """Return the model that is best at finding copies; None if there are no models."""
    return min(
        model_names,
        key=lambda name: MODEL_PREFERENCE.index(name) if name in MODEL_PREFERENCE else len(MODEL_PREFERENCE),
        default=None,
    )


def copy_detector(model_name: str) -> CopyDetector:
    """Return the detector for a model, with the hash-only threshold if the model has no measurement."""
    hash_only = CopyThreshold(-1.0, MAX_BITS_HASH_ONLY)
    return CALIBRATED_DETECTORS.get(model_name) or CopyDetector(
        model_name, exact_threshold=hash_only, near_threshold=hash_only, is_calibrated=False
    )
