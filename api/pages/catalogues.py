"""Catalogues of sentences in other languages (gettext `.po`), read when the service starts."""

from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from core.errors import FrontispieceError

DOMAIN = "frontispiece"
CATALOGUE_FILE = f"LC_MESSAGES/{DOMAIN}.po"
"""Path of a catalogue below the folder of its language."""


def read_catalogue(file: Path, locale: str) -> NullTranslations:
    """Return the translations of a catalogue; a sentence without one stays English.

    Raise `FrontispieceError` with the line if the file is no catalogue or if a translation has other placeholders than
    its sentence, with which its page could not be shown.
    """
    catalogue = load_catalogue(file, locale)
    for message, errors in catalogue.check():
        reasons = "; ".join(map(str, errors))
        raise FrontispieceError(
            f"{file}, line {message.lineno}: the translation does not fit its sentence: {reasons}. "
            "Keep the placeholders, as in `%(num)s`."
        )
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def load_catalogue(file: Path, locale: str) -> Catalog:
    """Return the messages of a catalogue file; raise `FrontispieceError` with the line if it cannot be read."""
    try:
        with file.open("rb") as opened_file:
            return read_po(opened_file, locale=locale, domain=DOMAIN, abort_invalid=True)
    except PoFileError as error:
        raise FrontispieceError(
            f"{file}, line {error.lineno + 1}: not a gettext catalogue: {error.args[0]}: {error.line!r}"
        ) from error
    except (OSError, UnicodeError) as error:
        raise FrontispieceError(f"{file}: the catalogue cannot be read: {error}") from error
