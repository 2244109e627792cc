"""Languages as records write them become codes."""

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from core.languages import UNSPECIFIC_CODES, is_language_code, language_codes, language_name

ENGLISH_NAMES = {code: name for code, name in Locale.parse("en").languages.items() if "_" not in code}


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        *((written, "de") for written in ("de", "deu", "ger", "GER", "de-DE", "German", "german.", "Deutsch", "tysk")),
        *(
            (written, "de")
            for written in ("allemand", "немецкий", "In German", "[Deutsch]", "Text deutsch", "GermanStandard")
        ),
        *((written, "no") for written in ("no", "nor", "Norwegian", "norsk", "Norwegisch")),
        *(
            (written, "nb")
            for written in ("nob", "nb-NO", "Norwegian Bokmål", "Norsk (bokmål)", "bokmaal", "NorwegianBokmal")
        ),
        *((written, "nn") for written in ("nno", "Nynorsk", "Norwegian (Nynorsk)")),
        *(
            (written, "fr")
            for written in ("fre", "fra", "français", "franc\u0327ais", "Francais", "en français", "frz.")
        ),
        *((written, "la") for written in ("lat", "Latin", "Latein", "lateinisch", "latin")),
        ("Samisk (Nordsamisk)", "se"),
        *((written, "se") for written in ("Sámi", "samisk", "Northern Sami", "davvisámegiella")),
        *((written, "de") for written in ("ger (deu)", "German [ger]", "deutsche Sprache", "немецкий язык")),
        *(
            (written, "de")
            for written in ("http://id.loc.gov/vocabulary/iso639-2/ger", "https://lexvo.org/id/iso639-3/deu")
        ),
        *((written, "la") for written in ("lateinische Sprache", "Neo-Latin")),
        ("lat. fre.", "la fr"),
        ("Catalan; Valencian", "ca"),
        ("Anglo-Saxon", "ang"),
        ("New Norwegian", "nn"),
        ("Farsi", "fa"),
        ("Euskara", "eu"),
        ("Greek, Ancient (to 1453)", "grc"),
        ("German, Middle High (ca.1050-1500)", "gmh"),
        ("Deutsch (ger)", "de"),
        ("עברית", "he"),
        ("日本語", "ja"),
        ("zh-Hant", "zh"),
        ("dut", "nl"),
        ("Flerspråklig", "mul"),
        ("Multiple languages", "mul"),
        ("No linguistic content", "zxx"),
        ("ger, lat", "de la"),
        ("ger;lat", "de la"),
        ("ger lat", "de la"),
        ("engfre", "en fr"),
        ("German and Latin", "de la"),
        ("Deutsch / Latein", "de la"),
        ("norsk og dansk", "no da"),
        ("Text in German, with Latin", "de la"),
        ("Dutch; Flemish", "nl"),
    ],
)
def test_a_language_becomes_a_code(written: str, codes: str) -> None:
    assert language_codes([written]) == tuple(codes.split())


def test_each_language_is_named_once() -> None:
    assert language_codes(["ger", "de", "Deutsch", "", "lat"]) == ("de", "la")


@pytest.mark.parametrize(
    ("written", "values"),
    [("Xyzzy", ("Xyzzy",)), ("Xyzzy, deutsch", ("Xyzzy", "de")), ("Xyz and abc", ("Xyz and abc",)), ("gem", ("gem",))],
)
def test_an_unknown_name_stays_as_it_is_written(written: str, values: tuple[str, ...]) -> None:
    assert language_codes([written]) == values
    assert not all(map(is_language_code, values))


@pytest.mark.parametrize("code", sorted(UNSPECIFIC_CODES))
def test_codes_for_no_single_language_are_codes(code: str) -> None:
    assert language_codes([code]) == (code,)
    assert is_language_code(code)


@pytest.mark.parametrize("locale", ["en", "de", "fr", "no", "sv"])
def test_the_names_of_a_language_and_its_code_have_one_value(locale: str) -> None:
    names = Locale.parse(locale).languages
    for code in ("de", "en", "fr", "no", "nb", "nn", "da", "sv", "la", "nl", "it", "es", "ru", "fi", "is", "grc", "sr"):
        assert language_codes([names[code], names[code].upper(), code]) == (code,)


@given(st.text())
def test_any_text_gives_values_that_stay_as_they_are(written: str) -> None:
    values = language_codes([written])
    assert bool(values) == bool(written.strip(" .,;:/[]").strip())
    assert language_codes(filter(is_language_code, values)) == tuple(filter(is_language_code, values))


def test_names_for_readers() -> None:
    assert [language_name(code) for code in ("nb", "grc", "Xyzzy")] == ["Norwegian Bokmål", "Ancient Greek", "Xyzzy"]
