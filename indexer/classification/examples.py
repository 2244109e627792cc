"""What a classifier learns from: labels of files and of the index, each with the vectors of its picture."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
from PIL import Image

from core.encoders import Encoder, Vectors
from core.encoders.features import Traits, learnable
from core.errors import CropUnavailable
from core.images import rgb
from indexer.classification.training import Labelled
from indexer.documents.pictures import LIBRARIAN
from indexer.elasticsearch.labelled_pictures import Collection, by_people, learnt_from
from indexer.records import is_url

IDENTIFIER = re.compile(r"(?=(?:[a-z]*\d){6})[a-z0-9]{7,}", re.IGNORECASE)
"""Seven letters and digits or more, six of them digits: an ark (`bpt6k1514025q`), a URN's number, a hash."""

Open = Callable[[str], Image.Image]
"""A path or URL → the picture; `CropUnavailable` where it cannot be had."""
Report = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A picture to learn from."""

    picture: str
    label: str
    book: str
    """No book may be on both sides of a split."""
    vectors: Mapping[str, Vectors | Traits]
    by_librarian: bool = False


def of_index(collection: Collection, models: Sequence[str]) -> Iterator[Example]:
    """Every picture that the catalogue or a librarian gave a label."""
    for batch in collection.batches(by_people(), learnt_from(models)):
        for each in batch:
            if each.vectors.keys() >= set(models):
                librarian = each.label.get("source") == LIBRARIAN
                name = str(each.label.get("name", ""))
                yield Example(picture=each.id, label=name, book=each.book, vectors=each.vectors, by_librarian=librarian)


def in_index(collection: Collection, labels: Sequence[Labelled], models: Sequence[str]) -> dict[str, Example]:
    """Those of these labels whose pictures the index has, by the name that the label gives the picture."""
    wanted = {each.picture: each for each in labels}
    return {
        name: Example(picture=there.id, label=wanted[name].label, book=there.book, vectors=there.vectors)
        for name, there in collection.named(list(wanted), learnt_from(models)).items()
        if there.vectors.keys() >= set(models)
    }


def of_files(
    labels: Sequence[Labelled], encoders: Sequence[Encoder], open_: Open, *, report: Report
) -> Iterator[Example]:
    """Pictures that are opened and encoded now, all at once; one that cannot be had is told to `report`."""
    opened = list(_opened(labels, open_, report))
    if not opened:
        return
    images = [image for _, image in opened]
    vectors = {each.name: learnable(each, images) for each in encoders}
    for number, (each, _) in enumerate(opened):
        own = {name: found[number] for name, found in vectors.items()}
        yield Example(picture=each.picture, label=each.label, book=each.book or _source(each.picture), vectors=own)


def _opened(labels: Iterable[Labelled], open_: Open, report: Report) -> Iterator[tuple[Labelled, Image.Image]]:
    for each in labels:
        try:
            yield each, open_(each.picture)
        except CropUnavailable as error:
            report(f"{each.picture} is left out: {error.cause}")


def opener(folders: Sequence[Path], fetch: Callable[[str], Image.Image]) -> Open:
    """Paths below these folders, with or without the folders they begin with; URLs are fetched."""

    def opened(picture: str) -> Image.Image:
        if is_url(picture):
            return fetch(picture)
        path = next((path for folder in folders for path in _ways(folder, picture) if path.is_file()), None)
        if path is None:
            raise CropUnavailable(picture, "no such file, and the index has no such picture")
        try:
            with Image.open(path) as image:
                image.load()
                return rgb(image)
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            raise CropUnavailable(picture, f"unreadable picture: {error}") from error

    return opened


def merged(sources: Iterable[Iterable[Example]]) -> list[Example]:
    """Each picture once: a librarian's word before a file's, a file's before the catalogue's."""
    found: dict[str, Example] = {}
    for source in sources:
        for each in source:
            there = found.get(each.picture)
            if there is None or not there.by_librarian:
                found[each.picture] = each
    return list(found.values())


def rows(models: Sequence[str], seen: Sequence[Mapping[str, Vectors | Traits]]) -> Vectors:
    """One row per picture: what these models saw of it, side by side."""
    return np.stack([np.concatenate([each[model] for model in models]) for each in seen]).astype(np.float32)


def _ways(folder: Path, picture: str) -> Iterator[Path]:
    parts = PurePosixPath(picture).parts
    return (folder.joinpath(*parts[start:]) for start in range(len(parts)))


def _source(picture: str) -> str:
    """The first identifier, else the folder: in doubt too large a group rather than one book torn apart."""
    found = IDENTIFIER.search(picture if is_url(picture) else PurePosixPath(picture).name)
    return found[0].lower() if found else str(PurePosixPath(picture).parent)
