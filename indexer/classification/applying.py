"""A classifier's word → the fields of pictures: of those in the index, and of those on their way there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core.encoders import Encoder
from core.encoders.fingerprint import contract
from core.errors import ContractBroken, FrontispieceError
from core.settings import Settings
from indexer.classification.examples import rows
from indexer.classification.model import Classifier
from indexer.classification.zero_shot import ZeroShot
from indexer.documents.hybrid import HybridDocument
from indexer.documents.pictures import LIBRARIAN
from indexer.elasticsearch.labelled_pictures import (
    IDENTITY,
    PEOPLE,
    Collection,
    Stored,
    compared_by,
    learnt_from,
    to_guess,
    to_label,
)

CLASSIFIER = "classifier"
"""The source of a label that a classifier gave."""

Advance = Callable[[int], None]


@dataclass(slots=True)
class Applied:
    """What a run did."""

    pictures: int = 0
    """Pictures that were looked at."""
    written: int = 0
    set_aside: int = 0


def accept(classifier: Classifier, models: Mapping[str, Mapping[str, Any]], where: str) -> None:
    """Nothing, or `ContractBroken` that says which model differs and what to do about it."""
    learnt_on = classifier.provenance["models"]
    for name in classifier.needs:
        if name not in models:
            raise ContractBroken(
                f"the classifier needs vectors of {name}, which {where} does not have: index with that model too, "
                f"or learn from what is there, `frontispiece classify train`"
            )
        for fact in IDENTITY:
            if learnt_on[name].get(fact) != models[name].get(fact):
                raise ContractBroken(
                    f"the classifier learnt from {name} with {fact} {learnt_on[name].get(fact)!r}, and {where} has "
                    f"{models[name].get(fact)!r}: learn again from what is there, `frontispiece classify train`"
                )


def for_run(settings: Settings, encoders: Sequence[Encoder]) -> Classifier | None:
    """The classifier of the settings, which must know what these models make; None where none is set."""
    if not settings.classifier:
        return None
    classifier = Classifier.load(settings.classifier)
    accept(classifier, {each.name: contract(each) for each in encoders}, "this run")
    return classifier


def apply(collection: Collection, classifier: Classifier, at: str, advance: Advance = lambda _: None) -> Applied:
    """Labels every picture that neither a person nor this classifier has labelled; stopped, it goes on from there."""
    done = Applied()
    for batch in collection.batches(to_label(classifier.needs, classifier.id), learnt_from(classifier.needs)):
        fields = named(classifier, rows(classifier.needs, [each.vectors for each in batch]), at)
        done.pictures += len(batch)
        done.written += collection.update(zip(batch, fields, strict=True))
        done.set_aside += sum(each["set_aside"] for each in fields)
        advance(len(batch))
    collection.refresh()
    return done


def guess(collection: Collection, zero_shot: ZeroShot, model: str, advance: Advance = lambda _: None) -> Applied:
    """Writes what the prompts say beside whatever label there is; stopped, it goes on from there."""
    done = Applied()
    for batch in collection.batches(to_guess(model, zero_shot.id), compared_by(model)):
        guesses = zero_shot.guess(rows([model], [each.vectors for each in batch]))
        fields = [
            {"zero_shot": {"name": each.name, "confidence": round(each.confidence, 4), "model": zero_shot.id}}
            for each in guesses
        ]
        done.pictures += len(batch)
        done.written += collection.update(zip(batch, fields, strict=True))
        advance(len(batch))
    collection.refresh()
    return done


def correct(collection: Collection, picture: str, label: str, *, by: str, at: str, set_aside: bool) -> Stored:
    """Writes a person's word for good; what the picture was before."""
    collection.refresh()
    found = collection.named([picture], {})
    if picture not in found:
        raise FrontispieceError(f"there is no picture {picture}")
    fields = {
        # An update merges objects: what is not said anew would stay.
        "label": {"name": label, "source": LIBRARIAN, "by": by, "at": at, "confidence": None, "model": None},
        "set_aside": set_aside,
    }
    if not collection.update([(found[picture], fields)]):
        raise FrontispieceError(f"{picture} was changed by someone else at the same moment; look again and repeat it")
    collection.refresh()
    return found[picture]


def labelled(documents: Sequence[HybridDocument], classifier: Classifier, at: str) -> list[HybridDocument]:
    """The same documents as indexing writes them, with the classifier's label where no person gave one.

    A librarian's label says what is set aside; the record's word hides nothing.
    """
    if not documents:
        return []
    fields = named(classifier, rows(classifier.needs, [each.learnable for each in documents]), at)
    return [_labelled(document, classifier, each) for document, each in zip(documents, fields, strict=True)]


def _labelled(document: HybridDocument, classifier: Classifier, fields: Mapping[str, Any]) -> HybridDocument:
    label = document.source.get("label") or {}
    if label.get("source") in PEOPLE:
        hidden = label["source"] == LIBRARIAN and label["name"] in classifier.set_aside
        fields = {"set_aside": True} if hidden else {}
    return replace(document, source={**document.source, **fields})


def named(classifier: Classifier, features: Any, at: str) -> list[dict[str, Any]]:
    """The fields of pictures, one row of features each."""
    said = classifier.predict(features)
    best = np.asarray(said.probabilities).max(axis=1).tolist()
    return [
        {
            "label": {
                "name": str(name),
                "source": CLASSIFIER,
                "confidence": round(confidence, 4),
                "at": at,
                "model": classifier.id,
            },
            "set_aside": str(name) in classifier.set_aside,
        }
        for name, confidence in zip(said.labels, best, strict=True)
    ]
