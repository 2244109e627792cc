"""Access to values in IIIF documents, which write the same facts in several forms."""

import html
import re
from collections.abc import Iterable, Mapping
from typing import Any

from core.text import clean_text

PREFERRED_LANGUAGES = ("nb", "no", "nn", "en", "none", "@none", "de", "fr", "sv", "da", "nl")
"""Order of preference of languages in a label."""


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def entries(resource: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """Return the objects under a key, whose value is one object, a list or a bare id."""
    objects = ({"id": entry} if isinstance(entry, str) else entry for entry in as_list(resource.get(key)))
    return [entry for entry in objects if isinstance(entry, Mapping)]


def identifier(resource: Mapping[str, Any]) -> str:
    """Return `id` or `@id`, without the URI template that NB leaves at its end."""
    raw_id = resource.get("id") or resource.get("@id") or ""
    return re.sub(r"\{\?.*\}$", "", raw_id).strip() if isinstance(raw_id, str) else ""


def pixel_size(resource: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Return `width` and `height`, each None if it is missing or no size."""
    width, height = resource.get("width"), resource.get("height")
    sides = (round(side) if isinstance(side, int | float) and 0 < side < 2**31 else None for side in (width, height))
    return next(sides), next(sides)


def resource_type(resource: Mapping[str, Any]) -> str:
    """Return the type in lower case, without the prefix `sc:` of version 2."""
    raw_type = str(next(iter(as_list(resource.get("type") or resource.get("@type"))), ""))
    return raw_type.removeprefix("sc:").lower()


def web_url(url: str) -> str:
    """Return the URL if it is http or https, else an empty string (`file:`, `data:`, templates)."""
    # The Qatar Digital Library has identifiers such as `Add MS 7475_0001.jp2`.
    quoted_url = url.replace(" ", "%20")
    return quoted_url if re.match(r"https?://[^\s{}]+$", quoted_url, re.IGNORECASE) else ""


def all_strings(value: Any) -> list[str]:
    """Return all strings of a value; in one language if it is a language map."""
    if isinstance(value, Mapping):
        if "@value" in value:
            return all_strings(value["@value"])
        languages = sorted(
            value,
            key=lambda language: (
                PREFERRED_LANGUAGES.index(language) if language in PREFERRED_LANGUAGES else len(PREFERRED_LANGUAGES)
            ),
        )
        return next((strings for language in languages if (strings := all_strings(value[language]))), [])
    if isinstance(value, list):
        return _strings_of_list(value)
    return [plain_text] if isinstance(value, str | int | float) and (plain_text := strip_markup(str(value))) else []


def _strings_of_list(values: Iterable[Any]) -> list[str]:
    """Return the values in the preferred language of a version 2 list of objects with `@language`."""
    values = list(values)
    languages = [str(value["@language"]) for value in values if isinstance(value, Mapping) and value.get("@language")]
    best_language = min(
        languages,
        key=lambda language: (
            PREFERRED_LANGUAGES.index(language) if language in PREFERRED_LANGUAGES else len(PREFERRED_LANGUAGES)
        ),
        default="",
    )
    kept_values = [
        value
        for value in values
        if not isinstance(value, Mapping) or value.get("@language", best_language) == best_language
    ]
    return [string for value in kept_values for string in all_strings(value)]


def first_string(value: Any) -> str:
    """Return the first string of a value."""
    return next(iter(all_strings(value)), "")


def all_label_strings(value: Any) -> list[str]:
    """Return the strings of all languages, as a label is recognised in any known language."""
    if isinstance(value, Mapping):
        return [
            label
            for nested_value in ([value["@value"]] if "@value" in value else value.values())
            for label in all_label_strings(nested_value)
        ]
    if isinstance(value, list):
        return [label for nested_value in value for label in all_label_strings(nested_value)]
    return [clean_text(value)] if isinstance(value, str) else []


def strip_markup(markup: str) -> str:
    """Return the cleaned text without markup: `<span>Bøker &amp; brev</span>` → `Bøker & brev`."""
    return " ".join(clean_text(html.unescape(re.sub(r"<[^<>]*>", " ", markup))).split())
