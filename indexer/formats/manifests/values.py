"""The shapes in which IIIF documents of both versions write the same things."""

import html
import re
from collections.abc import Iterable, Mapping
from typing import Any

LANGUAGES = ("nb", "no", "nn", "en", "none", "@none", "de", "fr", "sv", "da", "nl")
"""Which language of a label is shown where there are several."""


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def entries(thing: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The objects under a key, be it one, a list or a bare id."""
    found = ({"id": each} if isinstance(each, str) else each for each in as_list(thing.get(key)))
    return [each for each in found if isinstance(each, Mapping)]


def identifier(thing: Mapping[str, Any]) -> str:
    """`id` or `@id`, without the URI template that NB leaves at its end."""
    written = thing.get("id") or thing.get("@id") or ""
    return re.sub(r"\{\?.*\}$", "", written).strip() if isinstance(written, str) else ""


def kind(thing: Mapping[str, Any]) -> str:
    """The type in lower case, without version 2's `sc:`."""
    written = str(next(iter(as_list(thing.get("type") or thing.get("@type"))), ""))
    return written.removeprefix("sc:").lower()


def web_url(written: str) -> str:
    """A URL that may be fetched: http or https; `file:`, `data:` and templates give the empty string."""
    # Qatar's identifiers end in `Add MS 7475_0001.jp2`.
    quoted = written.replace(" ", "%20")
    return quoted if re.match(r"https?://[^\s{}]+$", quoted, re.IGNORECASE) else ""


def all_words(value: Any) -> list[str]:
    """Every string of a value, in one language where it is a language map."""
    if isinstance(value, Mapping):
        if "@value" in value:
            return all_words(value["@value"])
        keys = sorted(value, key=lambda key: LANGUAGES.index(key) if key in LANGUAGES else len(LANGUAGES))
        return next((found for key in keys if (found := all_words(value[key]))), [])
    if isinstance(value, list):
        return _of_list(value)
    return [plain] if isinstance(value, str | int | float) and (plain := without_markup(str(value))) else []


def _of_list(values: Iterable[Any]) -> list[str]:
    """Version 2 writes translations as a list of objects with `@language`; the best language's are kept."""
    values = list(values)
    spoken = [str(each["@language"]) for each in values if isinstance(each, Mapping) and each.get("@language")]
    best = min(spoken, key=lambda each: LANGUAGES.index(each) if each in LANGUAGES else len(LANGUAGES), default="")
    kept = [each for each in values if not isinstance(each, Mapping) or each.get("@language", best) == best]
    return [written for each in kept for written in all_words(each)]


def words(value: Any) -> str:
    """The first string of a value."""
    return next(iter(all_words(value)), "")


def every_label(value: Any) -> list[str]:
    """The strings of all languages: a label is recognised in whichever one we know."""
    if isinstance(value, Mapping):
        return [
            each
            for inner in ([value["@value"]] if "@value" in value else value.values())
            for each in every_label(inner)
        ]
    if isinstance(value, list):
        return [each for inner in value for each in every_label(inner)]
    return [str(value)] if isinstance(value, str) else []


def without_markup(written: str) -> str:
    """`<span>Bøker &amp; brev</span>` → `Bøker & brev`."""
    return " ".join(html.unescape(re.sub(r"<[^<>]*>", " ", written)).split())
