"""Access to values in IIIF documents, which write the same facts in several forms."""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.text import clean_text

DEFAULT_LANGUAGES = ("en", "none", "@none", "und", "mul")
"""Languages of a value that are preferred to others, after the language of the record."""

EQUAL_LANGUAGES = {"nb": "no", "nn": "no", "nob": "no", "nno": "no", "nor": "no"}

INLINE_TAG = re.compile(r"</?(?:b|i|em|strong|sup|sub|u|s|small|mark)\b[^<>]*>", re.IGNORECASE)
"""Markup inside a word."""

BREAK = re.compile(
    r"<(?:br|hr)\b[^<>]*>|</?(?:p|div|ul|ol|li|dl|dt|dd|table|tr|td|th|h[1-6]|blockquote|section)\b[^<>]*>"
    r"|</span\s*>\s*<span\b[^<>]*>(?!\s*[,.;:()\d])",
    re.IGNORECASE,
)
"""Markup between lines and blocks, and between two spans unless the second continues the first: `, 1800-1870`."""

LINE_SEPARATOR = "\x1e"

TAG = re.compile(
    r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|</?[a-z][a-z0-9:-]*(?:\s[^<>]*|/)?>", re.IGNORECASE | re.DOTALL
)
"""Markup between words; `a < b` is none."""


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


def all_strings(value: Any, languages: Sequence[str] = (), *, by_line: bool = False) -> list[str]:
    """Return all strings of a value; if it is given in several languages in one only, preferably one of `languages`.

    With `by_line`, each line and block of markup is a string of its own.
    """
    if isinstance(value, Mapping):
        if "@value" in value:
            return all_strings(value["@value"], languages, by_line=by_line)
        ranked_languages = sorted(value, key=lambda language: _language_rank(language, languages))
        all_values = (all_strings(value[key], languages, by_line=by_line) for key in ranked_languages)
        return next(filter(None, all_values), [])
    if isinstance(value, list):
        return _strings_of_list(value, languages, by_line=by_line)
    lines = split_markup(str(value)) if isinstance(value, str | int | float) else []
    return lines if by_line or not lines else [" ".join(lines)]


def _strings_of_list(values: Iterable[Any], languages: Sequence[str], *, by_line: bool) -> list[str]:
    """Return the values in the preferred language of a version 2 list of objects with `@language`."""
    values = list(values)
    value_languages = [
        str(value["@language"]) for value in values if isinstance(value, Mapping) and value.get("@language")
    ]
    best_language = min(value_languages, key=lambda language: _language_rank(language, languages), default="")
    kept_values = [
        value
        for value in values
        if not isinstance(value, Mapping) or value.get("@language", best_language) == best_language
    ]
    return [string for value in kept_values for string in all_strings(value, languages, by_line=by_line)]


def _language_rank(language: Any, preferred_languages: Sequence[str]) -> int:
    """Return the place of a language (a tag of BCP 47) in the order of preference; equal for all that are not in it."""
    order = [*preferred_languages, *DEFAULT_LANGUAGES]
    primary_tag = str(language).lower().partition("-")[0]
    code = EQUAL_LANGUAGES.get(primary_tag, primary_tag)
    return order.index(code) if code in order else len(order)


def first_string(value: Any, languages: Sequence[str] = ()) -> str:
    """Return the first string of a value, preferably in one of `languages`."""
    return next(iter(all_strings(value, languages)), "")


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
    return " ".join(split_markup(markup))


def split_markup(markup: str) -> list[str]:
    """Return the cleaned texts of the lines and blocks of markup: `<p>Moe, Anna<br/>Li, Bo</p>` has two."""
    # Some values are escaped twice, so markup appears only after the first round.
    for _ in range(2):
        markup = html.unescape(TAG.sub(" ", INLINE_TAG.sub("", BREAK.sub(LINE_SEPARATOR, markup))))
    lines = (" ".join(clean_text(line).split()) for line in markup.split(LINE_SEPARATOR))
    return [line for line in lines if line]
