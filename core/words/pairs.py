"""Pairs of words that no rule of spelling joins: today's word and the one that old books print.

The table `pairs.csv` is the project's own work and has its licence. `languages` are those of the books that print the
old word; the modern word of a row is the name of its key.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from core.words.spelling import folded_key
from core.words.stems import stem_word

KEY_PREFIX = "~="

MIN_STEM_LETTERS = 4
"""Letters of the shortest stem that stands for a word of the table: `hav`, the sea, is no form of *have*."""

MIN_LETTERS = 3
"""Letters of the shortest word whose double letters do not count; aa is å, and `book` is not `bok`."""

_DOUBLE_LETTER = re.compile(r"([^\Wao])\1")
_SILENT_H = re.compile("(?<=[dgkt])h")


@dataclass(frozen=True, slots=True, kw_only=True)
class WordPair:
    """A row of the table, in small letters."""

    modern: str
    old: str
    languages: tuple[str, ...]


def pair_keys(word: str, language: str) -> Iterator[str]:
    """Yield the keys of the pairs, printed in one language, that a word or a word with the same stem is in.

    Their order is the same in every process: the fingerprint of a document depends on it.
    """
    pairs = _modern_words_by_form(language)
    modern_words = {modern_word for form in _forms(word, language) for modern_word in pairs.get(form, ())}
    return (KEY_PREFIX + modern_word for modern_word in sorted(modern_words))


def forms_of_pairs(key: str) -> frozenset[str]:
    """Return the folded words and stems that have a key, in all languages."""
    modern_word = key.removeprefix(KEY_PREFIX)
    return _forms_by_modern_word().get(modern_word, frozenset())


@cache
def _forms_by_modern_word() -> Mapping[str, frozenset[str]]:
    forms: dict[str, set[str]] = {}
    for pair in read_pairs():
        forms.setdefault(pair.modern, set()).update(
            form
            for language in pair.languages
            for word in (pair.modern, pair.old)
            for form in _forms_of_table(word, language)
        )
    return {word: frozenset(word_forms) for word, word_forms in forms.items()}


def _forms(word: str, language: str) -> set[str]:
    """Return the spellings of a word that the table need not list: `ſhew`, `Sprüchwörter`, `Hülffe`, `Snee`."""
    return _with_single_letters({folded_key(word), folded_key(stem_word(word, language))})


def _forms_of_table(word: str, language: str) -> set[str]:
    """Return the spellings by which a word of the table is found; a short stem may be that of another word."""
    stem = folded_key(stem_word(word, language))
    return _with_single_letters({folded_key(word), *([stem] if len(stem) >= MIN_STEM_LETTERS else [])})


def _with_single_letters(keys: set[str]) -> set[str]:
    single_letters = {_DOUBLE_LETTER.sub(r"\1", _SILENT_H.sub("", key)) for key in keys}
    return keys | {key for key in single_letters if len(key) >= MIN_LETTERS}


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
                for form in _forms_of_table(word, language):
                    modern_words.setdefault(form, set()).add(pair.modern)
    return {form: frozenset(words) for form, words in modern_words.items()}
