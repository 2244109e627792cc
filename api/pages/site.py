"""What the operator's settings make of the pages: the library's identity, its texts, and the languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from api.pages.evaluation_figures import read_figures
from api.pages.identity import ServiceIdentity, create_identity
from api.pages.languages import PageLanguage, read_page_languages
from api.pages.texts import InfoTexts, read_texts
from api.resources import TEXTS_FOLDER, TRANSLATIONS_FOLDER
from core.settings import Settings


@dataclass(frozen=True, slots=True)
class Site:
    """The parts of the pages that are the same for every request."""

    identity: ServiceIdentity
    languages: Mapping[str, PageLanguage]
    texts: InfoTexts


def create_site(settings: Settings, translations_folder: Path = TRANSLATIONS_FOLDER) -> Site:
    """Return the site; raise `FrontispieceError` if a setting, a catalogue or a text cannot be used."""
    identity = create_identity(settings)
    languages = read_page_languages(translations_folder)
    values = {
        "service": identity,
        "figures": read_figures(),
        "image_hosts": settings.image_hosts,
        "max_upload_mb": settings.max_upload_bytes // 1_000_000,
        "unanswered_days": settings.unanswered_days,
        "log_requests": settings.log_requests,
        "version": version("frontispiece"),
    }
    return Site(identity, languages, read_texts(settings.texts, TEXTS_FOLDER, languages, values))
