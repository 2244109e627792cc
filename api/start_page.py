"""The start page: the size of the collection, a few pictures, and words that find some of them."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

from api.elasticsearch import queries
from api.elasticsearch.gateway import SearchGateway
from api.elasticsearch.hits import read_hits
from api.elasticsearch.search_results import read_collection_counts
from api.responses import Hit
from core.encoders.registry import is_text_model

CACHE_SECONDS = 60.0
"""Seconds that the start page may lag behind the index."""
SAMPLE_SIZE = 60
"""Random pictures that the example words are taken from."""
MAX_PICTURES = 7
"""The frontispiece and a row of six pictures."""
MIN_SIDE = 150
"""Pixels of the shorter side of a picture that the start page may show."""
MAX_EXAMPLES = 3
MIN_WORD_LENGTH = 5
"""Shorter words are mostly articles and prepositions, in all languages of the books."""
_WORD_PATTERN = re.compile(rf"[^\W\d_]{{{MIN_WORD_LENGTH},20}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionCounts:
    """The size of the collection."""

    pictures: int
    books: int
    years: tuple[int, int] | None
    """The first and the last year of publication; None if no year is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPageData:
    """What the start page shows."""

    collection: CollectionCounts
    examples: list[str]
    random_hits: list[Hit]
    """Random pictures, the frontispiece first."""


class StartPage:
    """Reads the data of the start page, at most once a minute."""

    def __init__(self, gateway: SearchGateway) -> None:
        self._gateway = gateway
        self._data: StartPageData | None = None
        self._data_read_at = 0.0

    async def data(self) -> StartPageData:
        """Return the data, at most `CACHE_SECONDS` old; raises `IndexNotFound` if there is no index."""
        if self._data is None or monotonic() - self._data_read_at > CACHE_SECONDS:
            response = await self._gateway.search(queries.start_page_query(datetime.now(UTC).toordinal(), SAMPLE_SIZE))
            pictures, books, years = read_collection_counts(response)
            hits = read_hits(response)
            self._data = StartPageData(
                collection=CollectionCounts(pictures=pictures, books=books, years=years),
                examples=example_words(hits),
                random_hits=select_pictures(hits),
            )
            self._data_read_at = monotonic()
        return self._data

    async def model_names(self) -> list[str]:
        """Return the names of the vision models whose vectors the index has."""
        return [state.name for state in await self._gateway.model_states() if not is_text_model(state.name)]


def example_words(hits: Iterable[Hit]) -> list[str]:
    """Return frequent long words of captions, then of titles; each finds at least the picture that it is from."""
    hits = list(hits)
    words = [*_frequent_words(hit.caption for hit in hits), *_frequent_words(hit.title for hit in hits)]
    return list(dict.fromkeys(words))[:MAX_EXAMPLES]


def _frequent_words(texts: Iterable[str]) -> list[str]:
    counts = Counter(word for text in texts for word in {word.lower() for word in _WORD_PATTERN.findall(text)})
    # Of equally frequent words the longer is the better example.
    return sorted(counts, key=lambda word: (-counts[word], -len(word), word))


def select_pictures(hits: list[Hit]) -> list[Hit]:
    """Return a few pictures, the frontispiece first. Rules and vignettes are used only if there are no others."""
    large_hits = [hit for hit in hits if min(hit.box[2:]) >= MIN_SIDE]
    selected_hits = (large_hits or hits)[:MAX_PICTURES]
    frontispiece = max(selected_hits, key=lambda hit: (bool(hit.caption), hit.box[2] * hit.box[3]), default=None)
    return [frontispiece, *(hit for hit in selected_hits if hit is not frontispiece)] if frontispiece else []
