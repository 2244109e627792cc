"""A classifier's word → the fields of pictures: of those in the index, and of those on their way there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core.encoders import Encoder
from core.encoders.fingerprint import model_fingerprint
from core.errors import FingerprintMismatch, FrontispieceError
from core.settings import Settings
from indexer.classification.examples import feature_rows
from indexer.classification.model import Classifier
from indexer.classification.zero_shot import ZeroShotClassifier
from indexer.documents.hybrid import HybridDocument
from indexer.documents.pictures import LIBRARIAN
from indexer.elasticsearch.labelled_pictures import (
    FINGERPRINT_KEYS,
    HUMAN_SOURCES,
    IndexedPicture,
    LabelledPictures,
    feature_fields,
    unguessed_query,
    unlabelled_query,
    vector_fields,
)

CLASSIFIER = "classifier"
"""The source of a label that a classifier gave."""

AdvanceProgress = Callable[[int], None]


@dataclass(slots=True)
class LabellingResult:
    """What a run did."""

    pictures: int = 0
    """Pictures that were looked at."""
    written: int = 0
    hidden: int = 0


def check_models(classifier: Classifier, fingerprints: Mapping[str, Mapping[str, Any]], vectors_source: str) -> None:
    """Nothing, or `ContractBroken` that says which model differs and what to do about it."""
    training_fingerprints = classifier.provenance["models"]
    for model_name in classifier.model_names:
        if model_name not in fingerprints:
            raise FingerprintMismatch(
                f"the classifier needs vectors of {model_name}, which {vectors_source} does not have: index with "
                "that model too, "
                f"or learn from what is there, `frontispiece classify train`"
            )
        for key in FINGERPRINT_KEYS:
            if training_fingerprints[model_name].get(key) != fingerprints[model_name].get(key):
                raise FingerprintMismatch(
                    f"the classifier learnt from {model_name} with {key} "
                    f"{training_fingerprints[model_name].get(key)!r}, and {vectors_source} has "
                    f"{fingerprints[model_name].get(key)!r}: learn again from what is there, `frontispiece "
                    "classify train`"
                )


def load_classifier(settings: Settings, encoders: Sequence[Encoder]) -> Classifier | None:
    """The classifier of the settings, which must know what these models make; None where none is set."""
    if not settings.classifier:
        return None
    classifier = Classifier.load(settings.classifier)
    check_models(classifier, {encoder.name: model_fingerprint(encoder) for encoder in encoders}, "this run")
    return classifier


def label_pictures(
    pictures: LabelledPictures, classifier: Classifier, labelled_at: str, advance: AdvanceProgress = lambda _: None
) -> LabellingResult:
    """Labels every picture that neither a person nor this classifier has labelled; stopped, it goes on from there."""
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


def guess_classes(
    pictures: LabelledPictures,
    zero_shot: ZeroShotClassifier,
    model_name: str,
    advance: AdvanceProgress = lambda _: None,
) -> LabellingResult:
    """Writes what the prompts say beside whatever label there is; stopped, it goes on from there."""
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
    """Writes a person's word for good; what the picture was before."""
    pictures.refresh()
    matches = pictures.find([picture_name], {})
    if picture_name not in matches:
        raise FrontispieceError(f"there is no picture {picture_name}")
    fields = {
        # An update merges objects: what is not said anew would stay.
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
            f"{picture_name} was changed by someone else at the same moment; look again and repeat it"
        )
    pictures.refresh()
    return matches[picture_name]


def add_labels(documents: Sequence[HybridDocument], classifier: Classifier, labelled_at: str) -> list[HybridDocument]:
    """The same documents as indexing writes them, with the classifier's label where no person gave one.

    A librarian's label says what is set aside; the record's word hides nothing.
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


def _add_label(document: HybridDocument, classifier: Classifier, fields: Mapping[str, Any]) -> HybridDocument:
    label = document.source.get("label") or {}
    if label.get("source") in HUMAN_SOURCES:
        hidden = label["source"] == LIBRARIAN and label["name"] in classifier.hidden_classes
        fields = {"hidden": True} if hidden else {}
    return replace(document, source={**document.source, **fields})


def predict_fields(classifier: Classifier, rows: Any, labelled_at: str) -> list[dict[str, Any]]:
    """The fields of pictures, one row of features each."""
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
