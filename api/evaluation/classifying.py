"""The product's own classifier on a folder of labelled pictures, one model at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from api.evaluation.classified import Classified, Names, crossed
from api.evaluation.folder import LabelledPicture
from api.evaluation.vectors import encode_pictures
from indexer.classifier.classes import ClassSet, read_classes
from indexer.classifier.model import Classifier
from indexer.encoders import Encoder, Vectors
from indexer.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What there is to learn and to name, with one model's vectors."""

    encoder: Encoder
    rows: Vectors
    names: Sequence[str]
    """Classes; empty where a picture has none."""
    books: Sequence[str]
    class_set: ClassSet

    @property
    def model(self) -> str:
        return self.encoder.name

    def predict(self, train: npt.NDArray[np.int_], test: npt.NDArray[np.int_]) -> tuple[Names, npt.NDArray[np.float64]]:
        """Learns from the pictures of the first places, names those of the second: classes and how sure."""
        facts = {
            "id": self.encoder.model,
            "revision": self.encoder.revision,
            "preprocessing": self.encoder.preprocessing,
        }
        classifier = Classifier.fit(
            self.rows[train],
            [self.names[each] for each in train],
            [self.books[each] for each in train],
            class_set=self.class_set,
            models={self.model: facts},
        )
        said = classifier.predict(self.rows[test])
        return np.array(said.labels), np.asarray(said.probabilities).max(axis=1)

    def crossed(self) -> Classified:
        """Every picture, named by a classifier that saw none of its book."""
        return crossed(self.names, self.books, self.predict)


def tasks(pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings) -> list[Task]:
    class_set = read_classes(None)
    names = [class_set.name(picture.label) or "" for picture in pictures]
    books = [picture.book for picture in pictures]
    return [
        Task(
            encoder=encoder,
            rows=encode_pictures(encoder, pictures, settings),
            names=names,
            books=books,
            class_set=class_set,
        )
        for encoder in encoders
    ]
