"""Collect labels from files and from the index, and train a classifier with them."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from core import encoders
from core.batches import batched
from core.console import print_message
from core.encoders import Encoder, features
from core.encoders.fingerprint import ModelFingerprint, ModelIdentity, check_fingerprint
from core.encoders.selection import load_encoders
from core.encoders.tuning import tune_encoders
from core.errors import FingerprintMismatch, FrontispieceError
from core.picture_classes import ClassSet
from core.settings import Settings
from indexer.classification.examples import (
    ReportSkipped,
    TrainingExample,
    add_book_sources,
    encode_examples,
    feature_rows,
    find_indexed_examples,
    image_opener,
    merge_examples,
    read_indexed_examples,
)
from indexer.classification.label_files import LabelEntry, read_labels
from indexer.classification.model import QUALITY, Classifier
from indexer.elasticsearch.collection import REBUILD_HINT
from indexer.elasticsearch.labelled_pictures import LabelledPictures
from indexer.images.fetching import Fetcher

AdvanceEncoding = Callable[[int, int], None]
"""Receives the number of pictures that were just encoded, and the total to encode."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingSet:
    """Labelled pictures with their vectors, and the models that made the vectors."""

    examples: Sequence[TrainingExample]
    identities: Mapping[str, ModelIdentity]
    """Model → its identity, in the order of the parts of a row."""


def build_training_set(
    settings: Settings,
    pictures: LabelledPictures | None,
    label_files: Sequence[Path],
    image_folder: Path | None,
    *,
    report_skipped: ReportSkipped,
    advance: AdvanceEncoding,
) -> TrainingSet:
    """Collect the labels of the files and those that people gave in the index.

    A labelled picture that the index does not have is opened below `image_folder` (default: the folders of the label
    files) and encoded. `pictures` is None if there is no index.
    """
    labels = list({label.picture: label for file in label_files for label in read_labels(file)}.values())
    index_fingerprints = dict(pictures.model_fingerprints()) if pictures else {}
    model_names = _select_models(settings, index_fingerprints)
    from_index, indexed = _read_index(pictures, labels, model_names)
    missing = [label for label in labels if label.picture not in indexed]
    loaded_encoders = (
        _load_encoders(settings, model_names, index_fingerprints, report_skipped=report_skipped) if missing else []
    )
    folders = [image_folder] if image_folder else list(dict.fromkeys(file.parent for file in label_files))
    encoded = _encode_labels(
        settings, missing, loaded_encoders, folders, report_skipped=report_skipped, advance=advance
    )
    identities = {model_name: index_fingerprints[model_name].identity for model_name in model_names} or {
        encoder.name: ModelIdentity.from_encoder(encoder) for encoder in loaded_encoders
    }
    return TrainingSet(examples=merge_examples([from_index, indexed.values(), encoded]), identities=identities)


def train_classifier(training_set: TrainingSet, class_set: ClassSet, *, report_skipped: ReportSkipped) -> Classifier:
    """Train a classifier; labels that name none of the classes are left out and reported."""
    # scikit-learn takes two seconds to import, and only training needs it.
    from indexer.classification.fitting import build_classifier, fit_best  # noqa: PLC0415
    from indexer.classification.quality_measurement import measure_quality  # noqa: PLC0415

    examples_with_class = [(example, class_set.find_class(example.label)) for example in training_set.examples]
    for label, count in sorted(
        Counter(example.label for example, class_name in examples_with_class if class_name is None).items()
    ):
        report_skipped(
            f"{count} pictures labelled {label!r} are left out: the classes are {', '.join(class_set.classes)}"
        )
    usable_examples = [(example, class_name) for example, class_name in examples_with_class if class_name is not None]
    if len({class_name for _, class_name in usable_examples}) < 2:
        raise FrontispieceError(
            "training needs labels of at least two classes: name a file of labels, "
            "or label pictures with `frontispiece classify correct`"
        )
    rows = feature_rows(list(training_set.identities), [example.vectors for example, _ in usable_examples])
    block_sizes = [len(usable_examples[0][0].vectors[model_name]) for model_name in training_set.identities]
    labels, books = (
        np.array([name for _, name in usable_examples]),
        np.array([item.book for item, _ in usable_examples]),
    )
    fit_result = fit_best(rows, labels, books, block_sizes)
    classifier = build_classifier(
        rows, labels.tolist(), fit_result, class_set=class_set, identities=training_set.identities
    )
    sources = [example.source for example, _ in usable_examples]
    quality = measure_quality(rows, labels, books, sources=sources, fit_result=fit_result, block_sizes=block_sizes)
    return replace(classifier, provenance={**classifier.provenance, QUALITY: quality.to_meta()})


def _read_index(
    pictures: LabelledPictures | None, labels: Sequence[LabelEntry], model_names: Sequence[str]
) -> tuple[list[TrainingExample], dict[str, TrainingExample]]:
    """Return the examples with a label in the index, and those that the label files name, by the name used there."""
    if pictures is None:
        return [], {}
    pictures.refresh()
    labelled = list(read_indexed_examples(pictures, model_names))
    named = find_indexed_examples(pictures, labels, model_names)
    book_sources = pictures.book_sources({example.book for example in (*labelled, *named.values())})
    named_examples = add_book_sources(list(named.values()), book_sources)
    return add_book_sources(labelled, book_sources), dict(zip(named, named_examples, strict=True))


def _select_models(settings: Settings, fingerprints: Mapping[str, ModelFingerprint]) -> list[str]:
    """Return the models to learn from: those of the settings, else all models of the index."""
    names = [name.strip() for name in settings.models.split(",") if name.strip()]
    if fingerprints and (missing_models := sorted(set(names) - fingerprints.keys())):
        raise FrontispieceError(
            f"the index has no vectors of {', '.join(missing_models)}; it has {', '.join(fingerprints)}"
        )
    model_names = [name for name in fingerprints if not names or name in names]
    if outdated_models := [
        name for name in model_names if features.has_features(name) and not fingerprints[name].identity.features
    ]:
        raise FingerprintMismatch(
            f"the index lacks the classifier's features of {', '.join(outdated_models)}: {REBUILD_HINT}"
        )
    return model_names


def _load_encoders(
    settings: Settings,
    model_names: Sequence[str],
    fingerprints: Mapping[str, ModelFingerprint],
    *,
    report_skipped: ReportSkipped,
) -> list[Encoder]:
    """Load the models that filled the index, checking their fingerprints, else those of the settings."""
    if not model_names:
        loaded_encoders = load_encoders(settings, warn=report_skipped)
    else:
        loaded_encoders = [encoders.load_encoder(name, settings) for name in model_names]
        for encoder in loaded_encoders:
            check_fingerprint(fingerprints[encoder.name], encoder)
    return tune_encoders(loaded_encoders, print_message)


def _encode_labels(
    settings: Settings,
    labels: Sequence[LabelEntry],
    image_encoders: Sequence[Encoder],
    folders: Sequence[Path],
    *,
    report_skipped: ReportSkipped,
    advance: AdvanceEncoding,
) -> Iterator[TrainingExample]:
    with Fetcher(settings) as fetcher:
        open_image = image_opener(folders, fetcher.get)
        for batch in batched(labels, settings.batch_size):
            yield from encode_examples(batch, image_encoders, open_image, report_skipped=report_skipped)
            advance(len(batch), len(labels))
