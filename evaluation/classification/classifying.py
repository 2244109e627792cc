"""The product's own classifier on a folder of labelled pictures, with one model's vectors or with several joined."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.encoders import Encoder, Vectors, features
from core.settings import Settings
from evaluation.classification.classified import FOLDS, Classified, Said, crossed, labelled
from evaluation.classification.naming import Naming
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.vectors import console, learnable_rows
from indexer.classification.classes import ClassSet
from indexer.classification.fitting import Places
from indexer.classification.model import Classifier

JOINT = "+"
"""Between the names of models whose vectors stand beside each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What there is to learn and to name."""

    model: str
    facts: Mapping[str, Mapping[str, str]]
    """Model → what makes its vectors."""
    rows: Vectors
    parts: Sequence[int]
    """How many numbers of a row are each model's."""
    names: Sequence[str]
    """Classes; empty where a picture has none."""
    books: Sequence[str]
    class_set: ClassSet

    def predict(self, train: Places, test: Places) -> Said:
        """Learns from the pictures of the first places, names those of the second."""
        classifier = Classifier.fit(
            self.rows[train],
            [self.names[each] for each in train],
            [self.books[each] for each in train],
            class_set=self.class_set,
            models=self.facts,
            parts=self.parts,
        )
        said = classifier.predict(self.rows[test])
        plain = replace(classifier, temperature=1.0).predict(self.rows[test])
        sure, before = (np.asarray(each.probabilities).max(axis=1) for each in (said, plain))
        return Said(np.array(said.labels), sure, before)

    def crossed(self, folds: int = FOLDS, title: str = "") -> Classified:
        """Every picture, named by a classifier that saw none of its book."""
        return crossed(self.names, self.books, self.predict, folds, title)

    def labelled(self) -> "Task":
        """The same without the pictures that have no class."""
        places = labelled(self.names)
        names, books = ([kept[each] for each in places] for kept in (self.names, self.books))
        return replace(self, rows=self.rows[places], names=names, books=books)

    def mixed(self) -> "Task":
        """The same with each picture for itself, whatever book it is of."""
        return replace(self, books=[str(place) for place in range(len(self.names))])


def tasks(
    pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings, naming: Naming
) -> list[Task]:
    """One for each model and, of several, one for all joined."""
    for note in naming.notes:
        console.print(note, markup=False, highlight=False)
    rows = {each.name: learnable_rows(each, pictures, settings) for each in encoders}
    facts = {each.name: features.facts(each) for each in encoders}
    books = [picture.book for picture in pictures]
    ways = {name: [name] for name in rows} | ({JOINT.join(rows): list(rows)} if len(rows) > 1 else {})
    return [
        Task(
            model=model,
            facts={name: facts[name] for name in names},
            rows=np.concatenate([rows[name] for name in names], axis=1),
            parts=[rows[name].shape[1] for name in names],
            names=naming.names,
            books=books,
            class_set=naming.class_set,
        )
        for model, names in ways.items()
    ]
