"""Identifiers of documents in the index and in URLs."""

import hashlib
import re
import unicodedata
from pathlib import PurePath

from core.text import normalise_text

MAX_ID_BYTES = 512
"""Bytes; Elasticsearch's limit for `_id`."""

HASH_DIGITS = 16
"""Hexadecimal digits. A hash has to be unique only among ids that are equal in their readable part."""

PLACE_HASH_DIGITS = 8
"""Hexadecimal digits of a hash that keeps places with one name apart."""

LONG_NUMBER = re.compile(r"\d{6}|[0-9a-f]{16}|[0-9a-f]{8}-[0-9a-f]{4}-", re.IGNORECASE)
"""A number that is no year, or a hash, or the beginning of a UUID."""

MIN_NUMERIC_IDENTIFIER = 9
"""Characters of an identifier without letters; eight digits are often a date."""

URL_SAFE = re.compile(r"[\w.:,+~-]*")
ENDS_WITH_HASH = re.compile(rf"~[0-9a-f]{{{HASH_DIGITS}}}$")


def document_id(*parts: str) -> str:
    """Return the parts as an `_id` that is readable in a URL.

    Two ids with the same number of parts are equal only if their parts are, apart from the Unicode form (NFC or NFD).
    A part that cannot stand in an `_id` as it is, and an `_id` that would be too long for Elasticsearch, is completed
    with a hash: `plate (1)` becomes `plate_1_~` and 16 digits.
    """
    first_part, *other_parts = parts
    # Only the first part, such as a URN, may have colons: the last ones separate the parts.
    readable_id = ":".join([_make_url_safe(first_part), *(_make_url_safe(part, ":") for part in other_parts)])
    encoded_id = readable_id.encode()
    if len(encoded_id) <= MAX_ID_BYTES:
        return readable_id
    kept_bytes = MAX_ID_BYTES - HASH_DIGITS - len("~")
    return f"{encoded_id[:kept_bytes].decode(errors='ignore')}~{short_hash(readable_id)}"


def clean_identifier(identifier: str) -> str:
    """Return an identifier as text that can be stored and searched.

    Where characters that no reader sees are taken out, as in `plate\u200b1.jpg`, a hash keeps it apart from the same
    name without them.
    """
    cleaned_identifier = normalise_text(identifier)
    if cleaned_identifier == unicodedata.normalize("NFC", identifier):
        return cleaned_identifier
    return f"{cleaned_identifier}-{short_hash(identifier)}"


def is_identifier(name: str) -> bool:
    """Return whether the name of a file or folder is so specific that a library uses it only once.

    `digibok_2014062307158`, `bpt6k5628146` and `39015012345678` are identifiers; `vol1` and `Lunion_1865` are not.
    """
    return bool(LONG_NUMBER.search(name)) and (any(map(str.isalpha, name)) or len(name) >= MIN_NUMERIC_IDENTIFIER)


def identifier_of_place(name: str, place: str | PurePath) -> str:
    """Return a name as an identifier: a name that other places may use, too, is completed with a hash of the place.

    `place` is an absolute path or a URL.
    """
    return name if is_identifier(name) else add_place(name, place)


def add_place(name: str, place: str | PurePath) -> str:
    """Return a name completed with a hash of the absolute path or the URL where it is used."""
    return f"{name}-{short_hash(str(place))[:PLACE_HASH_DIGITS]}"


def short_hash(text: str) -> str:
    """Return hexadecimal digits that differ for different texts; NFC and NFD are the same text."""
    normalised_text = unicodedata.normalize("NFC", text)
    # File names may have bytes that are no characters; Python reads them as lone surrogates.
    return hashlib.sha256(normalised_text.encode(errors="surrogatepass")).hexdigest()[:HASH_DIGITS]


def _make_url_safe(part: str, forbidden: str = "") -> str:
    """Return a part that needs no escaping in the path of a URL; letters and accents of all scripts are kept."""
    part = unicodedata.normalize("NFC", part)
    readable_part = part
    if not URL_SAFE.fullmatch(part) or (forbidden and forbidden in part):
        readable_part = "".join(sign if _is_url_safe(sign) and sign != forbidden else " " for sign in part)
        readable_part = re.sub(" +", "_", readable_part)
    is_unchanged = readable_part == part and not ENDS_WITH_HASH.search(part) and part not in (".", "..")
    return part if is_unchanged else f"{readable_part}~{short_hash(part)}"


def _is_url_safe(sign: str) -> bool:
    """Return whether a sign may stand in an `_id`; `\\w` has no combining vowels of Indic scripts and no niqqud."""
    return bool(URL_SAFE.fullmatch(sign)) or unicodedata.category(sign).startswith("M")
