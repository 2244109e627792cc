"""Training examples: labels from files and from the index, each with the vectors of its picture."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import numpy as np
from PIL import Image

from core.encoders import Encoder, Vectors
from core.encoders.features import encode_for_classifier
from core.encoders.protocols import Features
from core.errors import FileUnavailable
from core.image_files import decode_image
from core.images import to_rgb
from indexer.classification.label_files import LabelEntry
from indexer.documents.pictures import LIBRARIAN
from indexer.elasticsearch.labelled_pictures import LabelledPictures, feature_fields, human_labelled_query
from indexer.records import is_url

BOOK_IDENTIFIER = re.compile(r"(?=(?:[a-z]*\d){6})[a-z0-9]{7,}", re.IGNORECASE)
"""Seven or more letters and digits, at least six of them digits: an ark (`bpt6k1514025q`), a URN's number, a hash."""

OpenImage = Callable[[str], Image.Image]
"""Opens the picture at a path or URL; raises `FileUnavailable` if it cannot."""
ReportSkipped = Callable[[str], None]
"""Receives a sentence about a picture or label that is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingExample:
    """One labelled picture with its vectors."""

    picture: str
    label: str
    book: str
    """Identifies the book: a split for cross-validation keeps each book on one side."""
    vectors: Mapping[str, Vectors | Features]
    """By model."""
    source: str = ""
    """The library or data set that the picture comes from; empty if it is unknown."""
    by_librarian: bool = False


def read_indexed_examples(pictures: LabelledPictures, model_names: Sequence[str]) -> Iterator[TrainingExample]:
    """Read every picture of the index whose label comes from the catalogue or from a librarian."""
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
    """Look up labelled pictures in the index; return those it has, keyed by `LabelEntry.picture`."""
    labels_by_picture = {label.picture: label for label in labels}
    return {
        name: TrainingExample(
            picture=picture.id,
            label=labels_by_picture[name].label,
            book=picture.book,
            vectors=picture.vectors,
            # The name may be that of a crop, whose folder is no library.
            source=labels_by_picture[name].source,
        )
        for name, picture in pictures.find(list(labels_by_picture), feature_fields(model_names)).items()
        if picture.vectors.keys() >= set(model_names)
    }


def encode_examples(
    labels: Sequence[LabelEntry], encoders: Sequence[Encoder], open_image: OpenImage, *, report_skipped: ReportSkipped
) -> Iterator[TrainingExample]:
    """Open the pictures of these labels and encode them as one batch.

    A picture that cannot be opened is left out and reported.
    """
    labelled_images = list(_open_images(labels, open_image, report_skipped))
    if not labelled_images:
        return
    images = [image for _, image in labelled_images]
    rows_by_model = {encoder.name: encode_for_classifier(encoder, images) for encoder in encoders}
    for number, (label, _) in enumerate(labelled_images):
        vectors = {model_name: model_rows[number] for model_name, model_rows in rows_by_model.items()}
        yield TrainingExample(
            picture=label.picture,
            label=label.label,
            book=label.book or _guess_book(label.picture),
            vectors=vectors,
            source=_guess_source(label),
        )


def _open_images(
    labels: Iterable[LabelEntry], open_image: OpenImage, report_skipped: ReportSkipped
) -> Iterator[tuple[LabelEntry, Image.Image]]:
    for label in labels:
        try:
            yield label, open_image(label.picture)
        except FileUnavailable as error:
            report_skipped(f"{label.picture} is left out: {error.cause}")


def image_opener(folders: Sequence[Path], fetch: Callable[[str], bytes]) -> OpenImage:
    """Return a function that opens a picture by path or URL; `fetch` downloads a URL.

    A path is tried below each folder, then again without its leading folders, one after the other.
    """

    def open_image(picture: str) -> Image.Image:
        source = BytesIO(fetch(picture)) if is_url(picture) else _find_file(picture, folders)
        return to_rgb(decode_image(source, picture).image)

    return open_image


def add_book_sources(examples: Sequence[TrainingExample], book_sources: Mapping[str, str]) -> list[TrainingExample]:
    """Return the examples with the server from which their books were read, where no file of labels names a library.

    `book_sources` maps a book to the URL or path at which it was read; of a path the library is unknown.
    """
    return [
        replace(example, source=example.source or server_name(book_sources.get(example.book, "")))
        for example in examples
    ]


def server_name(source: str) -> str:
    """Return the server of a URL; an empty string for anything else."""
    return (urlsplit(source).hostname or "") if is_url(source) else ""


def merge_examples(sources: Iterable[Iterable[TrainingExample]]) -> list[TrainingExample]:
    """Return each picture once. A librarian's label wins; otherwise a later source wins over an earlier one."""
    examples: dict[str, TrainingExample] = {}
    for source in sources:
        for example in source:
            existing = examples.get(example.picture)
            if existing is None or not existing.by_librarian:
                examples[example.picture] = example
    return list(examples.values())


def feature_rows(model_names: Sequence[str], picture_vectors: Sequence[Mapping[str, Vectors | Features]]) -> Vectors:
    """Concatenate the vectors of these models; return shape (pictures, features)."""
    return np.stack(
        [np.concatenate([vectors[model_name] for model_name in model_names]) for vectors in picture_vectors]
    ).astype(np.float32)


def _find_file(picture: str, folders: Sequence[Path]) -> Path:
    for folder in folders:
        for path in _candidate_paths(folder, picture):
            if path.is_file():
                return path
    raise FileUnavailable(picture, "no such file, and the index does not have this picture")


def _candidate_paths(folder: Path, picture: str) -> Iterator[Path]:
    # Names in labels are composed; macOS decomposes those on disk.
    for name in dict.fromkeys((picture, unicodedata.normalize("NFD", picture))):
        path_parts = PurePosixPath(name).parts
        yield from (folder.joinpath(*path_parts[start:]) for start in range(len(path_parts)))


def _guess_book(picture: str) -> str:
    """Return the first identifier in the name, else the folder.

    Grouping two books by mistake is harmless; splitting one book would leak between training and test.
    """
    match = BOOK_IDENTIFIER.search(picture if is_url(picture) else PurePosixPath(picture).name)
    return match[0].lower() if match else str(PurePosixPath(picture).parent)


def _guess_source(label: LabelEntry) -> str:
    """Return the library that the file of labels names, else the server of a URL, else the first folder of a path."""
    if label.source:
        return label.source
    if is_url(label.picture):
        return server_name(label.picture)
    path_parts = PurePosixPath(label.picture).parts
    return path_parts[0] if len(path_parts) > 1 else ""
