"""Logistic regression on the models' vectors, calibrated, kept as arrays of numbers and never as a pickle."""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Self
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from core.encoders import Vectors
from core.errors import FrontispieceError
from indexer.classification.classes import ClassSet, parse_classes

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Prediction:
    labels: Sequence[str]
    probabilities: Scores
    """Shape (n, classes)."""


@dataclass(frozen=True)
class Classifier:
    """Names a picture by its vectors."""

    class_set: ClassSet
    classes: tuple[str, ...]
    """Those that it has learnt, in the order of its probabilities."""
    weights: Scores
    """Shape (classes, numbers of a row)."""
    intercepts: Scores
    temperature: float
    provenance: Mapping[str, Any]
    """`models` (name → id, revision, preprocessing), `data` (hash), `pictures`, `c`, `macro_f1`, `made_at`."""

    @classmethod
    def fit(
        cls,
        rows: Vectors,
        labels: Sequence[str],
        groups: Sequence[str],
        *,
        class_set: ClassSet,
        fingerprints: Mapping[str, Mapping[str, Any]],
        block_sizes: Sequence[int] = (),
    ) -> Self:
        """Learns from one row per picture; `groups` are their books, which no choice sees on both sides.

        `parts` says how many numbers of a row are each model's.
        """
        # scikit-learn takes two seconds to import, which who only applies a classifier need not wait for.
        from indexer.classification import fitting  # noqa: PLC0415

        label_array = np.array(labels)
        fit_result = fitting.fit_best(rows, label_array, np.array(groups), block_sizes)
        classes = tuple(str(class_name) for class_name in fit_result.fit.classes)
        data_hash = hashlib.sha256(rows.tobytes() + json.dumps(list(labels)).encode()).hexdigest()[:16]
        return cls(
            class_set,
            classes,
            fit_result.fit.weights,
            fit_result.fit.intercepts,
            fitting.best_temperature(fit_result.scores, label_array, classes),
            {
                "models": {name: dict(fingerprint) for name, fingerprint in fingerprints.items()},
                "data": data_hash,
                "pictures": len(labels),
                "c": fit_result.strength,
                "macro_f1": fit_result.macro_f1,
                "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            },
        )

    @property
    def model_names(self) -> tuple[str, ...]:
        """The models whose vectors make a row, in this order."""
        return tuple(self.provenance["models"])

    @property
    def hidden_classes(self) -> tuple[str, ...]:
        return self.class_set.hidden

    @cached_property
    def id(self) -> str:
        """Another one for other weights: what was labelled by it is known by this."""
        content = self.weights.tobytes() + self.intercepts.tobytes() + repr((self.classes, self.temperature)).encode()
        return hashlib.sha256(content).hexdigest()[:16]

    def predict(self, rows: Vectors) -> Prediction:
        scores = (rows.astype(np.float64) @ self.weights.T + self.intercepts) / self.temperature
        probabilities = softmax(scores)
        return Prediction([self.classes[column] for column in probabilities.argmax(axis=1)], probabilities)

    def save(self, path: Path) -> None:
        """One file: arrays, and the rest as JSON."""
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
            unfinished = path.with_name(f"{path.name}.new")
            unfinished.write_bytes(buffer.getvalue())
            unfinished.replace(path)
        except OSError as error:
            raise FrontispieceError(f"cannot write {path}: {error.strerror or error}") from error

    @classmethod
    def load(cls, path: Path) -> Self:
        """`FrontispieceError` for a file that `save` did not write."""
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
            raise FrontispieceError(f"{path}: not a classifier of Frontispiece: its arrays do not fit each other")
        return classifier


def softmax(scores: Scores) -> Scores:
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    probabilities: Scores = exponentials / exponentials.sum(axis=1, keepdims=True)
    return probabilities
