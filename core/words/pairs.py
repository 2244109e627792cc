"""Pairs of words that no rule of spelling joins: today's word and the one that old books print.

The table `pairs.csv` is the project's own work and has its licence. `languages` are those of the books that print the
old word; the modern word of a row is the name of its key.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from core.words.spelling import folded_key
from core.words.stems import stem_word

KEY_PREFIX = "~="


@dataclass(frozen=True, slots=True, kw_only=True)
class WordPair:
    """A row of the table, in small letters."""

    modern: str
    old: str
    languages: tuple[str, ...]


def pair_keys(word: str, language: str) -> Iterator[str]:
    """Yield the keys of the pairs, printed in one language, that a word or a word with the same stem is in."""
    pairs = _modern_words_by_form(language)
    modern_words = [modern_word for form in _forms(word, language) for modern_word in pairs.get(form, ())]
    return (KEY_PREFIX + modern_word for modern_word in dict.fromkeys(modern_words))


def _forms(word: str, language: str) -> set[str]:
    """Return the spellings of a word that the table need not list: `ſhew`, `Sprüchwörter`, `iudgement`."""
    return {folded_key(word), folded_key(stem_word(word, language))}


@cache
def read_pairs() -> tuple[WordPair, ...]:
    """Return the rows of the table."""
    with files("core.words").joinpath("pairs.csv").open(encoding="utf-8") as file:
        return tuple(
            WordPair(modern=row["modern"], old=row["old"], languages=tuple(row["languages"].split()))
            for row in csv.DictReader(file)
        )


@cache
def _modern_words_by_form(language: str) -> Mapping[str, frozenset[str]]:
    """Return form of a word → the modern words of its pairs."""
    modern_words: dict[str, set[str]] = {}
    for pair in read_pairs():
        if language in pair.languages:
            for word in (pair.modern, pair.old):
                for form in _forms(word, language):
                    modern_words.setdefault(form, set()).add(pair.modern)
    return {form: frozenset(words) for form, words in modern_words.items()}
