"""Keys of a word that its spellings in different centuries share.

`folded_key` joins spellings that are the same word nearly always; `spelling_key` is wider and joins some different
words too, so its matches rank low. Figures: docs/evaluation.md.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from core.text import fold_letters

CACHE_SIZE = 200_000
"""Words; a library's texts repeat most of theirs."""

Rule = tuple[re.Pattern[str], str]

LIGATURES = str.maketrans(
    {
        "ſ": "s", "ꝛ": "r", "ʒ": "z", "ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st",
        "\u0364": "\u0308", "¬": "", "⸗": "-",
    }
)  # fmt: skip
"""Letters of old print; a small e above a vowel is an umlaut."""

LETTER_PAIRS: Mapping[str, str] = {
    "å": "aa", "ä": "ae", "æ": "ae", "ö": "oe", "ø": "oe", "œ": "oe", "ü": "ue", "oö": "oo",
    "kk": "k", "th": "t", "ph": "f", "tz": "z", "x": "ks", "w": "u", "v": "u",
    "qu": "ku", "qv": "ku", "qw": "ku", "q": "k", "ee": "e", "ii": "i", "uu": "u", "uv": "u", "vu": "u", "vv": "u",
    "j": "i",
}  # fmt: skip
_LETTER_PAIRS = re.compile("|".join(sorted(map(re.escape, LETTER_PAIRS), key=len, reverse=True)))


def _rules(*pairs: tuple[str, str]) -> Sequence[Rule]:
    return tuple((re.compile(pattern), replacement) for pattern, replacement in pairs)


_FOLDING = _rules(
    # A hard c is a k: Capelle, Christ, Public.
    (r"c(?=[aouvwåôûcklnqrst])|ch(?=[lr])|(?<=[^\W\d_]{2})c\b", "k"),
    # Kjøbenhavn and København, gjerne and gerne.
    (r"(?<=[kg])(?:[ij](?=[æøäö])|j(?=e))", ""),
    (r"(?<=[aeouæøåäö])y", "i"),
    # Old plurals and infinitives: gaae, døe.
    (r"(?<=aa)e\b|(?<=[åøö])e\b", ""),
)

VOWELS = "aeiouyåæøäöüéèêëáàâíîóôúû"

_GERMANIC = _rules(
    (r"aa|å", "å"), (r"ae|ä|æ", "e"), (r"oe|ö|ø|œ", "ø"), (r"ue|ü", "y"),
    (r"ph", "f"), (r"[td]h|dt", "t"), (r"c[hk](?=[lr])|ck|ch\b", "k"), (r"c(?=[aoulnrtks])|q(?=[uv])", "k"),
    (r"(?<=k)[uw](?=[aeiåøy])", "v"), (r"x", "ks"), (r"[zß]", "s"), (r"w", "v"), (r"ie", "i"), (r"[jy]", "i"),
    (r"\bhv", "v"), (r"fv|ff?v", "v"), (r"(.)\1", r"\1"),
    (r"(?<=[kgs])i(?=[eøåiy])", ""),
    (rf"(?<=[{VOWELS}])(n|l)d", r"\1"),
    (rf"(?<=[{VOWELS}])f", "v"), (rf"(?<=[{VOWELS}])b", "p"), (rf"(?<=[{VOWELS}])d", "t"), (rf"(?<=[{VOWELS}])g", "k"),
    (r"(.)\1", r"\1"), (r"(?<=\w{3})e\b", ""),
)  # fmt: skip
"""Norwegian, Danish, Swedish, German, Dutch: bog/bok, baad/båt, gade/gate, mand/mann, Brod/Brot, hvit/vit."""

_ENGLISH = _rules(
    (r"ae|æ|œ|oe", "e"), (r"(?<=\w{2})our", "or"), (r"ck?\b", "k"), (r"(?<=[ct])k\b", ""), (r"ph", "f"),
    (r"x(?=ion)", "ct"), (r"z", "s"), (r"y(?!\b)", "i"), (r"(?<=\w)re\b", "er"), (r"(.)\1", r"\1"),
    (r"(?<=\w{3})e\b", ""),
)  # fmt: skip
"""Publick/public, colour/color, theatre/theater, chymist/chemist is a pair of words, not a rule."""

_FRENCH = _rules(
    (r"[âàá]", "a"), (r"oi(?=[st]\b|ent\b)", "ai"), (r"y", "i"), (r"[zx]\b", "s"), (r"ph", "f"), (r"th", "t"),
    (r"(?<=[aeiouéèê])ct\b", "t"), (r"n(?=s\b)|nt(?=s\b)", "n"), (r"(.)\1", r"\1"), (r"[éèêë]", "e"), (r"[îï]", "i"),
    (r"ô", "o"), (r"[ûù]", "u"),
)  # fmt: skip
_FRENCH_LOST_S = _rules((r"\bé(?=[cptm])", "es"), (r"ê", "es"), (r"â", "as"), (r"î", "is"), (r"ô", "os"), (r"û", "us"))
"""An s that modern French writes as an accent: estoile/étoile, teste/tête, hostel/hôtel."""


def lower(word: str) -> str:
    """Return the word in small letters, with the ligatures and letters of old print as today's."""
    return word.lower().translate(LIGATURES)


@lru_cache(CACHE_SIZE)
def folded_key(word: str) -> str:
    """Return the form that the usual spellings of a word share: `Kjøbenhavn`, `Kiøbenhavn`, `Koebenhavn`."""
    key = _apply(_FOLDING, lower(word))
    return fold_letters(_LETTER_PAIRS.sub(lambda match: LETTER_PAIRS[match[0]], key)).replace("kk", "k")


@lru_cache(CACHE_SIZE)
def spelling_keys(word: str, spelling: str) -> tuple[str, ...]:
    """Return the wide keys of a word under the rules of one group of languages."""
    return tuple(dict.fromkeys(_SPELLING_KEYS[spelling](lower(word))))


def _germanic_keys(word: str) -> Sequence[str]:
    return (_apply(_GERMANIC, word),)


def _english_keys(word: str) -> Sequence[str]:
    return (_apply(_ENGLISH, word),)


def _french_keys(word: str) -> Sequence[str]:
    return (_apply(_FRENCH, word), _apply(_FRENCH, _apply(_FRENCH_LOST_S, word)))


_SPELLING_KEYS: Mapping[str, Callable[[str], Sequence[str]]] = {
    "germanic": _germanic_keys,
    "english": _english_keys,
    "french": _french_keys,
}
SPELLING_NAMES = tuple(_SPELLING_KEYS)


def _apply(rules: Sequence[Rule], word: str) -> str:
    for pattern, replacement in rules:
        word = pattern.sub(replacement, word)
    return word
