"""The languages whose words are stemmed, and which rules of spelling they follow."""

from collections.abc import Mapping
from types import MappingProxyType

STEMMERS: Mapping[str, str] = MappingProxyType(
    {
        "no": "norwegian",
        "nn": "norwegian",
        "da": "danish",
        "sv": "swedish",
        "de": "german",
        "nl": "dutch",
        "en": "english",
        "fr": "french",
    }
)
"""ISO 639-1 code → algorithm of Snowball (https://snowballstem.org)."""

SPELLINGS: Mapping[str, str] = MappingProxyType(
    {
        "no": "nordic",
        "nn": "nordic",
        "da": "nordic",
        "sv": "nordic",
        "de": "german",
        "nl": "dutch",
        "en": "english",
        "fr": "french",
    }
)
"""Language → the rules of its old spelling, see `core.words.spelling`; their first letters differ."""
