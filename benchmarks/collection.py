"""A synthetic collection of any size: lines of real pages in random order, and vectors in clusters.

It shares with a real collection the languages and word frequencies, the long tail of misread and compound words,
catalogue values of which few are frequent, and pictures with near neighbours. It is indexed through the same records
and documents as a real one.
"""

import hashlib
import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from elasticsearch import Elasticsearch
from elasticsearch.helpers import parallel_bulk
from PIL.Image import Image

from core.dates import YearRange
from core.encoders.protocols import Vectors
from core.encoders.vectors import normalise_vectors
from core.geometry import PixelBox
from indexer.documents.hybrid import HybridDocument
from indexer.documents.pictures import Picture
from indexer.elasticsearch.collection import Collection
from indexer.elasticsearch.mappings import index_body
from indexer.formats import alto
from indexer.records import Book, Context, GraphicalElement, Leaf, TextPassage

DIMENSIONS = {"sscd": 512, "siglip": 768}
PICTURES_PER_BOOK = 50
PAGE_WORDS, CONTEXT_WORDS = 280, 60
MISREAD_SHARE, COMPOUND_SHARE = 0.04, 0.06
"""Shares of the words with one wrong letter, or with the end of another word, so that the vocabulary grows with the
number of pages, as it does with OCR."""
LATENT_DIMENSIONS, CLUSTER_SIZE = 40, 25
"""Vectors of real pictures vary in some tens of directions and form clusters. Independent random vectors have no near
neighbours, so no graph can find any."""
Choice = TypeVar("Choice")

WORK_TYPES = ("book", "newspaper", "periodical", "map", "score")
LABELS = ("drawing", "photo", "map", "graphic", "drop_capital", "music", "stamp", "advert_poster")


@dataclass(frozen=True, slots=True)
class SyntheticEncoder:
    """A stand-in for a vision model; only the fingerprint of the index uses it, for its canary."""

    name: str
    dimensions: int
    model: str = "made"
    revision: str = "1"
    preprocessing: str = "none"

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        return normalise_vectors(np.ones((len(images), self.dimensions), np.float32))


ENCODERS = [SyntheticEncoder(name, dimensions) for name, dimensions in DIMENSIONS.items()]


class SyntheticCollection:
    """`size` pictures; the same pages always give the same pictures."""

    def __init__(self, size: int, pages: Sequence[bytes]) -> None:
        self.size = size
        self._pages = pages
        self._rng = np.random.default_rng()

    @cached_property
    def _lines_by_language(self) -> dict[str, list[list[str]]]:
        """Language → lines, each as a list of words."""
        lines: dict[str, list[list[str]]] = {}
        for data in self._pages:
            for page in alto.read_pages(data, "page"):
                texts = [line.text.split() for block in page.blocks for line in block.lines]
                lines.setdefault(page.language[:2], []).extend(text for text in texts if len(text) > 2)
        return {language: texts for language, texts in lines.items() if language and len(texts) >= 50}

    def pictures(self) -> Iterator[Picture]:
        self._rng = np.random.default_rng(100_000)
        for number in range(math.ceil(self.size / PICTURES_PER_BOOK)):
            yield from self._volume_pictures(number)

    def _volume_pictures(self, book_number: int) -> Iterator[Picture]:
        language = self._random_choice(list(self._lines_by_language))
        book = self._random_book(book_number, language)
        for picture_number in range(min(PICTURES_PER_BOOK, self.size - book_number * PICTURES_PER_BOOK)):
            if picture_number % 2 == 0:  # two on a page
                words = self._random_words(language, PAGE_WORDS)
            middle = len(words) // 2
            box = PixelBox(100, 100 + 900 * (picture_number % 2), 800, 600)
            context = Context(
                caption=TextPassage(" ".join(self._random_words(language, 8)), 0.9)
                if self._rng.random() < 0.7
                else TextPassage(),
                before=TextPassage(" ".join(words[middle - CONTEXT_WORDS : middle]), 0.9),
                after=TextPassage(" ".join(words[middle : middle + CONTEXT_WORDS]), 0.9),
                page_text=TextPassage(" ".join(words), 0.9),
            )
            leaf = Leaf(
                id=f"{book.id}_{picture_number // 2:04}",
                number=picture_number // 2 + 1,
                catalogue_label=self._random_choice(LABELS),
            )
            element = GraphicalElement(
                alto_id=f"GE{picture_number}", block_type="Illustration", box=box, context=context
            )
            yield Picture(book=book, leaf=leaf, element=element, scan_width=1800, scan_height=2600)

    def _random_book(self, number: int, language: str) -> Book:
        year = int(1700 + 240 * self._rng.beta(5, 2))
        return Book(
            id=f"book_{number:06}",
            title=" ".join(self._random_words(language, 5)),
            authors=(f"{self._zipf_value('First', 200)} {self._zipf_value('Last', 900)}",),
            subjects=tuple(self._zipf_value("Subject", 300) for _ in range(3)),
            years=YearRange(year, year),
            publisher=self._zipf_value("Publisher", 400),
            place=self._zipf_value("Town", 60),
            languages=(language,),
            type_of_work=self._random_choice(WORK_TYPES),
            identifiers=(f"urn:nbn:made_{number:06}",),
        )

    def _random_words(self, language: str, count: int) -> list[str]:
        lines, words = self._lines_by_language[language], list[str]()
        while len(words) < count:
            words += lines[self._rng.integers(len(lines))]
        words = words[:count]
        for position in np.flatnonzero(self._rng.random(count) < MISREAD_SHARE + COMPOUND_SHARE):
            words[position] = self._distort_word(words[position], lines)
        return words

    def _distort_word(self, word: str, lines: Sequence[Sequence[str]]) -> str:
        if self._rng.random() < COMPOUND_SHARE / (MISREAD_SHARE + COMPOUND_SHARE):
            other_word = self._random_choice(self._random_choice(lines))
            return word[: len(word) // 2 + 1] + other_word[len(other_word) // 2 :].lower()
        position = self._rng.integers(len(word))
        return word[:position] + self._random_choice("acefilnorstu") + word[position + 1 :]

    def _zipf_value(self, prefix: str, value_count: int) -> str:
        """Return one of `value_count` values, of which few are frequent, as in a catalogue."""
        return f"{prefix} {int(self._rng.zipf(1.3)) % value_count}"

    def _random_choice(self, values: Sequence[Choice]) -> Choice:
        return values[int(self._rng.integers(len(values)))]

    def vectors(self) -> dict[str, npt.NDArray[np.float32]]:
        return {name: self._clustered_vectors(dimensions) for name, dimensions in DIMENSIONS.items()}

    def _clustered_vectors(self, dimensions: int) -> npt.NDArray[np.float32]:
        rng = np.random.default_rng(dimensions)
        centres = rng.standard_normal((self.size // CLUSTER_SIZE + 1, LATENT_DIMENSIONS), np.float32)
        latent = centres[rng.integers(len(centres), size=self.size)]
        latent += 0.5 * rng.standard_normal((self.size, LATENT_DIMENSIONS), np.float32)
        vectors = latent @ rng.standard_normal((LATENT_DIMENSIONS, dimensions), np.float32)
        vectors += 0.5 * rng.standard_normal(vectors.shape, np.float32)
        return normalise_vectors(vectors)

    def documents(self) -> Iterator[dict[str, Any]]:
        """Yield bulk actions as the pipeline sends them, with rounded vectors."""
        vectors = {name: rows.astype(np.float64).round(5) for name, rows in self.vectors().items()}
        for row, picture in enumerate(self.pictures()):
            document = HybridDocument.from_picture(picture, "made")
            document_vectors = {name: rows[row].tolist() for name, rows in vectors.items()}
            yield {
                "_id": document.id,
                "_source": {**document.body("2026-01-01T00:00:00Z"), "vectors": document_vectors},
            }


def fill_indices(
    client: Elasticsearch, alias: str, collection: SyntheticCollection, *, max_segments: int | None = 1
) -> None:
    """Create the indices of a collection and fill that of pictures; None leaves the segments as they come."""
    indices = Collection.open_or_create(client, alias, ENCODERS)
    index_name = indices.pictures.name
    bulk_settings: dict[str, str | int] = {
        "refresh_interval": "-1",
        "translog.durability": "async",
        "translog.flush_threshold_size": "4gb",
    }
    if max_segments:
        bulk_settings["merge.policy.segments_per_tier"] = 50  # they are merged once, at the end
    client.indices.put_settings(index=index_name, settings={"index": bulk_settings})
    bulk_results = parallel_bulk(client, collection.documents(), index=index_name, thread_count=2, queue_size=2)
    for _ in bulk_results:
        continue
    indices.refresh()
    if max_segments:
        client.options(request_timeout=7200).indices.forcemerge(index=index_name, max_num_segments=max_segments)
    client.indices.put_settings(index=index_name, settings={"index": dict.fromkeys(bulk_settings)})


def row_number(document_id: str) -> int:
    """Return the index of a picture in the collection, which is also its row in the vectors."""
    book_number, picture_number = (int(number) for number in re.findall(r"book_(\d+)_\d+:GE(\d+)", document_id)[0])
    return book_number * PICTURES_PER_BOOK + picture_number


def collection_digest(collection: SyntheticCollection) -> str:
    """Return a hash that changes whenever the documents or the mapping change."""
    first_sources = [
        HybridDocument.from_picture(picture, "made").source
        for picture in islice(collection.pictures(), PICTURES_PER_BOOK)
    ]
    content = json.dumps(
        [index_body("pictures"), collection.size, DIMENSIONS, LATENT_DIMENSIONS, CLUSTER_SIZE, first_sources]
    )
    return hashlib.sha256(content.encode()).hexdigest()[:12]
