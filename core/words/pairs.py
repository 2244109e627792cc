"""Pairs of words that no rule of spelling joins: today's word and the one that old books print."""

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files


def other_words(word: str, stems: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the partners of a word, in small letters, or of one of its stems, both ways."""
    partners = _partners()
    return tuple(dict.fromkeys(other for form in (word, *stems) for other in partners.get(form, ())))


@cache
def _partners() -> Mapping[str, tuple[str, ...]]:
    partners: dict[str, dict[str, None]] = {}
    with files("core.words").joinpath("pairs.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            partners.setdefault(row["modern"], {})[row["old"]] = None
            partners.setdefault(row["old"], {})[row["modern"]] = None
    return {word: tuple(others) for word, others in partners.items()}
