"""Words without their endings."""

import threading
from collections.abc import Mapping, Sequence
from functools import lru_cache

import Stemmer

from core.words.languages import STEMMERS
from core.words.spelling import CACHE_SIZE, lower
from core.words.spelling_rules import Rule, apply_rules, build_rules


class _Stemmers(threading.local):
    """The stemmers of one thread: while one works on a word, it keeps its place in itself."""

    def __init__(self) -> None:
        self.by_algorithm = {algorithm: Stemmer.Stemmer(algorithm) for algorithm in set(STEMMERS.values())}


_STEMMERS = _Stemmers()

_CONSONANT = r"[^\W\d_aeiouyæøåäö]"

_SHORT_DANISH_NOUNS = (
    rf"\b({_CONSONANT}*(?:ø|å|aa|æ|øy)|{_CONSONANT}+(?:y|ei|øi|ej|øj)|{_CONSONANT}{{2,}}[eo]|ko)(?:en|et|er|ene|erne)s?\b",
    r"\1",
)
"""Snowball leaves the endings of words without a consonant before them: `Byen`, `Øerne`, `Broen`, `Træet`, `Veien`."""

BEFORE_SNOWBALL: Mapping[str, Sequence[Rule]] = {
    # Norwegian books before 1917 have the ending of Danish: `Bøgerne`, today `bøkene`.
    "norwegian": build_rules((r"x", "ks"), _SHORT_DANISH_NOUNS, (r"(?<=\w{2})erne(?=s?\b)", "ene")),
    "danish": build_rules((r"x", "ks"), _SHORT_DANISH_NOUNS),
    "swedish": build_rules(
        (
            rf"\b({_CONSONANT}*ö)(?:ns?|arnas?|er|erna|ar)\b|\b({_CONSONANT}+y|{_CONSONANT}{{2,}}o|å)(?:arnas?|er|erna|ar)\b",
            r"\1\2",
        ),
        (rf"\b(å|by|vy|sky|ko|{_CONSONANT}{{2,}}o|{_CONSONANT}{{2,}}ä)(?:ns?|a?rnas?|nas?)\b", r"\1"),
    ),
    "french": build_rules((rf"\b([rl]oi(?=s)|{_CONSONANT}{{1,3}}(?:i?eu|ou|[iu]e(?=s)))[sx]\b", r"\1")),
}
"""Algorithm → endings that it does not know."""


@lru_cache(CACHE_SIZE)
def stem_word(word: str, language: str) -> str:
    """Return a word in small letters without its ending; `language` is a key of `STEMMERS`."""
    algorithm = STEMMERS[language]
    small_word = apply_rules(BEFORE_SNOWBALL.get(algorithm, ()), lower(word))
    return str(_STEMMERS.by_algorithm[algorithm].stemWord(small_word))
