"""Choice of the languages whose rules make the forms of a book's words."""

import pytest

from core.words.text_languages import CODES_BY_LANGUAGE, word_languages


@pytest.mark.parametrize(
    ("record", "page", "expected"),
    [
        (["nob"], "", ("no",)),
        (["nor"], "en", ("no",)),
        (["nb-NO"], "", ("no",)),
        (["nno", "nob"], "", ("nn", "no")),
        (["dan", "ger", "GER"], "", ("da", "de")),
        (["fre"], "", ("fr",)),
        (["frm"], "", ("fr",)),
        (["enm", "gmh", "nds"], "", ("en", "de")),
        (["swe", "eng"], "", ("sv", "en")),
        (["ice"], "no", ()),
        (["und"], "no", ("no",)),
        (["mul", ""], "sv", ("sv",)),
        ([], "en_GB", ("en",)),
        (["German"], "", ("de",)),
        (["Norwegian Bokmål", "français"], "", ("no", "fr")),
        (["ger, lat"], "", ("de",)),
        (["Latin"], "", ()),
        (["Xyzzy"], "no", tuple(CODES_BY_LANGUAGE)),
        (["Xyzzy", "ger"], "", tuple(CODES_BY_LANGUAGE)),
        (["Unknown language", "zxx", "mis"], "ger", ("de",)),
        ([], "GermanStandard", ("de",)),
        ([], "OldLanguage", tuple(CODES_BY_LANGUAGE)),
        ([], "", tuple(CODES_BY_LANGUAGE)),
    ],
)
def test_languages_follow_the_record_then_the_page_then_all(
    record: list[str], page: str, expected: tuple[str, ...]
) -> None:
    assert word_languages(record, page) == expected
