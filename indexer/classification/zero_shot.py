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
from core.encoders.protocols import normalise_vectors
from core.errors import SourceError

PROMPTS_FILE = Path(__file__).with_name("prompts.json")
"""The paper's seven classes in English and Norwegian."""

DEFAULT_SCALE = 100.0
"""What CLIP multiplies cosines by before the softmax: its training ends at this limit (arXiv 2103.00020, 2.5)."""

Prompts = Mapping[str, Sequence[str]]
"""Class → sentences that describe such a picture."""


@runtime_checkable
class ScaledEncoder(Protocol):
    """An encoder that knows by what its own training multiplied cosines."""

    @property
    def scale(self) -> float: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ZeroShotGuess:
    class_name: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ZeroShotClassifier:
    """Classes as directions in a model's space."""

    id: str
    """The model's name and a hash of all that a guess depends on, the pictures apart."""
    classes: tuple[str, ...]
    class_vectors: Vectors
    """One row per class, of unit length."""
    scale: float

    @classmethod
    def from_prompts(cls, encoder: TextEncoder, prompts: Prompts) -> Self:
        """Each class is the mean of its prompts."""
        scale = encoder.scale if isinstance(encoder, ScaledEncoder) else DEFAULT_SCALE
        means = [encoder.encode_texts(list(texts)).mean(axis=0) for texts in prompts.values()]
        ingredients = [encoder.model, encoder.revision, encoder.preprocessing, scale, {**prompts}]
        digest = hashlib.sha256(json.dumps(ingredients, ensure_ascii=False).encode()).hexdigest()
        return cls(
            id=f"{encoder.name}:{digest[:12]}",
            classes=tuple(prompts),
            class_vectors=normalise_vectors(np.stack(means)),
            scale=scale,
        )

    def probabilities(self, vectors: Vectors) -> npt.NDArray[np.float64]:
        """One row per picture, one column per class; what is sure of itself here is not calibrated."""
        logits = self.scale * (vectors @ self.class_vectors.T).astype(np.float64)
        exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
        probabilities: npt.NDArray[np.float64] = exponentials / exponentials.sum(axis=1, keepdims=True)
        return probabilities

    def guess(self, vectors: Vectors) -> list[ZeroShotGuess]:
        """The best class of each picture."""
        probabilities = self.probabilities(vectors)
        best_classes = zip(probabilities.argmax(axis=1).tolist(), probabilities.max(axis=1).tolist(), strict=True)
        return [
            ZeroShotGuess(class_name=self.classes[column], confidence=confidence) for column, confidence in best_classes
        ]


def read_prompts(path: Path = PROMPTS_FILE) -> Prompts:
    """A JSON file `{class: [prompt, …]}` of two classes or more."""
    try:
        prompts = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise SourceError(str(path), error.strerror or str(error)) from error
    except ValueError as error:
        raise SourceError(str(path), f"not JSON ({error})") from error
    if not isinstance(prompts, dict) or len(prompts) < 2:
        raise SourceError(str(path), 'two classes or more expected, {"class": ["prompt", …]}')
    for class_name, texts in prompts.items():
        if (
            not isinstance(texts, list)
            or not texts
            or not all(isinstance(prompt, str) and prompt.strip() for prompt in texts)
        ):
            raise SourceError(str(path), "a list of one prompt or more expected", class_name)
    return {class_name: tuple(texts) for class_name, texts in prompts.items()}
