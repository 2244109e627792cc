"""Languages of a record → the languages of `core.words` whose rules make the forms of its words."""

from collections.abc import Iterable
from types import MappingProxyType

from core.languages import UNSPECIFIC_CODES, is_language_code, language_codes
from core.words.languages import STEMMERS

OTHER_CODES = MappingProxyType(
    {
        "no": ("nb",),
        "de": ("gmh", "nds", "gsw"),
        "en": ("enm", "sco"),
        "fr": ("frm", "fro"),
        "nl": ("dum",),
    }
)
"""Language of `core.words` → its older forms and near relatives, which its rules of spelling are good for."""

CODES_BY_LANGUAGE = MappingProxyType({language: (language, *OTHER_CODES.get(language, ())) for language in STEMMERS})
"""Language of `core.words` → its codes in ISO 639."""

_LANGUAGE_BY_CODE = {code: language for language, codes in CODES_BY_LANGUAGE.items() for code in codes}


def word_languages(languages: Iterable[str], page_language: str = "") -> tuple[str, ...]:
    """Return the languages of a text: the record's, else the page's, else all of them.

    A language without rules has none; an unknown name could be any language, so it has all.
    """
    codes = _specific_codes(languages) or _specific_codes([page_language])
    if not codes or not all(map(is_language_code, codes)):
        return tuple(CODES_BY_LANGUAGE)
    return tuple(dict.fromkeys(_LANGUAGE_BY_CODE[code] for code in codes if code in _LANGUAGE_BY_CODE))


def _specific_codes(languages: Iterable[str]) -> list[str]:
    return [code for code in language_codes(languages) if code not in UNSPECIFIC_CODES]
