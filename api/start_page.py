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
from api.elasticsearch.gateway import Engine
from api.responses import Hit

SECONDS = 60.0
"""How long the start page may lag behind the index."""
SAMPLE = 60
"""Pictures by chance, of whose words the examples are made."""
SHOWN = 7
"""The frontispiece, and a row of six."""
SMALLEST_SIDE = 150
"""Pixels of a picture that can be shown for its own sake."""
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

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._start: Start | None = None
        self._read_at = 0.0

    async def start(self) -> Start:
        if self._start is None or monotonic() - self._read_at > SECONDS:
            answer = await self._engine.ask(queries.start_page(datetime.now(UTC).toordinal(), SAMPLE))
            pictures, books, years = results.start(answer)
            hits = [results.hit(raw) for raw in answer["hits"]["hits"]]
            self._start = Start(
                collection={"pictures": pictures, "books": books, "years": years},
                examples=examples(hits),
                random=on_show(hits),
            )
            self._read_at = monotonic()
        return self._start

    async def models(self) -> list[str]:
        """Names of the vision models that filled the index."""
        return [state.name for state in await self._engine.model_states()]


def examples(hits: Iterable[Hit]) -> list[str]:
    """Long words of captions, then of titles: they find at least the picture that they were taken from."""
    hits = list(hits)
    ranked = [*_common(hit.caption for hit in hits), *_common(hit.title for hit in hits)]
    return list(dict.fromkeys(ranked))[:EXAMPLES]


def _common(texts: Iterable[str]) -> list[str]:
    counted = Counter(word for text in texts for word in {word.lower() for word in _WORD.findall(text)})
    # Of words that are equally common the longer says more.
    return sorted(counted, key=lambda word: (-counted[word], -len(word), word))


def on_show(hits: list[Hit]) -> list[Hit]:
    """A few pictures; rules and vignettes only for want of others. The first is the page's frontispiece."""
    large = [hit for hit in hits if min(hit.box[2:]) >= SMALLEST_SIDE]
    shown = (large or hits)[:SHOWN]
    plate = max(shown, key=lambda hit: (bool(hit.caption), hit.box[2] * hit.box[3]), default=None)
    return [plate, *(hit for hit in shown if hit is not plate)] if plate else []
