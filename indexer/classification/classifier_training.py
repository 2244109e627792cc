"""Labels of files and of the index → a classifier."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from core import encoders
from core.encoders import Encoder, features
from core.encoders.fingerprint import check_fingerprint
from core.errors import CropUnavailable, FingerprintMismatch, FrontispieceError
from core.images import to_rgb
from core.settings import Settings
from indexer.classification.classes import ClassSet
from indexer.classification.examples import (
    OpenImage,
    TrainingExample,
    encode_examples,
    feature_rows,
    find_indexed_examples,
    image_opener,
    merge_examples,
    read_indexed_examples,
)
from indexer.classification.label_files import LabelEntry, read_labels
from indexer.classification.model import Classifier
from indexer.cli import load_encoders
from indexer.elasticsearch.collection import REBUILD_HINT
from indexer.elasticsearch.labelled_pictures import FINGERPRINT_KEYS, LabelledPictures
from indexer.images.crops import Cropper

ReportProblem = Callable[[str], None]
AdvanceEncoding = Callable[[int, int], None]
"""How many pictures more were encoded, and of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingSet:
    """Labelled pictures with their vectors, and which models made these."""

    examples: Sequence[TrainingExample]
    fingerprints: Mapping[str, Mapping[str, Any]]
    """Name → id, revision, preprocessing."""


def build_training_set(
    settings: Settings,
    pictures: LabelledPictures | None,
    label_files: Sequence[Path],
    image_folder: Path | None,
    *,
    report_skipped: ReportProblem,
    advance: AdvanceEncoding,
) -> TrainingSet:
    """What the files say and what people said in the index; pictures that it does not have are encoded now."""
    labels = list({label.picture: label for file in label_files for label in read_labels(file)}.values())
    index_fingerprints = dict(pictures.model_fingerprints()) if pictures else {}
    model_names = _select_models(settings, index_fingerprints)
    indexed: dict[str, TrainingExample] = {}
    from_index: list[TrainingExample] = []
    if pictures:
        pictures.refresh()
        from_index = list(read_indexed_examples(pictures, model_names))
        indexed = find_indexed_examples(pictures, labels, model_names)
    missing = [label for label in labels if label.picture not in indexed]
    loaded_encoders = _load_encoders(settings, model_names, index_fingerprints) if missing else []
    folders = [image_folder] if image_folder else list(dict.fromkeys(file.parent for file in label_files))
    encoded = _encode_labels(
        settings, missing, loaded_encoders, folders, report_skipped=report_skipped, advance=advance
    )
    full_fingerprints = {model_name: index_fingerprints[model_name] for model_name in model_names} or {
        encoder.name: features.encoder_identity(encoder) for encoder in loaded_encoders
    }
    fingerprints = {
        model_name: {key: fingerprint[key] for key in FINGERPRINT_KEYS if key in fingerprint}
        for model_name, fingerprint in full_fingerprints.items()
    }
    return TrainingSet(examples=merge_examples([from_index, indexed.values(), encoded]), fingerprints=fingerprints)


def train_classifier(training_set: TrainingSet, class_set: ClassSet, *, report_skipped: ReportProblem) -> Classifier:
    """Labels that mean none of the classes are told and left out."""
    examples_with_class = [(example, class_set.find_class(example.label)) for example in training_set.examples]
    for label, count in sorted(
        Counter(example.label for example, class_name in examples_with_class if class_name is None).items()
    ):
        report_skipped(f"{count} pictures called {label!r} are left out: it is none of {', '.join(class_set.classes)}")
    usable_examples = [(example, class_name) for example, class_name in examples_with_class if class_name is not None]
    if len({class_name for _, class_name in usable_examples}) < 2:
        raise FrontispieceError(
            "there are labels of fewer than two classes to learn from: name a file of labels, "
            "or give some with `frontispiece classify correct`"
        )
    block_sizes = [len(usable_examples[0][0].vectors[model_name]) for model_name in training_set.fingerprints]
    return Classifier.fit(
        feature_rows(list(training_set.fingerprints), [example.vectors for example, _ in usable_examples]),
        [class_name for _, class_name in usable_examples],
        [example.book for example, _ in usable_examples],
        class_set=class_set,
        fingerprints=training_set.fingerprints,
        block_sizes=block_sizes,
    )


def _select_models(settings: Settings, fingerprints: Mapping[str, Any]) -> list[str]:
    """The models to learn from: those of the settings, else all that the index has."""
    names = [name.strip() for name in settings.models.split(",") if name.strip()]
    if fingerprints and (missing_models := sorted(set(names) - fingerprints.keys())):
        raise FrontispieceError(
            f"the index has no vectors of {', '.join(missing_models)}; it has {', '.join(fingerprints)}"
        )
    model_names = [name for name in fingerprints if not names or name in names]
    if outdated_models := [
        name for name in model_names if features.has_features(name) and "features" not in fingerprints[name]
    ]:
        raise FingerprintMismatch(
            f"the index has {', '.join(outdated_models)} without the features that are learnt from: {REBUILD_HINT}"
        )
    return model_names


def _load_encoders(
    settings: Settings, model_names: Sequence[str], fingerprints: Mapping[str, Mapping[str, Any]]
) -> list[Encoder]:
    """Those that filled the index, else those of the settings."""
    if not model_names:
        return load_encoders(settings)
    loaded_encoders = [encoders.load_encoder(name, settings) for name in model_names]
    for encoder in loaded_encoders:
        check_fingerprint(fingerprints[encoder.name], encoder)
    return loaded_encoders


def _encode_labels(
    settings: Settings,
    labels: Sequence[LabelEntry],
    image_encoders: Sequence[Encoder],
    folders: Sequence[Path],
    *,
    report_skipped: ReportProblem,
    advance: AdvanceEncoding,
) -> Iterator[TrainingExample]:
    with _image_opener(settings, folders) as open_image:
        size = settings.batch_size
        for start in range(0, len(labels), size):
            yield from encode_examples(
                labels[start : start + size], image_encoders, open_image, report_skipped=report_skipped
            )
            advance(min(size, len(labels) - start), len(labels))


@contextmanager
def _image_opener(settings: Settings, folders: Sequence[Path]) -> Iterator[OpenImage]:
    with Cropper(settings) as crops:

        def fetch_image(url: str) -> Image.Image:
            try:
                with Image.open(BytesIO(crops.fetch(url))) as image:
                    image.load()
                    return to_rgb(image)
            except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
                raise CropUnavailable(url, f"unreadable picture: {error}") from error

        yield image_opener(folders, fetch_image)
