"""Languages as records write them → codes of ISO 639, by the names of the Unicode CLDR."""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from babel import Locale
from babel.core import get_global

from core.text import letters_and_digits

UNSPECIFIC_CODES = frozenset({"und", "mul", "mis", "zxx"})
"""ISO 639-2's codes for undetermined, several, uncoded and none."""

NAME_LOCALES = (
    *("en", "de", "fr", "no", "nn", "da", "sv", "nl", "it", "es", "pt", "fi", "is", "la", "pl", "cs", "sk", "hu"),
    *("ca", "ro", "hr", "sl", "et", "lv", "lt", "ru", "uk", "bg", "el", "tr", "cy", "ga", "he", "ar", "ja", "zh", "ko"),
)
"""Languages whose names of languages are known; of equal names, the first one counts."""

OTHER_NAMES = {
    "no": "norw norv",
    "nb": "bokmal bokmaal riksmal riksmaal dano-norwegian",
    "nn": "nynorsk landsmal landsmaal new-norwegian",
    "da": "dan dän",
    "sv": "schwed sven",
    "de": "dt hochdeutsch neuhochdeutsch german-standard german-new-spelling deutsche old-german early-new-high-german"
    " frühneuhochdeutsch",
    "nds": "plattdeutsch",
    "en": "engl englische",
    "fr": "frz franz française",
    "la": "lateinisch lateinische latinum neo-latin neulatein mittellatein medieval-latin",
    "it": "ital",
    "es": "span castilian castellano kastilisch",
    "nl": "ned niederl holländisch hollandsk nederduits",
    "el": "modern-greek neugriechisch nygresk nygræsk",
    "grc": "griech altgriech klassisk-gresk",
    "non": "norrøn norrønt altnordisch islandic-old old-icelandic gammelnorsk",
    "cu": "old-church-slavic old-church-slavonic church-slavonic",
    "he": "hebr",
    "ru": "russ",
    "se": "sami samisk saami sápmi lappish lapp davvisámegiella",
    "fo": "føroyskt",
    "kl": "greenlandic",
    "ang": "anglo-saxon",
    "gsw": "alsatian elsässisch schwyzerdütsch",
    "lb": "lëtzebuergesch",
    "ca": "valencian",
    "oc": "provençal",
    "gl": "galego",
    "eu": "euskara",
    "br": "brezhoneg",
    "gd": "gàidhlig",
    "sq": "shqip",
    "fa": "farsi",
    "yi": "jiddisch",
    "mul": "multilingual flerspråklig flersproget flerspråkig mehrsprachig multilingue various verschiedene",
    "und": "unknown undetermined unbekannt ukjent ubestemt inconnu",
    "zxx": "none keine ingen no-linguistic-content ohne-text",
}
"""Code → other names and abbreviations, with hyphens for spaces."""

OTHER_CODES = {"nor": "no", "sh": "sh", "hbs": "sh", "tl": "tl", "tgl": "tl", "tw": "tw", "twi": "tw"}
"""Codes of which CLDR makes other languages: Bokmål of every `nor`."""

CODE = re.compile(r"(?P<language>[A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*")
"""A code of ISO 639 with the subtags of BCP 47: `nob`, `nb-NO`, `en_GB`, `zh-Hant`."""

SEPARATOR = re.compile(
    r"\s*[,;/|&+]\s*|\s+[-–—]\s+|\s+(?:and|und|og|och|et|en|e|y|i|ja|with|mit|med|avec)\s+", re.IGNORECASE
)

URL = re.compile(r"https?://\S+[/#](?P<name>[^/#?\s]+)/?", re.IGNORECASE)
"""The address of a language in a vocabulary: `http://id.loc.gov/vocabulary/languages/ger`."""

BRACKETED = re.compile(r"[(\[]([^()\[\]]*)[)\]]?")

FILLER_WORDS = re.compile(
    r"\b(?:in|auf|på|en|i|the|with|mit|med|avec|texte?s?|tekst|languages?|langues?|sprachen?|språk|sprog|taal|язык|jazyk|język|kieli|idioma|lingua"
    r"|parallelt?|partly|teilw|teilweise|delvis)\b\.?",
    re.IGNORECASE,
)
"""Words around a name: `Text in German`."""


def language_codes(values: Iterable[str]) -> tuple[str, ...]:
    """Return the languages of a record as codes, each once: of ISO 639-1 if there is one, else of ISO 639-3.

    A value is a code, a name in one of many languages, or several: `deu`, `Deutsch`, `ger, lat`, `German and Latin`.
    An unknown name stays as it is written.
    """
    return tuple(dict.fromkeys(code for value in values for code in _parse_value(value)))


def is_language_code(value: str) -> bool:
    """Return whether a value of `language_codes` is a code, not an unknown name."""
    return value in UNSPECIFIC_CODES or value in _english_names()


def language_name(code: str, locale: str = "en") -> str:
    """Return the name of a language in another, the locale's; what is no known code is returned as it is."""
    return _names_in(locale).get(code) or _english_names().get(code, code)


@lru_cache(maxsize=1024)
def _parse_value(value: str) -> tuple[str, ...]:
    value = " ".join(value.split()).strip(" .,;:/[]")
    if (url_match := URL.fullmatch(value)) and (code := _find_code(url_match["name"])):
        return (code,)
    if code := _find_code(value):
        return (code,)
    if packed_codes := _split_packed_codes(value):
        return packed_codes
    parts = [part for part in SEPARATOR.split(value) if part.strip(" .")]
    codes = [_find_code(part) for part in parts]
    if not any(codes):
        return (value,) if value else ()
    return tuple(code or part.strip(" .") for code, part in zip(codes, parts, strict=True))


def _find_code(text: str) -> str:
    """Return the code of one language; empty if it is none that is known."""
    text = text.strip(" .[]")
    if (match := CODE.fullmatch(text)) and (code := _canonical_code(match["language"].lower())):
        return code
    outer_text, inner_text = BRACKETED.sub("", text).strip(), "".join(BRACKETED.findall(text))
    noun, comma, qualifier = outer_text.partition(",")
    names = [text, outer_text, inner_text, qualifier + noun if comma else ""]
    names.append(FILLER_WORDS.sub("", outer_text))
    keys = filter(None, map(letters_and_digits, names))
    if code := next((_codes_by_name()[key] for key in keys if key in _codes_by_name()), ""):
        return code
    return _find_code(outer_text) if outer_text != text else ""


def _canonical_code(code: str) -> str:
    """Return the code that stands for a code of any part of ISO 639: `de` for `ger` and `deu`; empty if unknown."""
    alias = OTHER_CODES.get(code) or str(get_global("language_aliases").get(code, code)).partition("_")[0]
    return alias if is_language_code(alias) else ""


def _split_packed_codes(value: str) -> tuple[str, ...]:
    """Return the codes of `engfre` or `ger lat`; nothing if any part is no code."""
    if re.fullmatch(r"(?:[a-z]{3}){2,}", value):
        parts = re.findall("...", value)
    elif re.fullmatch(r"[A-Za-z]{2,3}(?:\.? [A-Za-z]{2,3})+", value):
        parts = value.lower().replace(".", "").split()
    else:
        return ()
    codes = tuple(map(_canonical_code, parts))
    return codes if all(codes) else ()


@cache
def _names_in(locale: str) -> Mapping[str, str]:
    return {code: name for code, name in _language_names(locale) if "_" not in code}


def _english_names() -> Mapping[str, str]:
    return _names_in("en")


def _language_names(locale: str) -> list[tuple[str, str]]:
    """Return the codes of languages, some with a region (`de_AT`), and their names in one language."""
    return [(str(code), str(name)) for code, name in Locale.parse(locale).languages.items()]


@cache
def _codes_by_name() -> Mapping[str, str]:
    """Return the code of each name; loading the names takes a third of a second."""
    codes = {letters_and_digits(name): code for code, names in OTHER_NAMES.items() for name in names.split()}
    for locale in NAME_LOCALES:
        for code, name in _language_names(locale):
            codes.setdefault(letters_and_digits(name), code.partition("_")[0])
    return codes
