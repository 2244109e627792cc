"""The classifier of `frontispiece classify`, applied to a folder of labelled pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.console import print_message
from core.encoders import Encoder, Vectors
from core.encoders.fingerprint import ModelIdentity
from core.picture_classes import ClassSet
from core.settings import Settings
from evaluation.classification.class_assignment import ClassAssignment
from evaluation.classification.held_out_predictions import (
    FOLDS,
    HeldOutPredictions,
    PredictedClasses,
    cross_validate,
    labelled_indices,
)
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.vectors import encode_classifier_features
from indexer.classification.calibration import RowIndices
from indexer.classification.fitting import fit_classifier
from indexer.classification.model import Classifier

MODEL_SEPARATOR = "+"
"""Joins the names of models whose vectors are concatenated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassificationTask:
    """Feature rows, classes and books of the same pictures, for one model or several joined ones."""

    model: str
    model_identities: Mapping[str, ModelIdentity]
    """Model → identity of its weights and preprocessing."""
    rows: Vectors
    columns_per_model: Sequence[int]
    """Columns of `rows` per model, in order."""
    class_names: Sequence[str]
    """One class per row; an empty string if the picture has none."""
    books: Sequence[str]
    class_set: ClassSet

    def predict(self, train: RowIndices, test: RowIndices) -> PredictedClasses:
        """Fit a classifier on the rows of `train` and predict those of `test`."""
        return predict_rows(self.fit(train), self.rows[test])

    def fit(self, train: RowIndices) -> Classifier:
        """Fit a classifier on the rows of `train`."""
        return fit_classifier(
            self.rows[train],
            [self.class_names[index] for index in train],
            [self.books[index] for index in train],
            class_set=self.class_set,
            identities=self.model_identities,
            block_sizes=self.columns_per_model,
        )

    def cross_validate(self, folds: int = FOLDS, title: str = "") -> HeldOutPredictions:
        """Predict each picture with a classifier that has not seen its book."""
        return cross_validate(self.class_names, self.books, self.predict, folds, title)

    def drop_unlabelled(self) -> "ClassificationTask":
        """Return the task without pictures that have no class."""
        indices = labelled_indices(self.class_names)
        class_names, books = ([values[index] for index in indices] for values in (self.class_names, self.books))
        return replace(self, rows=self.rows[indices], class_names=class_names, books=books)

    def ignore_books(self) -> "ClassificationTask":
        """Return the task with each picture as a book of its own."""
        return replace(self, books=[str(index) for index in range(len(self.class_names))])


def predict_rows(classifier: Classifier, rows: Vectors) -> PredictedClasses:
    """Return the classes of rows of shape (n, features), with their confidence."""
    calibrated, uncalibrated = classifier.predict(rows), replace(classifier, temperature=1.0).predict(rows)
    confidence, uncalibrated_confidence = (
        np.asarray(prediction.probabilities).max(axis=1) for prediction in (calibrated, uncalibrated)
    )
    return PredictedClasses(np.array(calibrated.labels), confidence, uncalibrated_confidence)


def build_tasks(
    pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings, assignment: ClassAssignment
) -> list[ClassificationTask]:
    """Return one task per model and, if there are several models, one with their vectors joined."""
    for note in assignment.notes:
        print_message(note)
    rows_by_model = {encoder.name: encode_classifier_features(encoder, pictures, settings) for encoder in encoders}
    identities = {encoder.name: ModelIdentity.from_encoder(encoder) for encoder in encoders}
    books = [picture.book for picture in pictures]
    model_groups = {name: [name] for name in rows_by_model} | (
        {MODEL_SEPARATOR.join(rows_by_model): list(rows_by_model)} if len(rows_by_model) > 1 else {}
    )
    return [
        ClassificationTask(
            model=model,
            model_identities={name: identities[name] for name in model_names},
            rows=np.concatenate([rows_by_model[name] for name in model_names], axis=1),
            columns_per_model=[rows_by_model[name].shape[1] for name in model_names],
            class_names=assignment.class_names,
            books=books,
            class_set=assignment.class_set,
        )
        for model, model_names in model_groups.items()
    ]
