"""Unicode forms of text where it enters."""

import json
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.text import SOFT_HYPHEN, clean_text, escape_unprintable, fold_letters, normalise_text
from tests.paths import ROOT


@given(st.text())
def test_canonically_equal_texts_become_equal(text: str) -> None:
    forms = {normalise_text(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    assert forms == {normalise_text(text)}


@given(st.text())
def test_normalised_text_stays_as_it_is(text: str) -> None:
    assert normalise_text(normalise_text(text)) == normalise_text(text)
    assert clean_text(clean_text(text)) == clean_text(text)


@given(st.text(st.characters(categories=["L", "Nd", "Zs", "P"], codec="latin-1")))
def test_plain_latin_text_is_not_changed(text: str) -> None:
    assert normalise_text(text) == text


@pytest.mark.parametrize(
    ("text", "expected_text"),
    [
        ("Ma\u0308rchen", "Märchen"),
        ("A\u030angstro\u0308m \u212b", "Ångström Å"),
        ("\u1112\u1161\u11ab", "한"),
        ("vie\u0323\u0302t", "việt"),
        ("fyr\x00tårn\x7f", "fyrtårn"),
        ("\ufeffOslo\ufeff\u2060", "Oslo"),
        ("\x98Die\x9c Räuber", "Die Räuber"),
        ("l\x92église \x96 tome 1", "l’église – tome 1"),
        ("one\x85two\x0bthree", "one two three"),
        ("a\tb\r\nc", "a\tb\r\nc"),
        ("kyst\u00adlinje", "kyst\u00adlinje"),
        ("क\u093cलम", "क\u093cलम"),
        ("נ\u05b4קו\u05bcד", "נ\u05b4קו\u05bcד"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_text_is_composed_and_has_no_control_characters(text: str, expected_text: str) -> None:
    assert normalise_text(text) == expected_text


def test_cleaned_text_has_no_soft_hyphens() -> None:
    assert clean_text(f"kyst{SOFT_HYPHEN}linje") == "kystlinje"
    assert clean_text(f"Ma{SOFT_HYPHEN}\u0308rchen") == "Märchen"


@given(st.text())
def test_folded_text_is_the_same_for_every_unicode_form(text: str) -> None:
    assert fold_letters(unicodedata.normalize("NFD", text)) == fold_letters(unicodedata.normalize("NFC", text))


@given(st.text())
@example("new\nline \x1b[31m \u202e \udce6")
def test_a_name_in_a_message_cannot_steer_a_terminal(name: str) -> None:
    shown_name = escape_unprintable(name)
    assert shown_name.isprintable()
    assert shown_name == name or not name.isprintable()


def test_bytes_of_file_names_that_are_no_characters_are_written_as_digits() -> None:
    assert normalise_text(b"b\xf8k \xe5".decode(errors="surrogateescape")) == "b\\xf8k \\xe5"
    assert normalise_text("half a character: \ud83d") == "half a character: "


def test_the_analyser_of_phrases_folds_letters_of_other_scripts_as_the_forms_do() -> None:
    """A phrase in Greek, Cyrillic, Hebrew or Arabic is found without its accents and points."""
    component = json.loads((ROOT / "es-mappings" / "components" / "record.json").read_text("utf-8"))
    analysis = component["template"]["settings"]["analysis"]
    mappings = dict(row.split(" => ") for row in analysis["char_filter"]["letters_of_other_scripts"]["mappings"])
    scripts = ((0x370, 0x530), (0x5D0, 0x5F3), (0x621, 0x6D4), (0x1F00, 0x2000))
    letters = [chr(code) for first, last in scripts for code in range(first, last) if chr(code).isalpha()]
    folded = {letter: fold_letters(letter) for letter in letters if letter not in "ъЪйЙ"}
    assert mappings == {letter: form for letter, form in folded.items() if form not in (letter, letter.lower())}
