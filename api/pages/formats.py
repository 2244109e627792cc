"""Numbers, dates and lists as the language of the page writes them."""

from collections.abc import Iterable
from datetime import date

from babel import dates, lists, numbers
from jinja2 import Environment, pass_environment
from jinja2.filters import do_truncate
from markupsafe import Markup, escape

from api.pages.languages import current_language
from core import languages


def format_number(number: float) -> str:
    """Return a number with its separators of thousands and decimals: `1,234` or `1 234`."""
    return numbers.format_decimal(number, locale=current_language().locale)


def format_percent(share: float) -> str:
    """Return a share of 1 in percent: `95%` or `95 %`, with a decimal only where 0 or 100 would be wrong: `99.8%`."""
    locale = current_language().locale
    pattern = locale.percent_formats[None].pattern
    if round(share, 2) in (0, 1) and share not in (0, 1):
        pattern = pattern.replace("##0", "##0.0", 1)
    return numbers.format_percent(share, format=pattern, locale=locale)


def format_date(iso_date: str) -> str:
    """Return a date of ISO 8601 in words, `29 November 2026`; what is no date is returned as it is."""
    try:
        return dates.format_date(date.fromisoformat(iso_date[:10]), format="long", locale=current_language().locale)
    except ValueError:
        return iso_date


def format_list(items: Iterable[str]) -> str:
    """Return “one, two and three”; items that are HTML stay HTML, all others are escaped."""
    item_list = list(items)
    locale = current_language().locale
    if not any(isinstance(item, Markup) for item in item_list):
        return lists.format_list(item_list, locale=locale)
    return Markup(lists.format_list([escape(item) for item in item_list], locale=locale))  # noqa: S704 escaped


def language_name(code: str) -> str:
    """Return what the page's language calls a language; what is no known code is returned as it is."""
    return languages.language_name(code, current_language().locale.language)


def first_capital(text: str) -> str:
    """Return a text with a capital at its beginning, as an entry of a list has it."""
    return text[:1].upper() + text[1:]


@pass_environment
def shorten(environment: Environment, text: str, length: int) -> str:
    """Return at most so many characters of a text, cut between two words, with `…` in place of the rest."""
    return do_truncate(environment, text, length, end="…", leeway=5)
