"""Words without their endings."""

import re
from functools import lru_cache

import snowballstemmer

from core.words.languages import STEMMERS
from core.words.spelling import CACHE_SIZE, lower

_STEMMERS = {algorithm: snowballstemmer.stemmer(algorithm) for algorithm in set(STEMMERS.values())}

_DANISH_PLURAL = re.compile(r"(?<=\w{2})erne(?=s?\b)")
"""Norwegian books before 1917 have the ending of Danish: `Bøgerne`, today `bøkene`."""


@lru_cache(CACHE_SIZE)
def stem_word(word: str, language: str) -> str:
    """Return a word in small letters without its ending; `language` is a key of `STEMMERS`."""
    algorithm = STEMMERS[language]
    small_word = lower(word)
    if algorithm == "norwegian":
        small_word = _DANISH_PLURAL.sub("ene", small_word)
    return str(_STEMMERS[algorithm].stemWord(small_word))
