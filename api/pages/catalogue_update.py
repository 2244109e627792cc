"""Bring the catalogues up to date with the sentences of the templates: `python -m api.pages.catalogue_update`.

New sentences come in without a translation, sentences that no template has any more go, all others stay as they are.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from api.pages.catalogues import CATALOGUE_FILE, DOMAIN, load_catalogue
from api.resources import API_FOLDER, TEMPLATES_FOLDER, TRANSLATIONS_FOLDER

JINJA_OPTIONS = {"**.jinja": {"trimmed": "true", "silent": "false"}}
PYTHON_KEYWORDS = {"Sentence": None}
"""What makes a sentence in Python; the templates have the usual `_` and `ngettext`."""
LINE_WIDTH = 120


def extract_sentences(templates_folder: Path = TEMPLATES_FOLDER, python_folder: Path = API_FOLDER) -> Catalog:
    """Return the sentences of all templates and modules in two folders, each with the files that have it."""
    catalogue = Catalog(domain=DOMAIN, project="Frontispiece", version="1", fuzzy=False)
    messages = [
        *extract_from_dir(templates_folder, [("**.jinja", "jinja2")], JINJA_OPTIONS),
        *extract_from_dir(python_folder, [("**.py", "python")], keywords=PYTHON_KEYWORDS),
    ]
    for file, _line, message, comments, context in messages:
        # No numbers of lines: they would change with every change of a file.
        catalogue.add(message, None, [(file, 0)], auto_comments=comments, context=context)
    return catalogue


def update_catalogue(file: Path, sentences: Catalog) -> list[str]:
    """Write the sentences into a catalogue, keep its translations, and return the sentences without one."""
    catalogue = load_catalogue(file, file.parts[-3].replace("-", "_"))
    sentences.creation_date = catalogue.creation_date
    catalogue.update(sentences, no_fuzzy_matching=True)
    catalogue.project, catalogue.version = sentences.project, sentences.version
    catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = ""
    with file.open("wb") as opened_file:
        write_po(opened_file, catalogue, LINE_WIDTH, ignore_obsolete=True, include_lineno=False, sort_by_file=True)
    return untranslated_sentences(catalogue)


def untranslated_sentences(catalogue: Catalog) -> list[str]:
    """Return the sentences that have no translation, an unfinished one, or lack a plural."""
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue
        if message.id and (message.fuzzy or not _is_translated(message))
    ]


def _is_translated(message: Message) -> bool:
    # A translation of a sentence with a plural is a tuple of its forms.
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def main() -> int:
    """Update all catalogues and list what is not translated yet."""
    sentences = extract_sentences()
    for file in sorted(TRANSLATIONS_FOLDER.glob(f"*/{CATALOGUE_FILE}")):
        missing = update_catalogue(file, sentences)
        sys.stdout.write(f"{file}: {len(list(sentences)) - 1} sentences, {len(missing)} without a translation\n")
        sys.stdout.writelines(f"  {sentence}\n" for sentence in missing)
    return 0


if __name__ == "__main__":
    sys.exit(main())
