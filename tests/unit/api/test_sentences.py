"""Sentences of the service: English for programs, the reader's language on pages."""

import msgspec
import pytest
from litestar.serialization import encode_json

from api.errors import PARAMETER_HINTS, BookNotFound, InvalidRequest, describe_validation_error
from api.pages.languages import read_page_languages, translate_sentence, use_language
from api.resources import TRANSLATIONS_FOLDER
from api.search.other_searches import list_variants
from api.search.request import SearchRequest
from api.sentences import Sentence
from api.vision.uploads import UNREADABLE_MESSAGE

ENGLISH_WORDS = {"a", "of", "or", "the", "to", "with", "may", "most"}


def test_programs_read_english() -> None:
    sentence = Sentence("Search for ‘%(words)s’", words="fyr")
    assert sentence == "Search for ‘fyr’"
    assert msgspec.json.decode(encode_json([sentence])) == ["Search for ‘fyr’"]


def test_pages_speak_the_language_of_the_reader() -> None:
    with use_language(read_page_languages(TRANSLATIONS_FOLDER)["nb"]):
        assert translate_sentence(BookNotFound("x%(y)s").sentence).startswith("Boken «x%(y)s» finnes ikke her.")
        assert translate_sentence(InvalidRequest("Only English").sentence) == "Only English"
        variants = list_variants(SearchRequest(query_text="fyr", filters={"place": ("Oslo",)}), "fyret")
        descriptions = [translate_sentence(variant.description) for variant in variants]
        assert descriptions[0] == "Søk etter «fyret»"
        assert "Søk uten filteret «Utgivelsessted»" in descriptions


def test_pages_also_translate_what_a_parameter_takes() -> None:
    def refuse(name: str) -> str:
        return describe_validation_error([{"key": name}])

    assert refuse("group") == "The parameter `group` needs `book`, or nothing."
    with use_language(read_page_languages(TRANSLATIONS_FOLDER)["nb"]):
        for name in PARAMETER_HINTS:
            assert not ENGLISH_WORDS & set(translate_sentence(refuse(name)).split()), name
        assert translate_sentence(refuse("year_from")).endswith("Den tar: et årstall, for eksempel 1890.")
        assert translate_sentence(UNREADABLE_MESSAGE).endswith("GIF eller BMP.")


@pytest.mark.parametrize("words", ["100 %", "%s", "%(words)s", "{words}"])
def test_what_a_reader_types_is_no_pattern(words: str) -> None:
    assert Sentence("Search for ‘%(words)s’", words=words) == f"Search for ‘{words}’"
