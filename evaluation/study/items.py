"""What a sheet asks, and the key that says where each picture comes from; judges never see the key."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np

from core.errors import SourceError

Part = Literal["pictures", "results"]
"""Whether an item asks if a picture is worth finding, or if it is a good result for a query."""

KEY_FORMAT = "frontispiece-study-key"
VERSION = 1

SHOWN = "shown to readers"
"""The reason of a picture that nothing hides; such pictures are mixed in, so that judges do not know which are."""
SERVED, DRAWN = "as served", "drawn by chance"
"""Where a result comes from: the search, or any other picture, to see what a judge calls a good result by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyItem:
    """One question of a sheet, with what only the key says about it."""

    part: Part
    picture: str
    """The picture's id in the index."""
    crop: str
    """The file of the crop below the folder of crops."""
    reason: str = ""
    """Why the picture is left out of results, for the part `pictures`."""
    origin: str = ""
    """`SERVED` or `DRAWN`, for the part `results`."""
    query: int = -1
    """The number of the query, for the part `results`."""
    rank: int = 0
    """The rank of the result, from 1; 0 if it was drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyQuery:
    """A query of words, or a picture of the index."""

    text: str = ""
    picture: str = ""
    crop: str = ""

    @property
    def kind(self) -> str:
        return "a picture" if self.picture else "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyKey:
    """The items of a sheet by the names that they have there, in the order of the sheet."""

    sheet: str
    """Identifies the sheet in the files of judgements."""
    seed: int
    items: Mapping[str, StudyItem]
    queries: Sequence[StudyQuery] = ()
    totals: Mapping[str, int] = field(default_factory=dict)
    """Reason → how many pictures of the index have it."""

    def to_json(self) -> str:
        document = {"format": KEY_FORMAT, "version": VERSION, **asdict(self)}
        return json.dumps(document, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file that `to_json` made; raise `SourceError` if it is another file."""
        try:
            document: dict[str, Any] = json.loads(path.read_text("utf-8-sig"))
            if document["format"] != KEY_FORMAT or document["version"] != VERSION:
                raise ValueError(f"its format is {document['format']!r}")
            return cls(
                sheet=str(document["sheet"]),
                seed=int(document["seed"]),
                items={str(name): StudyItem(**values) for name, values in document["items"].items()},
                queries=[StudyQuery(**values) for values in document["queries"]],
                totals={str(reason): int(count) for reason, count in document["totals"].items()},
            )
        except OSError as error:
            raise SourceError(str(path), error.strerror or str(error)) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise SourceError(str(path), f"not the key of a study, as `evaluate study` writes it ({error})") from error


def build_key(
    items: Sequence[StudyItem], queries: Sequence[StudyQuery], totals: Mapping[str, int], seed: int
) -> StudyKey:
    """Put the items in an order that tells nothing, and name them by it.

    Single pictures come first, all reasons mixed; results follow query by query, the queries and the results of each
    in an order drawn with the seed.
    """
    rng = np.random.default_rng(seed)
    query_order = {number: int(place) for number, place in enumerate(rng.permutation(len(queries)))}
    places = {
        position: (query_order.get(items[position].query, -1), place)
        for place, position in enumerate(rng.permutation(len(items)).tolist())
    }
    ordered = [items[position] for position in sorted(places, key=lambda position: places[position])]
    content = json.dumps([asdict(item) for item in ordered] + [seed], ensure_ascii=False)
    sheet = hashlib.sha256(content.encode()).hexdigest()[:12]
    names = [hashlib.sha256(f"{sheet} {number}".encode()).hexdigest()[:8] for number in range(len(ordered))]
    return StudyKey(
        sheet=sheet, seed=seed, items=dict(zip(names, ordered, strict=True)), queries=list(queries), totals=totals
    )
