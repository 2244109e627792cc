"""Languages of a record → the analysers of `es-mappings` that stem its text."""

from collections.abc import Iterable
from types import MappingProxyType

from core.languages import UNSPECIFIC_CODES, is_language_code, language_codes

CODES_BY_ANALYSER = MappingProxyType(
    {"no": ("no", "nb"), "nn": ("nn",), "da": ("da",), "de": ("de",), "en": ("en",), "fr": ("fr",)}
)
"""Analyser → its codes in ISO 639-1."""

_ANALYSER_BY_CODE = {code: analyser for analyser, codes in CODES_BY_ANALYSER.items() for code in codes}


def analysers(languages: Iterable[str], page_language: str = "") -> tuple[str, ...]:
    """Return the analysers for a text: by the record's languages, else by the page's, else all of them.

    A language without an analyser has none; an unknown name could be any language, so it has all.
    """
    codes = _specific_codes(languages) or _specific_codes([page_language])
    if not codes or not all(map(is_language_code, codes)):
        return tuple(CODES_BY_ANALYSER)
    return tuple(dict.fromkeys(_ANALYSER_BY_CODE[code] for code in codes if code in _ANALYSER_BY_CODE))


def _specific_codes(languages: Iterable[str]) -> list[str]:
    return [code for code in language_codes(languages) if code not in UNSPECIFIC_CODES]
