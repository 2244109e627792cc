"""What the start page shows: how much there is, a few pictures, and words that find something."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import TypedDict

from api.elasticsearch import hits as results
from api.elasticsearch import queries
from api.elasticsearch.gateway import SearchGateway
from api.responses import Hit

CACHE_SECONDS = 60.0
"""How long the start page may lag behind the index."""
SAMPLE_SIZE = 60
"""Pictures by chance, of whose words the examples are made."""
MAX_PICTURES = 7
"""The frontispiece, and a row of six."""
MIN_SIDE = 150
"""Pixels of a picture that can be shown for its own sake."""
MAX_EXAMPLES = 3
MIN_WORD_LENGTH = 5
"""Shorter words are mostly articles and prepositions, in every language of the books."""
_WORD_PATTERN = re.compile(rf"[^\W\d_]{{{MIN_WORD_LENGTH},20}}")


class CollectionCounts(TypedDict):
    pictures: int
    books: int
    years: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPageData:
    """The start page's data."""

    collection: CollectionCounts
    examples: list[str]
    random: list[Hit]


class StartPage:
    """Asks at most once a minute."""

    def __init__(self, gateway: SearchGateway) -> None:
        self._gateway = gateway
        self._data: StartPageData | None = None
        self._data_read_at = 0.0

    async def data(self) -> StartPageData:
        if self._data is None or monotonic() - self._data_read_at > CACHE_SECONDS:
            response = await self._gateway.search(queries.start_page_query(datetime.now(UTC).toordinal(), SAMPLE_SIZE))
            pictures, books, years = results.read_collection_counts(response)
            hits = [results.read_hit(raw_hit) for raw_hit in response["hits"]["hits"]]
            self._data = StartPageData(
                collection={"pictures": pictures, "books": books, "years": years},
                examples=example_words(hits),
                random=select_pictures(hits),
            )
            self._data_read_at = monotonic()
        return self._data

    async def model_names(self) -> list[str]:
        """Names of the vision models that filled the index."""
        return [state.name for state in await self._gateway.model_states()]


def example_words(hits: Iterable[Hit]) -> list[str]:
    """Long words of captions, then of titles: they find at least the picture that they were taken from."""
    hits = list(hits)
    words = [*_frequent_words(hit.caption for hit in hits), *_frequent_words(hit.title for hit in hits)]
    return list(dict.fromkeys(words))[:MAX_EXAMPLES]


def _frequent_words(texts: Iterable[str]) -> list[str]:
    counts = Counter(word for text in texts for word in {word.lower() for word in _WORD_PATTERN.findall(text)})
    # Of words that are equally common the longer says more.
    return sorted(counts, key=lambda word: (-counts[word], -len(word), word))


def select_pictures(hits: list[Hit]) -> list[Hit]:
    """A few pictures; rules and vignettes only for want of others. The first is the page's frontispiece."""
    large_hits = [hit for hit in hits if min(hit.box[2:]) >= MIN_SIDE]
    selected_hits = (large_hits or hits)[:MAX_PICTURES]
    frontispiece = max(selected_hits, key=lambda hit: (bool(hit.caption), hit.box[2] * hit.box[3]), default=None)
    return [frontispiece, *(hit for hit in selected_hits if hit is not frontispiece)] if frontispiece else []
