"""A made collection of any size: the lines of real pages shuffled into new ones, and vectors that have neighbours.

What it has in common with a real one: the languages of its words and how often each occurs, the long tail of misread
and compound words, records with few frequent and many rare values, and pictures in families. Written through the same
records and documents as a real one.
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

from core.encoders.protocols import Vectors, unit
from core.geometry import PixelBox
from indexer.documents.hybrid import HybridDocument
from indexer.documents.pictures import Picture
from indexer.elasticsearch.collection import Indices
from indexer.elasticsearch.mappings import mapping
from indexer.formats import alto
from indexer.records import Book, Context, GraphicalElement, Leaf, Passage

DIMENSIONS = {"sscd": 512, "siglip": 768}
PICTURES_PER_BOOK = 50
PAGE_WORDS, CONTEXT_WORDS = 280, 60
MISREAD, COMPOUND = 0.04, 0.06
"""Shares of the words that get another letter, or the end of another word: a vocabulary that grows with the pages, as
that of OCR does."""
LATENT, CLUSTER_SIZE = 40, 25
"""Vectors of real pictures vary in some tens of directions and lie in clumps; independent random ones have no near
neighbours at all, and no graph finds those."""
Value = TypeVar("Value")

TYPES = ("book", "newspaper", "periodical", "map", "score")
LABELS = ("drawing", "photo", "map", "graphic", "drop_capital", "music", "stamp", "advert_poster")


@dataclass(frozen=True, slots=True)
class MadeModel:
    """Stands for a vision model in the index's contract; nobody asks it for more than its canary."""

    name: str
    dimensions: int
    model: str = "made"
    revision: str = "1"
    preprocessing: str = "none"

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        return unit(np.ones((len(images), self.dimensions), np.float32))


MODELS = [MadeModel(name, dimensions) for name, dimensions in DIMENSIONS.items()]


class Collection:
    """`size` pictures, the same whenever they are made from the same pages."""

    def __init__(self, size: int, pages: Sequence[bytes]) -> None:
        self.size = size
        self._pages = pages
        self._random = np.random.default_rng()

    @cached_property
    def _lines(self) -> dict[str, list[list[str]]]:
        """Language → lines, each as its words."""
        lines: dict[str, list[list[str]]] = {}
        for data in self._pages:
            for page in alto.read_pages(data, "page"):
                texts = [line.text.split() for block in page.blocks for line in block.lines]
                lines.setdefault(page.language[:2], []).extend(text for text in texts if len(text) > 2)
        return {language: texts for language, texts in lines.items() if language and len(texts) >= 50}

    def pictures(self) -> Iterator[Picture]:
        self._random = np.random.default_rng(100_000)
        for number in range(math.ceil(self.size / PICTURES_PER_BOOK)):
            yield from self._volume(number)

    def _volume(self, number: int) -> Iterator[Picture]:
        language = self._one(list(self._lines))
        book = self._book(number, language)
        for place in range(min(PICTURES_PER_BOOK, self.size - number * PICTURES_PER_BOOK)):
            if place % 2 == 0:  # two on a page
                words = self._words(language, PAGE_WORDS)
            middle = len(words) // 2
            box = PixelBox(100, 100 + 900 * (place % 2), 800, 600)
            context = Context(
                caption=Passage(" ".join(self._words(language, 8)), 0.9) if self._random.random() < 0.7 else Passage(),
                before=Passage(" ".join(words[middle - CONTEXT_WORDS : middle]), 0.9),
                after=Passage(" ".join(words[middle : middle + CONTEXT_WORDS]), 0.9),
                page_text=Passage(" ".join(words), 0.9),
            )
            leaf = Leaf(id=f"{book.id}_{place // 2:04}", number=place // 2 + 1, catalogue_label=self._one(LABELS))
            element = GraphicalElement(alto_id=f"GE{place}", kind="Illustration", box=box, context=context)
            yield Picture(book=book, leaf=leaf, element=element, scan_width=1800, scan_height=2600)

    def _book(self, number: int, language: str) -> Book:
        return Book(
            id=f"book_{number:06}",
            title=" ".join(self._words(language, 5)),
            authors=(f"{self._rare('First', 200)} {self._rare('Last', 900)}",),
            subjects=tuple(self._rare("Subject", 300) for _ in range(3)),
            year=int(1700 + 240 * self._random.beta(5, 2)),
            publisher=self._rare("Publisher", 400),
            place=self._rare("Town", 60),
            languages=(language,),
            type_of_work=self._one(TYPES),
            identifiers=(f"urn:nbn:made_{number:06}",),
        )

    def _words(self, language: str, count: int) -> list[str]:
        lines, words = self._lines[language], list[str]()
        while len(words) < count:
            words += lines[self._random.integers(len(lines))]
        words = words[:count]
        for place in np.flatnonzero(self._random.random(count) < MISREAD + COMPOUND):
            words[place] = self._changed(words[place], lines)
        return words

    def _changed(self, word: str, lines: Sequence[Sequence[str]]) -> str:
        if self._random.random() < COMPOUND / (MISREAD + COMPOUND):
            other = self._one(self._one(lines))
            return word[: len(word) // 2 + 1] + other[len(other) // 2 :].lower()
        place = self._random.integers(len(word))
        return word[:place] + self._one("acefilnorstu") + word[place + 1 :]

    def _rare(self, kind: str, values: int) -> str:
        """Of many values a few are frequent, as in every catalogue."""
        return f"{kind} {int(self._random.zipf(1.3)) % values}"

    def _one(self, values: Sequence[Value]) -> Value:
        return values[int(self._random.integers(len(values)))]

    def vectors(self) -> dict[str, npt.NDArray[np.float32]]:
        return {name: self._clumps(dimensions) for name, dimensions in DIMENSIONS.items()}

    def _clumps(self, dimensions: int) -> npt.NDArray[np.float32]:
        random = np.random.default_rng(dimensions)
        centres = random.standard_normal((self.size // CLUSTER_SIZE + 1, LATENT), np.float32)
        latent = centres[random.integers(len(centres), size=self.size)]
        latent += 0.5 * random.standard_normal((self.size, LATENT), np.float32)
        vectors = latent @ random.standard_normal((LATENT, dimensions), np.float32)
        vectors += 0.5 * random.standard_normal(vectors.shape, np.float32)
        return unit(vectors)

    def documents(self) -> Iterator[dict[str, Any]]:
        """What the pipeline would send, its numbers shorter."""
        vectors = {name: rows.astype(np.float64).round(5) for name, rows in self.vectors().items()}
        for row, picture in enumerate(self.pictures()):
            document = HybridDocument.of(picture, "made")
            rows = {name: rows[row].tolist() for name, rows in vectors.items()}
            yield {"_id": document.id, "_source": {**document.body("2026-01-01T00:00:00Z"), "vectors": rows}}


def fill(client: Elasticsearch, alias: str, collection: Collection) -> None:
    """Indices as the product makes them, in one segment each."""
    indices = Indices.current(client, alias, MODELS)
    name = indices.pictures.name
    slow = {"refresh_interval": "-1", "translog.durability": "async", "translog.flush_threshold_size": "4gb"}
    client.indices.put_settings(index=name, settings={"index": {**slow, "merge.policy.segments_per_tier": 50}})
    sent = parallel_bulk(client, collection.documents(), index=name, thread_count=2, queue_size=2)
    for _ in sent:
        continue
    indices.refresh()
    client.options(request_timeout=7200).indices.forcemerge(index=name, max_num_segments=1)
    client.indices.put_settings(
        index=name, settings={"index": dict.fromkeys((*slow, "merge.policy.segments_per_tier"))}
    )


def row_of(document_id: str) -> int:
    """The place of a picture in the collection, and of its vectors among theirs."""
    book, place = (int(number) for number in re.findall(r"book_(\d+)_\d+:GE(\d+)", document_id)[0])
    return book * PICTURES_PER_BOOK + place


def stamp(collection: Collection) -> str:
    """Changes when the documents or the mapping would."""
    first = [HybridDocument.of(picture, "made").source for picture in islice(collection.pictures(), PICTURES_PER_BOOK)]
    material = json.dumps([mapping("pictures"), collection.size, DIMENSIONS, LATENT, CLUSTER_SIZE, first])
    return hashlib.sha256(material.encode()).hexdigest()[:12]
