"""Language codes of a record → the analysers of `es-mappings` that stem its text."""

from collections.abc import Iterable
from types import MappingProxyType

CODES_BY_ANALYSER = MappingProxyType(
    {
        "no": ("no", "nor", "nob", "nb"),
        "nn": ("nn", "nno"),
        "da": ("da", "dan"),
        "de": ("de", "deu", "ger"),
        "en": ("en", "eng"),
        "fr": ("fr", "fra", "fre"),
    }
)
"""Analyser → its codes in ISO 639-1, ISO 639-2 (both kinds) and ISO 639-3."""

_ANALYSER_BY_CODE = {code: analyser for analyser, codes in CODES_BY_ANALYSER.items() for code in codes}

UNSPECIFIC_CODES = {"", "und", "mul", "mis", "zxx"}
"""ISO 639-2's codes for undetermined, several, uncoded and none."""


def analysers(languages: Iterable[str], page_language: str = "") -> tuple[str, ...]:
    """Return the analysers for a text: by the record's languages, else by the page's, else all of them.

    A language without an analyser has none. `nb-NO` and `nob` mean the same language.
    """
    codes = _specific_codes(languages) or _specific_codes([page_language])
    if not codes:
        return tuple(CODES_BY_ANALYSER)
    return tuple(dict.fromkeys(_ANALYSER_BY_CODE[code] for code in codes if code in _ANALYSER_BY_CODE))


def _specific_codes(languages: Iterable[str]) -> list[str]:
    codes = (language.strip().lower().replace("_", "-").partition("-")[0] for language in languages)
    return [code for code in codes if code not in UNSPECIFIC_CODES]
