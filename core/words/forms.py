"""The forms of words, as the index keeps them and as a search asks for them.

Both sides make them here, so they always fit. A word in plain letters, in its folded spelling and without its ending
is one kind of form (`tromso`, `koebenhaun`, `hus`); a wide key of spelling is another, which begins with `~` and the
first letter of its rules (`~n:bok`). The pairs of `core.words.pairs` have keys too (`~=skip`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from core.text import APOSTROPHES, fold_letters
from core.words.languages import SPELLINGS, STEMMERS
from core.words.pairs import pair_keys
from core.words.spelling import CACHE_SIZE, folded_key, lower, spelling_keys
from core.words.stems import stem_word
from core.words.tokens import is_roman_numeral, joined_words, tokenise

MIN_KEY_LENGTH = 2
"""Letters of the shortest wide key: `av` and `af` are one word, a single letter says nothing."""

LANGUAGES = tuple(STEMMERS)
"""The languages that a word may be in when nothing is known of it."""

_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_CONTRACTION = re.compile(rf"([^\W\d_]{{2,}})[{APOSTROPHES}](d|n|r|ring|ry)\b")
"""English words without an e: `engrav'd`, `heav'n`."""

_OWN_LETTERS = re.compile("[åäæöøœüß]")
"""Letters of their own, which are no letter with an accent."""

MAX_OWN_LETTERS = 3
"""Letters of a word of which one may be typed in another way than the rest."""

_LATIN_LETTER = re.compile("[a-z]")


@dataclass(frozen=True, slots=True, kw_only=True)
class WordForms:
    """What a search looks for in place of one word; each form is in one tuple only, the nearest that it belongs to."""

    folded: tuple[str, ...]
    """In plain letters, and in the spelling that several centuries share."""
    stems: tuple[str, ...]
    """Without ending, in each language."""
    spelling: tuple[str, ...]
    """In the wide keys of spelling and of word pairs."""

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.folded, *self.stems, *self.spelling)


def index_forms(text: str, languages: Sequence[str]) -> list[str]:
    """Return the different forms of all words of a text; `languages` are keys of `STEMMERS`."""
    tokens = list(tokenise(text))
    forms = dict.fromkeys(form for token in tokens for form in _index_forms_of_word(token.text, tuple(languages)))
    joined = [word.text for word in joined_words(text, tokens)]
    forms |= dict.fromkeys(
        form for word in joined for form in (_plain(word), _without_spaces(folded_key(word)) or word)
    )
    if "en" in languages:
        written_out = (f"{match[1]}e{match[2]}" for match in _CONTRACTION.finditer(text))
        forms |= dict.fromkeys(form for word in written_out for form in _index_forms_of_word(word, ("en",)))
    return list(forms)


@lru_cache(CACHE_SIZE)
def query_forms(word: str) -> WordForms:
    """Return the forms that match a word, in whatever language it is; `XII` in capitals is a number and has one."""
    if _is_number(word):
        return WordForms(folded=(_plain(word),), stems=(), spelling=())
    # Who types ø does not mean o: English `so` is not `sø`.
    plain_forms = [] if _OWN_LETTERS.search(lower(word)) else [_plain(word)]
    folded = dict.fromkeys([*plain_forms, _without_spaces(folded_key(word)) or word])
    stems = dict.fromkeys(_stem_forms(word, LANGUAGES))
    spelling = dict.fromkeys(_spelling_forms(word, LANGUAGES))
    return WordForms(
        folded=tuple(folded),
        stems=tuple(form for form in stems if form not in folded),
        spelling=tuple(form for form in spelling if form not in folded | stems),
    )


@lru_cache(CACHE_SIZE)
def _index_forms_of_word(word: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    forms = [_plain(word)]
    if any(map(str.isalpha, word)) and not _is_number(word):
        forms += [*_folded_forms(word), *_stem_forms(word, languages), *_spelling_forms(word, languages)]
    return tuple(dict.fromkeys(forms))


def _is_number(word: str) -> bool:
    return word.isupper() and is_roman_numeral(word)


def _plain(word: str) -> str:
    number = re.sub("[.,]", "", word) if _THOUSANDS.fullmatch(word) else word
    return _without_spaces(fold_letters(lower(number))) or word


def _without_spaces(form: str) -> str:
    """Return a form without the spaces that Unicode decomposes some signs into."""
    return "".join(form.split())


def _folded_forms(word: str) -> Iterator[str]:
    """Yield the form in the usual spelling; of `Ødegård` also those with one letter plain: `Odegaard`, `Oedegard`."""
    yield _without_spaces(folded_key(word)) or word
    small_word = lower(word)
    own_letters = [match.start() for match in _OWN_LETTERS.finditer(small_word)]
    if 2 <= len(own_letters) <= MAX_OWN_LETTERS:
        for index in own_letters:
            before, letter, after = small_word[:index], small_word[index], small_word[index + 1 :]
            yield _without_spaces(folded_key(f"{before}{fold_letters(letter)}{after}"))
            yield _without_spaces(folded_key(f"{fold_letters(before)}{letter}{fold_letters(after)}"))


def _stem_forms(word: str, languages: Iterable[str]) -> Iterator[str]:
    return (_without_spaces(folded_key(stem_word(word, language))) for language in languages)


def _spelling_forms(word: str, languages: Iterable[str]) -> Iterator[str]:
    """Yield the wide keys of a word and of its stems, so that an old spelling with an ending is found too."""
    if not _LATIN_LETTER.search(fold_letters(word)):
        return
    for language in languages:
        for form in (lower(word), _stem_to_spell(word, language)):
            for key in spelling_keys(form, SPELLINGS[language]):
                if len(key) >= MIN_KEY_LENGTH:
                    yield f"~{SPELLINGS[language][0]}:{_without_spaces(key)}"
        yield from pair_keys(word, language)


def _stem_to_spell(word: str, language: str) -> str:
    """Return a stem as its spelling is read; a German double consonant says whether a vowel follows it."""
    stem = stem_word(word, language)
    return f"{stem}e" if SPELLINGS[language] == "german" and len(stem) < len(lower(word)) else stem


def word_forms(word: str, languages: tuple[str, ...] = LANGUAGES) -> tuple[str, ...]:
    """Return all forms of a word of a text in these languages, to compare it with those of a query."""
    return _index_forms_of_word(word, languages)


def has_form(word: str, forms: Set[str], languages: tuple[str, ...] = LANGUAGES) -> bool:
    """Return whether a word of a text has one of the forms of a query; a word as typed is told without its forms."""
    return _plain(word) in forms or not forms.isdisjoint(word_forms(word, languages))
