"""What a classifier learns from: labels of files and of the index, each with the vectors of its picture."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
from PIL import Image

from core.encoders import Encoder, Vectors
from core.encoders.features import Features, encode_for_classifier
from core.errors import CropUnavailable
from core.images import to_rgb
from indexer.classification.label_files import LabelEntry
from indexer.documents.pictures import LIBRARIAN
from indexer.elasticsearch.labelled_pictures import LabelledPictures, feature_fields, human_labelled_query
from indexer.records import is_url

BOOK_IDENTIFIER = re.compile(r"(?=(?:[a-z]*\d){6})[a-z0-9]{7,}", re.IGNORECASE)
"""Seven letters and digits or more, six of them digits: an ark (`bpt6k1514025q`), a URN's number, a hash."""

OpenImage = Callable[[str], Image.Image]
"""A path or URL → the picture; `CropUnavailable` where it cannot be had."""
ReportSkipped = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingExample:
    """A picture to learn from."""

    picture: str
    label: str
    book: str
    """No book may be on both sides of a split."""
    vectors: Mapping[str, Vectors | Features]
    by_librarian: bool = False


def read_indexed_examples(pictures: LabelledPictures, model_names: Sequence[str]) -> Iterator[TrainingExample]:
    """Every picture that the catalogue or a librarian gave a label."""
    for batch in pictures.batches(human_labelled_query(), feature_fields(model_names)):
        for picture in batch:
            if picture.vectors.keys() >= set(model_names):
                by_librarian = picture.label.get("source") == LIBRARIAN
                label = str(picture.label.get("name", ""))
                yield TrainingExample(
                    picture=picture.id,
                    label=label,
                    book=picture.book,
                    vectors=picture.vectors,
                    by_librarian=by_librarian,
                )


def find_indexed_examples(
    pictures: LabelledPictures, labels: Sequence[LabelEntry], model_names: Sequence[str]
) -> dict[str, TrainingExample]:
    """Those of these labels whose pictures the index has, by the name that the label gives the picture."""
    labels_by_picture = {label.picture: label for label in labels}
    return {
        name: TrainingExample(
            picture=picture.id, label=labels_by_picture[name].label, book=picture.book, vectors=picture.vectors
        )
        for name, picture in pictures.find(list(labels_by_picture), feature_fields(model_names)).items()
        if picture.vectors.keys() >= set(model_names)
    }


def encode_examples(
    labels: Sequence[LabelEntry], encoders: Sequence[Encoder], open_image: OpenImage, *, report_skipped: ReportSkipped
) -> Iterator[TrainingExample]:
    """Pictures that are opened and encoded now, all at once; one that cannot be had is told to `report`."""
    labelled_images = list(_open_images(labels, open_image, report_skipped))
    if not labelled_images:
        return
    images = [image for _, image in labelled_images]
    rows_by_model = {encoder.name: encode_for_classifier(encoder, images) for encoder in encoders}
    for number, (label, _) in enumerate(labelled_images):
        vectors = {model_name: model_rows[number] for model_name, model_rows in rows_by_model.items()}
        yield TrainingExample(
            picture=label.picture, label=label.label, book=label.book or _guess_book(label.picture), vectors=vectors
        )


def _open_images(
    labels: Iterable[LabelEntry], open_image: OpenImage, report_skipped: ReportSkipped
) -> Iterator[tuple[LabelEntry, Image.Image]]:
    for label in labels:
        try:
            yield label, open_image(label.picture)
        except CropUnavailable as error:
            report_skipped(f"{label.picture} is left out: {error.cause}")


def image_opener(folders: Sequence[Path], fetch: Callable[[str], Image.Image]) -> OpenImage:
    """Paths below these folders, with or without the folders they begin with; URLs are fetched."""

    def open_image(picture: str) -> Image.Image:
        if is_url(picture):
            return fetch(picture)
        path = next((path for folder in folders for path in _candidate_paths(folder, picture) if path.is_file()), None)
        if path is None:
            raise CropUnavailable(picture, "no such file, and the index has no such picture")
        try:
            with Image.open(path) as image:
                image.load()
                return to_rgb(image)
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            raise CropUnavailable(picture, f"unreadable picture: {error}") from error

    return open_image


def merge_examples(sources: Iterable[Iterable[TrainingExample]]) -> list[TrainingExample]:
    """Each picture once: a librarian's word before a file's, a file's before the catalogue's."""
    examples: dict[str, TrainingExample] = {}
    for source in sources:
        for example in source:
            existing = examples.get(example.picture)
            if existing is None or not existing.by_librarian:
                examples[example.picture] = example
    return list(examples.values())


def feature_rows(model_names: Sequence[str], picture_vectors: Sequence[Mapping[str, Vectors | Features]]) -> Vectors:
    """One row per picture: what these models saw of it, side by side."""
    return np.stack(
        [np.concatenate([vectors[model_name] for model_name in model_names]) for vectors in picture_vectors]
    ).astype(np.float32)


def _candidate_paths(folder: Path, picture: str) -> Iterator[Path]:
    path_parts = PurePosixPath(picture).parts
    return (folder.joinpath(*path_parts[start:]) for start in range(len(path_parts)))


def _guess_book(picture: str) -> str:
    """The first identifier, else the folder: in doubt too large a group rather than one book torn apart."""
    match = BOOK_IDENTIFIER.search(picture if is_url(picture) else PurePosixPath(picture).name)
    return match[0].lower() if match else str(PurePosixPath(picture).parent)
