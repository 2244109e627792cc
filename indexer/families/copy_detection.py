"""Two pictures → is one a copy of the other: pure, with thresholds that a measurement chose."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from indexer.images.perceptual_hashes import EMPTY_HASH, hamming_distance

Tier = Literal["exact", "near"]
"""`exact`: the same impression, or the same block printed again. `near`: another state, crop or colouring of it."""


@dataclass(frozen=True, slots=True)
class CopyThreshold:
    """As much as both must have: a cosine of at least this, and no more different bits of the hash than these."""

    min_cosine: float
    max_bits: int


@dataclass(frozen=True, slots=True)
class CopyDetector:
    """What one model's vectors are worth beside the hashes."""

    model: str
    exact_threshold: CopyThreshold
    near_threshold: CopyThreshold
    is_calibrated: bool = True
    """Without a measurement the hashes decide alone and the vectors only say whom to compare."""

    def tier(self, cosine: float, hash_a: str, hash_b: str) -> Tier | None:
        """None where they are two pictures, or where too little is on one to tell."""
        if not hash_a or not hash_b or EMPTY_HASH in (hash_a, hash_b):
            return None
        bits = hamming_distance(hash_a, hash_b)
        if cosine >= self.exact_threshold.min_cosine and bits <= self.exact_threshold.max_bits:
            return "exact"
        return "near" if cosine >= self.near_threshold.min_cosine and bits <= self.near_threshold.max_bits else None

    @property
    def name(self) -> str:
        """Changes when a pair could be judged otherwise."""
        thresholds = (
            f"{threshold.min_cosine:g}/{threshold.max_bits}"
            for threshold in (self.exact_threshold, self.near_threshold)
        )
        return f"{self.model} {' '.join(thresholds)}"

    def __str__(self) -> str:
        return f"{self.model} and hashes" if self.is_calibrated else f"hashes alone ({self.model} says whom to compare)"


SSCD_DETECTOR = CopyDetector("sscd", exact_threshold=CopyThreshold(0.8, 6), near_threshold=CopyThreshold(0.7, 12))
"""By `frontispiece evaluate families --models sscd` on the 827 labelled pictures and altered copies of 200 of them.

`near` is as loose as can be while hardly any two different pictures are taken for copies: 9 of 261,726 pairs, of which
8 are copies when one looks at them and one is two pages of text; it knows 92 % of the rescans, 76 % of the states and
52 % of the coloured prints. `exact` tells one print from another state of it as well as can be: it is said of 81 % of
the same prints and of 15 % of the other states.
"""

MAX_BITS_HASH_ONLY = 6
"""Of 64, where nothing says what a model's cosine is worth: all 5 such pairs of the same pictures with vectors that are
near too are copies."""

MODEL_PREFERENCE = ("sscd", "siglip", "vit", "clip")
"""Who proposes copies, the best at it first: one was trained for it, two keep to looks, CLIP keeps to meaning."""

CALIBRATED_DETECTORS: Mapping[str, CopyDetector] = MappingProxyType({SSCD_DETECTOR.model: SSCD_DETECTOR})


def best_model(model_names: Iterable[str]) -> str | None:
    """The best of an index's models; None where it has none."""
    return min(
        model_names,
        key=lambda name: MODEL_PREFERENCE.index(name) if name in MODEL_PREFERENCE else len(MODEL_PREFERENCE),
        default=None,
    )


def copy_detector(model_name: str) -> CopyDetector:
    hash_only = CopyThreshold(-1.0, MAX_BITS_HASH_ONLY)
    return CALIBRATED_DETECTORS.get(model_name) or CopyDetector(
        model_name, exact_threshold=hash_only, near_threshold=hash_only, is_calibrated=False
    )
