"""The language of the page that a request gets: what the templates' `_()` and `ngettext()` return."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from gettext import NullTranslations
from pathlib import Path

from babel import Locale, UnknownLocaleError

from api.pages.catalogues import CATALOGUE_FILE, read_catalogue
from api.sentences import Sentence
from core.errors import FrontispieceError

DEFAULT_LANGUAGE = "en"
"""The language that the templates are written in."""

FORMATS = {"en": "en_GB"}
"""Language → locale of its numbers and dates, if it is another than that of the language alone."""


@dataclass(frozen=True, slots=True)
class PageLanguage:
    """A language that the pages can be read in."""

    code: str
    """Code of BCP 47: the `lang` of the pages, and the value of the parameter `lang`."""
    locale: Locale
    """How numbers and dates are written, and what languages are called."""
    translations: NullTranslations

    @property
    def own_name(self) -> str:
        """What the language calls itself, with a capital."""
        name = Locale.parse(self.code, sep="-").get_display_name() or self.code
        return name[:1].upper() + name[1:]


def create_page_language(code: str, translations: NullTranslations) -> PageLanguage:
    """Return the language with the code, as in `pt-BR`; raise ValueError or UnknownLocaleError if there is none."""
    return PageLanguage(code, Locale.parse(FORMATS.get(code, code.replace("-", "_"))), translations)


ENGLISH = create_page_language(DEFAULT_LANGUAGE, NullTranslations())

_current_language: ContextVar[PageLanguage] = ContextVar("page_language", default=ENGLISH)
_is_in_address: ContextVar[bool] = ContextVar("is_in_address", default=False)


def read_page_languages(folder: Path) -> dict[str, PageLanguage]:
    """Return English and the languages that have a catalogue, `<folder>/nb/LC_MESSAGES/frontispiece.po`, by code.

    Raise `FrontispieceError` if a catalogue cannot be read or its folder is not called after a language.
    """
    languages = {DEFAULT_LANGUAGE: ENGLISH}
    for file in sorted(folder.glob(f"*/{CATALOGUE_FILE}")):
        name = file.relative_to(folder).parts[0]
        code = name.replace("_", "-")
        try:
            languages[code] = create_page_language(code, read_catalogue(file, name.replace("-", "_")))
        except (ValueError, UnknownLocaleError) as error:
            raise FrontispieceError(
                f"{file}: `{name}` is not the code of a language; name the folder after one, as in `nb` or `pt_BR`"
            ) from error
    return languages


@contextmanager
def use_language(language: PageLanguage, *, is_in_address: bool = False) -> Iterator[None]:
    """Make this the language of all pages that are rendered inside the `with` block.

    `is_in_address` says whether the address of the page names it.
    """
    token, address_token = _current_language.set(language), _is_in_address.set(is_in_address)
    try:
        yield
    finally:
        _current_language.reset(token)
        _is_in_address.reset(address_token)


def current_language() -> PageLanguage:
    """Return the page's language."""
    return _current_language.get()


def page_language() -> str:
    """Return the code (BCP 47) of the page's language."""
    return current_language().code


def language_in_address() -> str:
    """Return the code of the page's language if the page's address names it; otherwise empty."""
    return page_language() if _is_in_address.get() else ""


def local_name(names: str) -> str:
    """Return the name in the page's language from a setting such as `Nasjonalbiblioteket|en:National Library`.

    The first is for all languages that have none.
    """
    first, *others = (part.strip() for part in names.split("|"))
    by_code = {code.strip(): name.strip() for code, colon, name in (other.partition(":") for other in others) if colon}
    return by_code.get(page_language(), first)


def translate(message: str) -> str:
    """Return a sentence of a template in the page's language."""
    return current_language().translations.gettext(message)


def translate_sentence(text: str) -> str:
    """Return a sentence of the service in the page's language; a text without a pattern stays as it is."""
    if not isinstance(text, Sentence):
        return text
    values = {
        name: translate_sentence(value) if isinstance(value, str) else value for name, value in text.values.items()
    }
    return translate(text.pattern) % values


def translate_count(singular: str, plural: str, count: int) -> str:
    """Return the form of a sentence that fits a number, in the page's language."""
    return current_language().translations.ngettext(singular, plural, count)


def choose_language(
    languages: Mapping[str, PageLanguage], preferred_codes: Iterable[str], accept_language: str
) -> PageLanguage:
    """Return the first preferred language that exists, otherwise the best of the header, otherwise English."""
    for code in (*preferred_codes, *accepted_codes(accept_language)):
        if language := find_language(languages, code):
            return language
    return languages[DEFAULT_LANGUAGE]


def find_language(languages: Mapping[str, PageLanguage], code: str) -> PageLanguage | None:
    """Return the language that a code of BCP 47 means: `nb` for `NB-no` and for `no`; None if there is none."""
    wanted = code.strip().lower()
    by_lower_code = {known_code.lower(): language for known_code, language in languages.items()}
    base = wanted.partition("-")[0]
    # Norwegian without its written form is nearly always bokmål.
    return by_lower_code.get(wanted) or by_lower_code.get("nb" if base == "no" else base)


def accepted_codes(accept_language: str) -> list[str]:
    """Return the languages of an Accept-Language header, the most wanted first; what is no weight counts as 1."""
    weights: dict[str, float] = {}
    for item in accept_language.split(","):
        code, _, parameter = item.partition(";")
        try:
            weight = float(parameter.strip().removeprefix("q="))
        except ValueError:
            weight = 1.0
        if code.strip() and weight > 0:
            weights.setdefault(code.strip(), weight)
    return sorted(weights, key=lambda code: -weights[code])
