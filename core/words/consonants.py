"""Where a text may have words with certain forms, told from the consonants at the beginning of its words.

Spelling rules and stemmers change vowels and endings freely, but few consonants, and those into few others. To make the
forms of a word takes 0.1 ms, so a pattern first finds the few words of a text whose forms are worth making.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from functools import cache, lru_cache

from core.text import fold_letters
from core.words.forms import LANGUAGES
from core.words.initials import OTHER_INITIALS, PREFIX_INITIAL, plain_forms
from core.words.languages import SPELLINGS
from core.words.pairs import KEY_PREFIX
from core.words.spelling import lower
from core.words.tokens import JOINERS

MAX_CONSONANTS = 4
"""Consonants after the first letter of a form that are compared."""

PRINTED_CONSONANTS: Mapping[str, str] = {
    "c": "ckqx", "d": "dt", "g": "gk", "k": "kcgqx", "l": "lx", "m": "mã", "n": "nã", "q": "qc", "r": "r",
    "s": "szcxtéêâîôû", "t": "tdcsx", "x": "xs", "z": "zsct",
}  # fmt: skip
"""Consonant of a form → what a text may have instead or beside it: g, ck and q for k; `étoile` is also `estoile`, and
`cõme` is also `comme` (ã stands for õ too).

All other letters are vowels in some spelling, or are left out."""

SKIPPED_BEFORE: Mapping[str, str] = {"g": "n", "k": "n", "c": "n", "q": "n", "n": "rgm"}
"""Consonant of a form → those before it, beside l and d, that a text may have and the form has not: `besongne`."""

SKIPPED_AFTER: Mapping[str, str] = {"n": "dt", "l": "dt", "m": "bp", "s": "c"}
"""The same behind a consonant: `Mand` and `mann`, `Ampt` and `Amt`."""

_VOWELS = "aeiouybpfvwhj"
_NASALS = "ãõ"
"""Vowels of Portuguese, or those of old prints with an m or n that the bar above them stands for."""
_VOWELS_WITH_S = {"é": "e", "ê": "e", "â": "a", "î": "i", "ô": "o", "û": "u"}
_LETTERS = (*PRINTED_CONSONANTS, *_VOWELS, *_VOWELS_WITH_S)

Rest = tuple[bytes, ...]
"""Patterns, one after another, of what follows the first letter of a form."""

_ENCODING = "cp1252"
_NASAL, _UNKNOWN, _SEPARATOR, _JOINER = 0xBE, 0xBF, 0x20, 0xC0
_CODES = {
    letter: ord(letter) if letter in PRINTED_CONSONANTS else _JOINER + index for index, letter in enumerate(_LETTERS)
} | dict.fromkeys(_NASALS, _NASAL)
"""Letter → its byte in an encoded text. Those of vowels are above that of a joiner, so that one range has all."""

_UNCERTAIN_PAIRS = ("ks", "kt", "cs", "ct", "ns")
"""Consonants that one letter of a text may stand for, or an ending: `x`, French `-an` and `-ans`."""

_GAP, _GAP_BEFORE_S = rb"[\xbe\xc0-\xff]*+", rb"[\xbe\xc0-\xff]{0,12}"
"""Letters that are left out; an accent among them may stand for an s."""
_GAP_BEFORE_NASAL = rb"[\xc0-\xff]*+(?:\xbe[\xc0-\xff]*+){0,4}?"
"""Those before an m or n, for which each ã or õ may stand."""
_DUTCH_PREFIX = rb"(?<=g)[%b]" % bytes([_CODES["e"]])
"""`ge`, which stems of Dutch words lose."""
_WORD_START = rb"(?<![a-z\xbe\xc1-\xff].)"


def find_candidates(text: str, pattern: re.Pattern[bytes]) -> Iterator[int]:
    """Yield the places of a text where a word may begin that has a form of `form_pattern`; some are inside of words."""
    return (match.start() for match in pattern.finditer(_encode_text(text)))


def _encode_text(text: str) -> bytes:
    return text.replace("ſ", "s").encode(_ENCODING, "replace").translate(_code_table())


@lru_cache(maxsize=1000)
def form_pattern(forms: frozenset[str], languages: tuple[str, ...] = LANGUAGES) -> re.Pattern[bytes]:
    """Return a pattern, for `find_candidates`, of the words that may have one of these forms in one of the languages.

    A letter that is not on Western keyboards always matches, as it may stand for anything.
    """
    is_dutch = "nl" in languages
    rests_by_initials: dict[bytes, set[Rest]] = {}
    for plain_form in _plain_forms(forms, languages):
        rest = _parts_of_rest(plain_form, is_dutch=is_dutch)
        rests_by_initials.setdefault(_initial_codes(plain_form[:1]), set()).add(rest)
    rests = {initials: _alternatives(rests) for initials, rests in rests_by_initials.items() if initials}
    if rests:
        # What follows is not known: the n of `ãder`, which is also `ander`, is in its first letter.
        rests[bytes([_NASAL])] = b""
    branches = [rb"(?<=[%b])(?:%b)" % (initials, rest) for initials, rest in rests.items()]
    if is_dutch:
        branches += [_DUTCH_PREFIX + rb"[%b](?:%b)" % (initials, rest) for initials, rest in rests.items()]
    initials = b"".join([_encode(PREFIX_INITIAL) if is_dutch else b"", *rests])
    words = rb"|[%b]%b(?=%b)" % (initials, _WORD_START, b"|".join(branches)) if initials else b""
    return re.compile(bytes([_UNKNOWN]) + words)


def _plain_forms(forms: Iterable[str], languages: Iterable[str]) -> Iterator[str]:
    """Yield in plain letters the forms that words of these languages may have."""
    prefixes = (KEY_PREFIX, *(f"~{SPELLINGS[language][0]}:" for language in languages))
    for form in forms:
        if not form.startswith("~") or form.startswith(prefixes):
            yield from plain_forms(form)


def _initial_codes(initial: str) -> bytes:
    """Return the letters that a word with such a form may begin with, as bytes."""
    plain_letters = {letter: _VOWELS_WITH_S.get(letter, letter) for letter in _CODES}
    return _encode(
        letter
        for letter, plain in plain_letters.items()
        if initial and initial in plain + OTHER_INITIALS.get(plain, "")
    )


def _alternatives(rests: Set[Rest]) -> bytes:
    """Return a pattern of any of the rests; one that begins with another matches only where that one does too."""
    shortest = (rest for rest in rests if all(rest[:length] not in rests for length in range(len(rest))))
    return b"|".join(sorted(map(b"".join, shortest)))


def _parts_of_rest(form: str, *, is_dutch: bool) -> Rest:
    """Return patterns of what follows the first letter of a form: its repetitions, then each consonant."""
    initial, count = form[:1], 0
    parts = [_pattern_of_repetition(initial, is_dutch=is_dutch)]
    for before, letter, after in zip(form, form[1:], f"{form[2:]} ", strict=False):
        if letter in _VOWELS or before + letter == "sc":
            continue
        is_certain = before + letter not in _UNCERTAIN_PAIRS and letter + after != "ks"
        if letter not in PRINTED_CONSONANTS or count == MAX_CONSONANTS or not is_certain:
            break
        skipped = "ld" + SKIPPED_BEFORE.get(letter, "") + ("g" if is_dutch else "")
        gap = _GAP_BEFORE_S if letter == "s" else _GAP_BEFORE_NASAL if letter in "mn" else _GAP
        part = rb"%b(?:[%b]%b){0,3}[%b]" % (gap, _encode(skipped), gap, _printed_codes(letter, is_dutch=is_dutch))
        part += _pattern_of_repetition(letter, is_dutch=is_dutch)
        is_optional = letter == before or (letter == "s" and before == initial in "aeiou" and not count)
        parts.append(rb"(?:%b)?" % part if is_optional else part)
        count += 1
    return tuple(parts)


def _printed_codes(letter: str, *, is_dutch: bool) -> bytes:
    """Return what a text may have for a consonant; Dutch stems make `eer` of French `ant`."""
    return _encode(PRINTED_CONSONANTS[letter] + ("n" if is_dutch and letter == "r" else ""))


def _pattern_of_repetition(letter: str, *, is_dutch: bool) -> bytes:
    """Return a pattern of more letters that became one, as ckh is k; Dutch stems also lose a `ge` between them."""
    if letter not in PRINTED_CONSONANTS:
        return b""
    codes = _printed_codes(letter, is_dutch=is_dutch)
    # Unbounded repetitions of letters that other parts may match too would take for ever in `lllllllll`.
    others = _encode(f"{SKIPPED_AFTER.get(letter, '')}h")
    repetition = rb"[%b%b]{0,7}" % (bytes(code for code in codes if code < _JOINER), others)
    return rb"%b(?:%bg%b[%b]%b)?" % (repetition, _GAP, _GAP, codes, repetition) if is_dutch else repetition


def _encode(letters: Iterable[str]) -> bytes:
    return bytes(_CODES[letter] for letter in letters)


@cache
def _code_table() -> bytes:
    """Return the translation of encoded text to codes."""
    return bytes(_code_of(bytes([byte]).decode(_ENCODING, "replace")) for byte in range(256))


def _code_of(character: str) -> int:
    letter = lower(character)
    if character in JOINERS:
        return _JOINER
    if letter in _CODES:
        return _CODES[letter]
    if character in "?\ufffd":
        return _UNKNOWN
    folded = fold_letters(letter)
    if not character.isalpha():
        return _SEPARATOR
    return _UNKNOWN if folded[:1] not in _CODES else _CODES[folded[0]]
