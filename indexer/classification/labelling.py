"""Write labels into pictures: a classifier's, zero-shot guesses, and a person's corrections."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.encoders import Encoder
from core.encoders.fingerprint import IDENTITY_KEYS, ModelIdentity
from core.errors import FingerprintMismatch, FrontispieceError
from core.picture_classes import ClassSet, read_classes
from core.settings import Settings
from indexer.classification.examples import feature_rows
from indexer.classification.model import Classifier
from indexer.classification.zero_shot import ZeroShotClassifier
from indexer.documents.hybrid import HybridDocument
from indexer.documents.pictures import LIBRARIAN
from indexer.elasticsearch.labelled_pictures import (
    CATALOGUE,
    HUMAN_SOURCES,
    IndexedPicture,
    LabelledPictures,
    feature_fields,
    unguessed_query,
    unlabelled_query,
    vector_fields,
)

CLASSIFIER = "classifier"
"""The value of `label.source` for a label that a classifier gave."""

AdvanceProgress = Callable[[int], None]
"""Receives the number of pictures that were just processed."""


@dataclass(slots=True)
class LabellingResult:
    """Counts of one labelling run."""

    pictures: int = 0
    """Pictures that the run processed."""
    written: int = 0
    hidden: int = 0


def check_models(classifier: Classifier, identities: Mapping[str, ModelIdentity], vectors_source: str) -> None:
    """Check that these models are those that the classifier was trained with.

    Raise `FingerprintMismatch` that names the first difference and says what to do. `vectors_source` describes in the
    message where the identities come from.
    """
    for model_name in classifier.model_names:
        if model_name not in identities:
            raise FingerprintMismatch(
                f"the classifier needs vectors of {model_name}, which {vectors_source} does not have: "
                "index with that model too, or train again with `frontispiece classify train`"
            )
        training_values = ModelIdentity.from_meta(classifier.provenance["models"][model_name]).to_meta()
        current_values = identities[model_name].to_meta()
        for key in IDENTITY_KEYS:
            expected, actual = training_values.get(key), current_values.get(key)
            if expected != actual:
                raise FingerprintMismatch(
                    f"the classifier was trained with {model_name} {key} {expected!r}, but {vectors_source} has "
                    f"{actual!r}: train again with `frontispiece classify train`"
                )


def load_classifier(settings: Settings, encoders: Sequence[Encoder]) -> Classifier | None:
    """Load the classifier of the settings and check it against these encoders; return None if none is set."""
    if not settings.classifier:
        return None
    classifier = Classifier.load(settings.classifier)
    check_models(classifier, {encoder.name: ModelIdentity.from_encoder(encoder) for encoder in encoders}, "this run")
    return classifier


def classifier_path(settings: Settings) -> Path:
    """Return the path of the classifier: that of the settings, else `classifier.npz` in the data folder."""
    return settings.classifier or settings.data / "classifier.npz"


def load_class_set(settings: Settings, file: Path | None) -> ClassSet:
    """Return the classes of a file, else those of the classifier if there is one, else the paper's."""
    path = classifier_path(settings)
    return Classifier.load(path).class_set if file is None and path.is_file() else read_classes(file)


def label_pictures(
    pictures: LabelledPictures, classifier: Classifier, labelled_at: str, advance: AdvanceProgress = lambda _: None
) -> LabellingResult:
    """Label every picture that neither a person nor this classifier has labelled.

    An interrupted run can be repeated: it skips what is already labelled.
    """
    result = LabellingResult()
    for batch in pictures.batches(
        unlabelled_query(classifier.model_names, classifier.id), feature_fields(classifier.model_names)
    ):
        fields = predict_fields(
            classifier, feature_rows(classifier.model_names, [picture.vectors for picture in batch]), labelled_at
        )
        result.pictures += len(batch)
        result.written += pictures.update(zip(batch, fields, strict=True))
        result.hidden += sum(picture_fields["hidden"] for picture_fields in fields)
        advance(len(batch))
    pictures.refresh()
    return result


def write_zero_shot_guesses(
    pictures: LabelledPictures,
    zero_shot: ZeroShotClassifier,
    model_name: str,
    advance: AdvanceProgress = lambda _: None,
) -> LabellingResult:
    """Write zero-shot guesses into the field `zero_shot`; labels stay as they are.

    An interrupted run can be repeated: it skips pictures with a guess from the same prompts.
    """
    result = LabellingResult()
    for batch in pictures.batches(unguessed_query(model_name, zero_shot.id), vector_fields(model_name)):
        guesses = zero_shot.guess(feature_rows([model_name], [picture.vectors for picture in batch]))
        fields = [
            {"zero_shot": {"name": guess.class_name, "confidence": round(guess.confidence, 4), "model": zero_shot.id}}
            for guess in guesses
        ]
        result.pictures += len(batch)
        result.written += pictures.update(zip(batch, fields, strict=True))
        advance(len(batch))
    pictures.refresh()
    return result


def correct_label(
    pictures: LabelledPictures, picture_name: str, label: str, *, labelled_by: str, labelled_at: str, hidden: bool
) -> IndexedPicture:
    """Write a person's label, which no later run overwrites; return the picture as it was before."""
    pictures.refresh()
    matches = pictures.find([picture_name], {})
    if picture_name not in matches:
        raise FrontispieceError(f"there is no picture {picture_name}")
    fields = {
        # An update merges objects, so `confidence` and `model` of an earlier label must be cleared.
        "label": {
            "name": label,
            "source": LIBRARIAN,
            "by": labelled_by,
            "at": labelled_at,
            "confidence": None,
            "model": None,
        },
        "hidden": hidden,
    }
    if not pictures.update([(matches[picture_name], fields)]):
        raise FrontispieceError(
            f"{picture_name} was changed by someone else at the same moment; check its label and try again"
        )
    pictures.refresh()
    return matches[picture_name]


def add_labels(documents: Sequence[HybridDocument], classifier: Classifier, labelled_at: str) -> list[HybridDocument]:
    """Return the documents with the classifier's label, except where a person gave one.

    A picture with a librarian's label is hidden if its class is a hidden one.
    """
    if not documents:
        return []
    label_fields = predict_fields(
        classifier,
        feature_rows(classifier.model_names, [document.classifier_inputs for document in documents]),
        labelled_at,
    )
    return [
        _add_label(document, classifier, document_fields)
        for document, document_fields in zip(documents, label_fields, strict=True)
    ]


def name_catalogue_label(document: HybridDocument, class_set: ClassSet) -> HybridDocument:
    """Return the document with the catalogue's label in the words of the classes; a hidden class hides the picture.

    `label.catalogued` keeps the catalogue's own word.
    """
    label = document.source.get("label")
    if not label or label["source"] != CATALOGUE:
        return document
    name = class_set.name_label(label["name"])
    hidden_field = {"hidden": True} if name in class_set.hidden else {}
    return document.with_fields({"label": {**label, "name": name, "catalogued": label["name"]}, **hidden_field})


def _add_label(document: HybridDocument, classifier: Classifier, fields: Mapping[str, Any]) -> HybridDocument:
    label = document.label
    if label and label.source in HUMAN_SOURCES:
        is_hidden = label.source == LIBRARIAN and label.name in classifier.hidden_classes
        fields = {"hidden": True} if is_hidden else {}
    return document.with_fields(fields)


def predict_fields(classifier: Classifier, rows: Any, labelled_at: str) -> list[dict[str, Any]]:
    """Return the fields `label` and `hidden` of each picture; `rows` has shape (pictures, features)."""
    prediction = classifier.predict(rows)
    confidences = np.asarray(prediction.probabilities).max(axis=1).tolist()
    return [
        {
            "label": {
                "name": str(name),
                "source": CLASSIFIER,
                "confidence": round(confidence, 4),
                "at": labelled_at,
                "model": classifier.id,
            },
            "hidden": str(name) in classifier.hidden_classes,
        }
        for name, confidence in zip(prediction.labels, confidences, strict=True)
    ]
