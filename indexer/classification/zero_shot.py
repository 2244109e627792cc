"""Zero-shot classification: a picture gets the class whose text prompts are most similar to it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self, runtime_checkable

import numpy as np

from core.encoders import TextEncoder, Vectors, load_encoder
from core.encoders.fingerprint import ModelFingerprint, check_fingerprint
from core.encoders.vectors import normalise_vectors
from core.errors import FrontispieceError, SourceError
from core.settings import Settings
from core.text import clean_text
from indexer.classification.calibration import ScoreArray, softmax

PROMPTS_FILE = Path(__file__).with_name("prompts.json")
"""Prompts for the seven classes of arXiv 2410.14969, in English and Norwegian."""

DEFAULT_SCALE = 100.0
"""CLIP's factor for cosines before the softmax, the limit of its training (arXiv 2103.00020, section 2.5)."""

Prompts = Mapping[str, Sequence[str]]
"""Class → sentences that describe a picture of that class."""


@runtime_checkable
class ScaledEncoder(Protocol):
    """An encoder that knows the factor by which its training multiplied cosines."""

    @property
    def scale(self) -> float: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ZeroShotGuess:
    """The likeliest class of one picture."""

    class_name: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ZeroShotClassifier:
    """Classes as directions in the vector space of one model."""

    id: str
    """The model's name and a hash of the model, its preprocessing, the scale and the prompts."""
    classes: tuple[str, ...]
    class_vectors: Vectors
    """One unit vector per class, shape (classes, dimensions)."""
    scale: float

    @classmethod
    def from_prompts(cls, encoder: TextEncoder, prompts: Prompts) -> Self:
        """Encode the prompts; the vector of a class is the mean of its prompts' vectors."""
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

    def probabilities(self, vectors: Vectors) -> ScoreArray:
        """Return uncalibrated probabilities of shape (n, classes)."""
        return softmax(self.scale * (vectors @ self.class_vectors.T).astype(np.float64))

    def guess(self, vectors: Vectors) -> list[ZeroShotGuess]:
        """Return the likeliest class of each picture."""
        probabilities = self.probabilities(vectors)
        best_classes = zip(probabilities.argmax(axis=1).tolist(), probabilities.max(axis=1).tolist(), strict=True)
        return [
            ZeroShotGuess(class_name=self.classes[column], confidence=confidence) for column, confidence in best_classes
        ]


def load_zero_shot_classifier(
    model_name: str, prompts: Prompts, fingerprints: Mapping[str, ModelFingerprint], settings: Settings
) -> ZeroShotClassifier:
    """Load a model and encode the prompts with it.

    `fingerprints` are those of the index; raise `FrontispieceError` if the index has no vectors of the model, if the
    model has no text encoder, or if its weights differ from those that filled the index.
    """
    if model_name not in fingerprints:
        raise FrontispieceError(f"the index has no vectors of {model_name}; index again with `--models {model_name}`")
    encoder = load_encoder(model_name, settings)
    if not isinstance(encoder, TextEncoder):
        raise FrontispieceError(f"{model_name} has no text encoder; siglip and clip have one")
    check_fingerprint(fingerprints[model_name], encoder)
    return ZeroShotClassifier.from_prompts(encoder, prompts)


def read_prompts(path: Path = PROMPTS_FILE) -> Prompts:
    """Read a JSON file `{class: [prompt, …]}` with at least two classes; raise `SourceError` if it is anything else."""
    try:
        prompts = json.loads(clean_text(path.read_text("utf-8-sig")))
    except OSError as error:
        raise SourceError(str(path), error.strerror or str(error)) from error
    except ValueError as error:
        raise SourceError(str(path), f"not JSON ({error})") from error
    if not isinstance(prompts, dict) or len(prompts) < 2:
        raise SourceError(str(path), 'expected two or more classes, {"class": ["prompt", …]}')
    for class_name, texts in prompts.items():
        if (
            not isinstance(texts, list)
            or not texts
            or not all(isinstance(prompt, str) and prompt.strip() for prompt in texts)
        ):
            raise SourceError(str(path), "expected a list of one or more prompts", class_name)
    return {class_name: tuple(texts) for class_name, texts in prompts.items()}
