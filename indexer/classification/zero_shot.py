"""Classes told from words alone: a picture belongs to the class whose prompts it lies nearest to."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self, runtime_checkable

import numpy as np
import numpy.typing as npt

from core.encoders import TextEncoder, Vectors
from core.encoders.protocols import unit
from core.errors import SourceError

FILE = Path(__file__).with_name("prompts.json")
"""The paper's seven classes in English and Norwegian."""

SCALE = 100.0
"""What CLIP multiplies cosines by before the softmax: its training ends at this limit (arXiv 2103.00020, 2.5)."""

Prompts = Mapping[str, Sequence[str]]
"""Class → sentences that describe such a picture."""


@runtime_checkable
class Scaled(Protocol):
    """An encoder that knows by what its own training multiplied cosines."""

    @property
    def scale(self) -> float: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    name: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ZeroShot:
    """Classes as directions in a model's space."""

    id: str
    """The model's name and a hash of all that a guess depends on, the pictures apart."""
    classes: tuple[str, ...]
    directions: Vectors
    """One row per class, of unit length."""
    scale: float

    @classmethod
    def of(cls, encoder: TextEncoder, prompts: Prompts) -> Self:
        """Each class is the mean of its prompts."""
        scale = encoder.scale if isinstance(encoder, Scaled) else SCALE
        means = [encoder.encode_texts(list(texts)).mean(axis=0) for texts in prompts.values()]
        facts = [encoder.model, encoder.revision, encoder.preprocessing, scale, {**prompts}]
        digest = hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()
        return cls(
            id=f"{encoder.name}:{digest[:12]}", classes=tuple(prompts), directions=unit(np.stack(means)), scale=scale
        )

    def probabilities(self, vectors: Vectors) -> npt.NDArray[np.float64]:
        """One row per picture, one column per class; what is sure of itself here is not calibrated."""
        logits = self.scale * (vectors @ self.directions.T).astype(np.float64)
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares: npt.NDArray[np.float64] = odds / odds.sum(axis=1, keepdims=True)
        return shares

    def guess(self, vectors: Vectors) -> list[Guess]:
        """The best class of each picture."""
        shares = self.probabilities(vectors)
        best = zip(shares.argmax(axis=1).tolist(), shares.max(axis=1).tolist(), strict=True)
        return [Guess(name=self.classes[column], confidence=share) for column, share in best]


def read_prompts(path: Path = FILE) -> Prompts:
    """A JSON file `{class: [prompt, …]}` of two classes or more."""
    try:
        found = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise SourceError(str(path), error.strerror or str(error)) from error
    except ValueError as error:
        raise SourceError(str(path), f"not JSON ({error})") from error
    if not isinstance(found, dict) or len(found) < 2:
        raise SourceError(str(path), 'two classes or more expected, {"class": ["prompt", …]}')
    for name, texts in found.items():
        if (
            not isinstance(texts, list)
            or not texts
            or not all(isinstance(each, str) and each.strip() for each in texts)
        ):
            raise SourceError(str(path), "a list of one prompt or more expected", name)
    return {name: tuple(texts) for name, texts in found.items()}
