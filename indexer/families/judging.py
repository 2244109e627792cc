"""Two pictures → is one a copy of the other: pure, with thresholds that a measurement chose."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from indexer.images.perceptual_hashes import NOTHING, distance

Tier = Literal["exact", "near"]
"""`exact`: the same impression, or the same block printed again. `near`: another state, crop or colouring of it."""


@dataclass(frozen=True, slots=True)
class Alike:
    """As much as both must have: a cosine of at least this, and no more different bits of the hash than these."""

    cosine: float
    bits: int


@dataclass(frozen=True, slots=True)
class Judge:
    """What one model's vectors are worth beside the hashes."""

    model: str
    exact: Alike
    near: Alike
    measured: bool = True
    """Without a measurement the hashes decide alone and the vectors only say whom to compare."""

    def tier(self, cosine: float, one: str, other: str) -> Tier | None:
        """None where they are two pictures, or where too little is on one to tell."""
        if not one or not other or NOTHING in (one, other):
            return None
        bits = distance(one, other)
        if cosine >= self.exact.cosine and bits <= self.exact.bits:
            return "exact"
        return "near" if cosine >= self.near.cosine and bits <= self.near.bits else None

    @property
    def name(self) -> str:
        """Changes when a pair could be judged otherwise."""
        limits = (f"{each.cosine:g}/{each.bits}" for each in (self.exact, self.near))
        return f"{self.model} {' '.join(limits)}"

    def __str__(self) -> str:
        return f"{self.model} and hashes" if self.measured else f"hashes alone ({self.model} says whom to compare)"


SSCD = Judge("sscd", exact=Alike(0.8, 6), near=Alike(0.7, 12))
"""By `frontispiece evaluate families --models sscd` on the 827 labelled pictures and altered copies of 200 of them.

`near` is as loose as can be while hardly any two different pictures are taken for copies: 9 of 261,726 pairs, of which
8 are copies when one looks at them and one is two pages of text; it knows 92 % of the rescans, 76 % of the states and
52 % of the coloured prints. `exact` tells one print from another state of it as well as can be: it is said of 81 % of
the same prints and of 15 % of the other states.
"""

BITS_ALONE = 6
"""Of 64, where nothing says what a model's cosine is worth: all 5 such pairs of the same pictures with vectors that are
near too are copies."""

PREFERRED = ("sscd", "siglip", "vit", "clip")
"""Who proposes copies, the best at it first: one was trained for it, two keep to looks, CLIP keeps to meaning."""

MEASURED: Mapping[str, Judge] = MappingProxyType({SSCD.model: SSCD})


def preferred(models: Iterable[str]) -> str | None:
    """The best of an index's models; None where it has none."""
    return min(models, key=lambda name: PREFERRED.index(name) if name in PREFERRED else len(PREFERRED), default=None)


def judge(model: str) -> Judge:
    alone = Alike(-1.0, BITS_ALONE)
    return MEASURED.get(model) or Judge(model, exact=alone, near=alone, measured=False)
