"""Publishers and places as printed → the forms that facets count and filters compare."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from core.text import letters_and_digits
from indexer.documents.places import PlaceTable

UNKNOWN_PLACES = re.compile(
    r"бм|bm|sl|slsn|sn|sineloco|oo|ohneort|uo|utenort|ust|utensted|udensted|sp|xx|unknown\w*|ukjent\w*|unbekannt\w*|inconnu\w*"
    r"|\w*(?:notidentified|nichtermittelbar|nonidentifie|ikkeidentifisert|ejidentifierad|notknown)|ort|place|np"
)
UNKNOWN_PUBLISHERS = re.compile(
    r"би|bw|sn|sinenomine|ov|ohneverlag|uf|utenforlag|nn|np|unknown\w*|ukjent\w*|unbekannt\w*|inconnu\w*"
    r"|\w*(?:notidentified|nichtermittelbar|nonidentifie|ikkeidentifisert|ejidentifierad|notknown)"
)
"""What catalogues write where the book does not say, as letters and digits: `[S.l.]`, `s.n.`."""

AND_OTHERS = re.compile(
    r"(?:^|[\s,(\[])[\[(]*(?:u\.\s?a\.?(?:\s?m\.?)?|u\.\s?v\.\s?a\.?|et\sal\.?|etc\.?|&c\.?|m\.\s?fl\.?|o\.\s?a\.?|i\sin\.?|e\.\s?a\.?)"
    r"[\s\])]*$",
    re.IGNORECASE,
)
"""`[u.a.]`, `etc.`, `m.fl.` at the end: there are more places or publishers."""

VALUE_SEPARATOR = re.compile(r"\s*[;|]\s*|\s+=\s+|,?\s+et\s+se\s+(?:trouve|vend)\s+(?=[àa]\s)", re.IGNORECASE)
PLACE_SEPARATOR = re.compile(r"\s*[,/&+]\s*|\s*[-–—]\s*|\s+(?:and|und|u\.|og|och|et|en|y|e)\s+", re.IGNORECASE)
"""What may also be part of one name (`Baden-Baden`), so it separates only names that the table has."""

BRACKETED = re.compile(r"\[([^\[\]]*)\]?|\(([^()]*)\)")
CORRECTION = re.compile(r"(?<!\w)(?:i\.\s?e\.|id est|d\.\s?i\.|recte|vielmehr|=)\s*", re.IGNORECASE)
TITLE_PAGE_WORDS = re.compile(
    r"(?:imprim[ée]e?\s+|gedruckt\s+|printed\s+|try(?:k|ck)t\s+)?(?:à|a|in|at|zu|i|te|tot)\s+|impressum\s+|['’]?t['’]\s*|['’]t\s+",
    re.IGNORECASE,
)
"""Words before the name on old title pages: `A Paris`, `Printed at London`."""

PUBLISHER_WORDS = re.compile(
    r"(?:(?:zu finden|gedruckt|verlegt?s|verlegt|forlagt|f[oö]rlagt|trykt|trykkt|tryckt|imprim[ée]e?|printed|published"
    r"|sold|stampato|impress[oa]|gedrukt|(?:i|in)\s+(?:comm|komm)[a-z]*\.?|im (?:selbst)?verlag|and|und|og|och|et)"
    r"[\s,&]+)*"
    r"(?:bey|bei|beym|hos|chez|apud|presso|appresso|bij)\s+"
    r"|(?:(?:gedruckt|verlegt|trykt|tryckt|imprim[ée]e?|printed|published|sold|stampato|impreso|gedrukt|and|und|og)"
    r"[\s,&]+)+"
    r"(?:by|for|per|par|por|ved|av|af|von|durch|voor)\s+",
    re.IGNORECASE,
)
"""Words before the name: `Chez Didot`, `In Commission bei Brockhaus`, `Printed and sold by J. Roberts`."""

QUOTED = re.compile(r"[\"„“”«»]([^\"„“”«»]+)[\"„“”«»]$")
SPACED_INITIALS = re.compile(r"(?<=\b[^\W\d_]\.)\s+(?=[^\W\d_]\.)")
COMPANY = re.compile(r"\s+(?:&|und|u\.|and|og|och)\s+co(?:mp)?\.?$", re.IGNORECASE)
"""`F. A. Brockhaus` and `F.A. Brockhaus`, `& Co`, `und Comp.` and `& Co.` are the same."""

QUALIFIERS = re.compile(
    r"england|scotland|ireland|greatbritain|uk|norway|norge|noreg|denmark|danmark|sweden|sverige|germany|deutschland"
    r"|allemagne|tyskland|austria|osterreich|belgium|switzerland|schweiz|suisse|france|frankrike|italy|italia|spain"
    r"|espana|finland|(?:the)?netherlands|nederland|poland|russia|usa?|unitedstates|printed|gedruckt|trykt"
)
"""What says nothing new after a place, such as its country, as letters and digits."""

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
SMALL_WORDS = re.compile(
    r"a|al|am|an|and|auf|av|aux|by|da|das|de|del|den|der|des|di|do|du|e|el|en|et|for|für|i|il|im|in|la|le|les|of|og|och|on"
    r"|på|sur|the|til|u|und|upon|van|ved|vid|vom|von|y|zu|zum|zur",
    re.IGNORECASE,
)
MAX_ACRONYM_LETTERS = 5
MAX_CODE_LETTERS = 3
"""Letters of a word in capitals that stays so among others, and of a name that stays as it is (`NRK`, MARC's `enk`)."""


def imprint_fields(publisher: str, place: str, table: PlaceTable) -> dict[str, Any]:
    """Return publisher and place as printed, their normalised forms for facets, and all their names for filters."""
    # The BnF writes the place after the publisher.
    publisher_alone = publisher.removesuffix(f"({place})") if place else publisher
    publishers, normalised_places = normalise_publishers(publisher_alone), normalise_places(place, table)
    other_names = [name for normalised_place in normalised_places for name in table.other_names(normalised_place)]
    return {
        "publisher": publisher,
        "publisher_normalised": list(publishers),
        "publisher_names": list(dict.fromkeys([*publishers, publisher])) if publisher else [],
        "place": place,
        "place_normalised": list(normalised_places),
        "place_names": list(dict.fromkeys([place, *normalised_places, *other_names])) if place else [],
    }


@lru_cache(maxsize=4096)
def normalise_publishers(publisher: str) -> tuple[str, ...]:
    """Return the names in a statement of publishers without brackets and punctuation; `[s.n.]` has none."""
    return _unique(map(_normalise_publisher, VALUE_SEPARATOR.split(publisher)))


@lru_cache(maxsize=4096)
def normalise_places(place: str, table: PlaceTable) -> tuple[str, ...]:
    """Return the places in a statement: by their names in the table, else without brackets and punctuation.

    `London ; New York` has two, `Kristiania [u.a.]` is Oslo, `[S.l.]` has none.
    """
    places = _unique(value for part in VALUE_SEPARATOR.split(place) for value in _read_place(part, table))
    return tuple(value for value in places if not _is_qualifier(value)) or places


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, values)))


def _normalise_publisher(publisher: str) -> str:
    name = _strip_punctuation(AND_OTHERS.sub("", publisher))
    if not name.startswith("["):
        name = re.sub(r"\s+\[[^\[\]]*\]?$", "", name)
    name = _strip_punctuation(re.sub(r"[\[\]]", "", name).removesuffix("..."))
    name = _without_title_page_words(QUOTED.sub(r"\1", name))
    name = COMPANY.sub(" & Co.", SPACED_INITIALS.sub("", re.sub(r"\su\.\s", " und ", name)))
    return "" if UNKNOWN_PUBLISHERS.fullmatch(letters_and_digits(name)) else _normalise_case(name)


def _without_title_page_words(name: str) -> str:
    """Return `Didot` for `Chez Didot`; what follows begins with a capital, unlike in `By og land`."""
    match = PUBLISHER_WORDS.match(name)
    rest = name[match.end() :] if match else ""
    return rest if rest and (rest[0].isupper() or name.islower()) else name


def _read_place(statement: str, table: PlaceTable) -> list[str]:
    text = _strip_punctuation(AND_OTHERS.sub("", statement))
    if place := _find_place(text, table):
        return [place]
    outer_text, inner_text = _split_brackets(text)
    if correction := CORRECTION.search(inner_text):
        return _read_place(inner_text[correction.end() :], table)
    if place := _find_place(inner_text, table):
        return [place]
    if _is_qualifier(inner_text):
        text = outer_text
    if "," in text and _is_qualifier(text.rpartition(",")[2]):
        text = text.rpartition(",")[0]
    parts = [part for part in PLACE_SEPARATOR.split(outer_text) if not _is_qualifier(part)]
    places = [_find_place(part, table) for part in parts]
    if places and all(places):
        return places
    name = _strip_punctuation(re.sub(r"\s*\[[^\[\]]*\]?$", "", text) or inner_text)
    name = _strip_punctuation(re.sub(r"[\[\]]", "", name))
    key = letters_and_digits(name)
    return [] if not key or UNKNOWN_PLACES.fullmatch(key) else [_normalise_case(name)]


def _is_qualifier(text: str) -> bool:
    return bool(QUALIFIERS.fullmatch(letters_and_digits(text)))


def _find_place(text: str, table: PlaceTable) -> str:
    """Return the place of a name in the table, also after `A` or `Printed at`; empty if there is none."""
    return table.find_place(text) or table.find_place(TITLE_PAGE_WORDS.sub("", text.strip(), count=1))


def _split_brackets(text: str) -> tuple[str, str]:
    """Return the text without what stands in brackets, and that."""
    inner_texts = [match[1] or match[2] or "" for match in BRACKETED.finditer(text)]
    return _strip_punctuation(BRACKETED.sub(" ", text)), _strip_punctuation(" ".join(inner_texts))


def _strip_punctuation(text: str) -> str:
    """Return the text without spaces and punctuation around it; the full stop of an abbreviation stays."""
    text = " ".join(text.split()).strip(" :,;/=?*").removesuffix("?]").rstrip(" ?")
    return text[:-1] if re.search(r"[^\W\d_]{4,}\.$|[\])]\.$", text) else text


def _normalise_case(name: str) -> str:
    """Return the name with a capital in each word but small ones, so that `OSLO` and `oslo` are equal."""
    has_small_letters = any(map(str.islower, name))
    is_code = len(letters_and_digits(name)) <= MAX_CODE_LETTERS

    def capitalise(match: re.Match[str]) -> str:
        word = match[0]
        is_initial = name.startswith(".", match.end())
        is_code_of_state = has_small_letters and word.isupper() and len(word) > 1
        if match.start() and SMALL_WORDS.fullmatch(word) and not is_initial and not is_code_of_state:
            return word.lower()
        if len(word) == 1 and ((is_initial and name.islower()) or not match.start()):
            return word.upper()
        if len(word) == 1 or (has_small_letters and word.isupper() and len(word) <= MAX_ACRONYM_LETTERS):
            return word
        return word[0].upper() + word[1:].lower() if word.isupper() or word.islower() else word

    return name if is_code else WORD.sub(capitalise, name)
