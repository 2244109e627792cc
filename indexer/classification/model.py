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
from indexer.classification.classes import ClassSet, parsed

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
        models: Mapping[str, Mapping[str, Any]],
        parts: Sequence[int] = (),
    ) -> Self:
        """Learns from one row per picture; `groups` are their books, which no choice sees on both sides.

        `parts` says how many numbers of a row are each model's.
        """
        # scikit-learn takes two seconds to import, which who only applies a classifier need not wait for.
        from indexer.classification import fitting  # noqa: PLC0415

        names = np.array(labels)
        fitted = fitting.fitted(rows, names, np.array(groups), parts)
        classes = tuple(str(each) for each in fitted.learnt.classes)
        data = hashlib.sha256(rows.tobytes() + json.dumps(list(labels)).encode()).hexdigest()[:16]
        return cls(
            class_set,
            classes,
            fitted.learnt.weights,
            fitted.learnt.intercepts,
            fitting.temperature(fitted.scores, names, classes),
            {
                "models": {name: dict(facts) for name, facts in models.items()},
                "data": data,
                "pictures": len(labels),
                "c": fitted.strength,
                "macro_f1": fitted.macro_f1,
                "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            },
        )

    @property
    def needs(self) -> tuple[str, ...]:
        """The models whose vectors make a row, in this order."""
        return tuple(self.provenance["models"])

    @property
    def set_aside(self) -> tuple[str, ...]:
        return self.class_set.set_aside

    @cached_property
    def id(self) -> str:
        """Another one for other weights: what was labelled by it is known by this."""
        numbers = self.weights.tobytes() + self.intercepts.tobytes() + repr((self.classes, self.temperature)).encode()
        return hashlib.sha256(numbers).hexdigest()[:16]

    def predict(self, rows: Vectors) -> Prediction:
        scores = (rows.astype(np.float64) @ self.weights.T + self.intercepts) / self.temperature
        probabilities = softmax(scores)
        return Prediction([self.classes[each] for each in probabilities.argmax(axis=1)], probabilities)

    def save(self, path: Path) -> None:
        """One file: arrays, and the rest as JSON."""
        facts = {
            "classes": self.classes,
            "class_set": asdict(self.class_set),
            "temperature": self.temperature,
            "provenance": self.provenance,
        }
        file = io.BytesIO()
        np.savez(file, weights=self.weights, intercepts=self.intercepts, facts=np.array(json.dumps(facts)))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            new = path.with_name(f"{path.name}.new")
            new.write_bytes(file.getvalue())
            new.replace(path)
        except OSError as error:
            raise FrontispieceError(f"cannot write {path}: {error.strerror or error}") from error

    @classmethod
    def load(cls, path: Path) -> Self:
        """`FrontispieceError` for a file that `save` did not write."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
                facts = json.loads(str(kept["facts"]))
                made = cls(
                    parsed(facts["class_set"]),
                    tuple(facts["classes"]),
                    kept["weights"].astype(np.float64),
                    kept["intercepts"].astype(np.float64),
                    float(facts["temperature"]),
                    facts["provenance"],
                )
        except OSError as error:
            raise FrontispieceError(f"{path}: {error.strerror or error}") from error
        except (ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
            raise FrontispieceError(f"{path}: not a classifier of Frontispiece: {error}") from error
        if made.weights.shape[:1] != made.intercepts.shape or len(made.classes) != len(made.intercepts):
            raise FrontispieceError(f"{path}: not a classifier of Frontispiece: its arrays do not fit each other")
        return made


def softmax(scores: Scores) -> Scores:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Scores = raised / raised.sum(axis=1, keepdims=True)
    return shares
