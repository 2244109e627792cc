"""What the start page shows: how much there is, a few pictures, and words that find something."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import TypedDict

from api import queries, results
from api.results import Hit
from api.search import Searcher

SECONDS = 60.0
"""How long the start page may lag behind the index."""
SAMPLE = 60
"""Pictures by chance, of whose words the examples are made."""
SHOWN = 8
EXAMPLES = 3
MIN_LETTERS = 5
"""Shorter words are mostly articles and prepositions, in every language of the books."""
_WORD = re.compile(rf"[^\W\d_]{{{MIN_LETTERS},20}}")


class Counts(TypedDict):
    pictures: int
    books: int
    years: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The start page's data."""

    collection: Counts
    examples: list[str]
    random: list[Hit]


class Collection:
    """Asks at most once a minute."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._start: Start | None = None
        self._read_at = 0.0

    async def start(self) -> Start:
        if self._start is None or monotonic() - self._read_at > SECONDS:
            answer = await self._searcher.ask(queries.start_page(datetime.now(UTC).toordinal(), SAMPLE))
            pictures, books, years = results.start(answer)
            hits = [results.hit(raw) for raw in answer["hits"]["hits"]]
            self._start = Start(
                collection={"pictures": pictures, "books": books, "years": years},
                examples=examples(hits),
                random=hits[:SHOWN],
            )
            self._read_at = monotonic()
        return self._start


def examples(hits: Iterable[Hit]) -> list[str]:
    """Long words of captions, else of titles: they find at least the picture that they were taken from."""
    counted: Counter[str] = Counter()
    for hit in hits:
        counted.update({word.lower() for word in _WORD.findall(hit.caption or hit.title)})
    # Of words that are equally common the longer says more.
    ranked = sorted(counted, key=lambda word: (-counted[word], -len(word), word))
    return ranked[:EXAMPLES]
