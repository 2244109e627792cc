"""The trained classifier: calibrated logistic regression, saved as plain arrays and never as a pickle."""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self
from zipfile import BadZipFile

import numpy as np

from core.encoders import Vectors
from core.errors import FrontispieceError
from core.files import atomic_write
from core.picture_classes import ClassSet, parse_classes
from indexer.classification.calibration import ScoreArray, softmax
from indexer.classification.quality import TrainingQuality

QUALITY = "quality"
"""The part of a classifier's provenance that says how good it is on held-out books and sources."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a classifier says about n pictures."""

    labels: Sequence[str]
    """The likeliest class of each picture."""
    probabilities: ScoreArray
    """Shape (n, classes)."""


@dataclass(frozen=True)
class Classifier:
    """A linear classifier of pictures. `fitting.fit_classifier` makes one."""

    class_set: ClassSet
    classes: tuple[str, ...]
    """The classes that it learnt, in the order of the columns of its probabilities."""
    weights: ScoreArray
    """Shape (classes, features)."""
    intercepts: ScoreArray
    """Shape (classes,)."""
    temperature: float
    """The scores are divided by it before the softmax."""
    provenance: Mapping[str, Any]
    """`models` (name → id, revision, preprocessing), `data` (hash), `pictures`, `c`, `macro_f1`, `made_at`; and
    `quality`, if it was trained by `frontispiece classify train`."""

    @property
    def model_names(self) -> tuple[str, ...]:
        """The models whose vectors make up a row, in this order."""
        return tuple(self.provenance["models"])

    @property
    def hidden_classes(self) -> tuple[str, ...]:
        return self.class_set.hidden

    @property
    def quality(self) -> TrainingQuality | None:
        """How good it is on books and sources that it has not seen; None for one trained before this was measured."""
        meta = self.provenance.get(QUALITY)
        return TrainingQuality.from_meta(meta) if meta else None

    @cached_property
    def id(self) -> str:
        """A hash of the weights; it is stored with every label that this classifier gives."""
        content = self.weights.tobytes() + self.intercepts.tobytes() + repr((self.classes, self.temperature)).encode()
        return hashlib.sha256(content).hexdigest()[:16]

    def predict(self, rows: Vectors) -> Prediction:
        """Classify rows of shape (n, features)."""
        scores = (rows.astype(np.float64) @ self.weights.T + self.intercepts) / self.temperature
        probabilities = softmax(scores)
        return Prediction([self.classes[column] for column in probabilities.argmax(axis=1)], probabilities)

    def save(self, path: Path) -> None:
        """Write one file: the arrays, and everything else as JSON."""
        metadata = {
            "classes": self.classes,
            "class_set": asdict(self.class_set),
            "temperature": self.temperature,
            "provenance": self.provenance,
        }
        buffer = io.BytesIO()
        np.savez(buffer, weights=self.weights, intercepts=self.intercepts, facts=np.array(json.dumps(metadata)))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with atomic_write(path) as temporary_file:
                temporary_file.write_bytes(buffer.getvalue())
        except OSError as error:
            raise FrontispieceError(f"cannot write {path}: {error.strerror or error}") from error

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file that `save` wrote; raise `FrontispieceError` for any other file."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
                metadata = json.loads(str(archive["facts"]))
                classifier = cls(
                    parse_classes(metadata["class_set"]),
                    tuple(metadata["classes"]),
                    archive["weights"].astype(np.float64),
                    archive["intercepts"].astype(np.float64),
                    float(metadata["temperature"]),
                    metadata["provenance"],
                )
        except OSError as error:
            raise FrontispieceError(f"{path}: {error.strerror or error}") from error
        except (ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
            raise FrontispieceError(f"{path}: not a classifier of Frontispiece: {error}") from error
        if classifier.weights.shape[:1] != classifier.intercepts.shape or len(classifier.classes) != len(
            classifier.intercepts
        ):
            raise FrontispieceError(f"{path}: not a classifier of Frontispiece: its arrays do not match in size")
        return classifier
