"""A record's language codes → the analysers of `es-mappings` that stem its words."""

from collections.abc import Iterable
from types import MappingProxyType

STEMMED = MappingProxyType(
    {
        "no": ("no", "nor", "nob", "nb"),
        "nn": ("nn", "nno"),
        "da": ("da", "dan"),
        "de": ("de", "deu", "ger"),
        "en": ("en", "eng"),
        "fr": ("fr", "fra", "fre"),
    }
)
"""Analyser → the codes of ISO 639-1, 639-2 (both kinds) and 639-3 that mean it."""

_ANALYSER = {code: analyser for analyser, codes in STEMMED.items() for code in codes}

SAYS_NOTHING = {"", "und", "mul", "mis", "zxx"}
"""ISO 639-2's codes for undetermined, several, uncoded and none."""


def analysers(languages: Iterable[str], page: str = "") -> tuple[str, ...]:
    """Which analysers a text has by the record's languages, else its page's, else all; another language has none.

    `nb-NO` and `nob` are the same.
    """
    codes = _known(languages) or _known([page])
    if not codes:
        return tuple(STEMMED)
    return tuple(dict.fromkeys(_ANALYSER[code] for code in codes if code in _ANALYSER))


def _known(languages: Iterable[str]) -> list[str]:
    codes = (language.strip().lower().replace("_", "-").partition("-")[0] for language in languages)
    return [code for code in codes if code not in SAYS_NOTHING]
