"""The catalogues: complete, fitting the templates, and one file for a new language."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from api.pages.catalogue_update import extract_sentences, untranslated_sentences, update_catalogue
from api.pages.catalogues import CATALOGUE_FILE, load_catalogue, read_catalogue
from api.pages.languages import current_language, read_page_languages, translate, translate_count, use_language
from api.resources import TRANSLATIONS_FOLDER
from core.errors import FrontispieceError

GERMAN = """
msgid ""
msgstr ""
"Language: de\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Search"
msgstr "Suchen"

msgid "%(num)s picture"
msgid_plural "%(num)s pictures"
msgstr[0] "%(num)s Bild"
msgstr[1] "%(num)s Bilder"
"""
FILES = sorted(TRANSLATIONS_FOLDER.glob(f"*/{CATALOGUE_FILE}"))


@pytest.fixture(scope="module")
def sentences() -> Catalog:
    return extract_sentences()


def message_ids(catalogue: Catalog) -> set[object]:
    return {message.id for message in catalogue if message.id}


def write_catalogue(folder: Path, language: str, text: str) -> Path:
    file = folder / language / CATALOGUE_FILE
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parts[-3])
def test_a_catalogue_has_every_sentence_of_the_templates_translated(file: Path, sentences: Catalog) -> None:
    catalogue = load_catalogue(file, file.parts[-3])
    assert message_ids(sentences) - message_ids(catalogue) == set(), "run `make translations` and translate"
    assert message_ids(catalogue) - message_ids(sentences) == set(), "run `make translations`"
    assert untranslated_sentences(catalogue) == []
    # Broken placeholders raise here.
    read_catalogue(file, file.parts[-3])


def test_bokmal_and_nynorsk_are_there() -> None:
    languages = read_page_languages(TRANSLATIONS_FOLDER)
    assert {code: language.own_name for code, language in languages.items()} == {
        "en": "English",
        "nb": "Norsk bokmål",
        "nn": "Norsk nynorsk",
    }


def test_a_catalogue_file_is_all_that_a_new_language_needs(tmp_path: Path) -> None:
    write_catalogue(tmp_path, "de", GERMAN)
    languages = read_page_languages(tmp_path)
    assert (list(languages), languages["de"].own_name) == (["en", "de"], "Deutsch")
    with use_language(languages["de"]):
        assert (translate("Search"), translate("Not in the catalogue")) == ("Suchen", "Not in the catalogue")
        assert translate_count("%(num)s picture", "%(num)s pictures", 2) == "%(num)s Bilder"
    assert current_language().code == "en"
    assert translate("Search") == "Search"


def test_a_folder_may_name_a_region(tmp_path: Path) -> None:
    write_catalogue(tmp_path, "pt_BR", GERMAN.replace("Language: de", "Language: pt_BR"))
    assert list(read_page_languages(tmp_path)) == ["en", "pt-BR"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('msgid "Search"\nmsgstr "Suchen"\nrubbish\n', "line 3: not a gettext catalogue"),
        ('msgid "Page %(page)s"\nmsgstr "Seite %(seite)s"\n', "line 1: the translation does not fit its sentence"),
    ],
)
def test_a_broken_catalogue_is_an_error_with_file_and_line(tmp_path: Path, text: str, problem: str) -> None:
    file = write_catalogue(tmp_path, "de", text)
    with pytest.raises(FrontispieceError) as error:
        read_page_languages(tmp_path)
    assert str(error.value).startswith(f"{file}, {problem}")


def test_a_catalogue_that_is_no_text_is_an_error_with_its_file(tmp_path: Path) -> None:
    file = write_catalogue(tmp_path, "de", "")
    file.write_bytes(b'msgid "a"\nmsgstr "\xff\xfe"\n')
    with pytest.raises(FrontispieceError, match=r"frontispiece\.po: the catalogue cannot be read"):
        read_page_languages(tmp_path)


def test_a_folder_that_is_no_language_is_an_error(tmp_path: Path) -> None:
    write_catalogue(tmp_path, "klingonese", GERMAN)
    with pytest.raises(FrontispieceError, match="`klingonese` is not the code of a language"):
        read_page_languages(tmp_path)


def test_an_update_keeps_translations_and_drops_what_no_template_says(tmp_path: Path) -> None:
    file = write_catalogue(tmp_path, "de", GERMAN + '\nmsgid "Gone"\nmsgstr "Weg"\n')
    sentences = Catalog()
    sentences.add("Search")
    sentences.add("Find")
    assert update_catalogue(file, sentences) == ["Find"]
    content = file.read_text("utf-8")
    assert 'msgstr "Suchen"' in content
    assert "Gone" not in content
    first_time = content
    update_catalogue(file, sentences)
    assert file.read_text("utf-8") == first_time
