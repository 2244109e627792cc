"""Choice of the analysers that stem a book's words."""

import pytest

from indexer.documents.languages import CODES_BY_ANALYSER, analysers
from indexer.elasticsearch.mappings import index_body


@pytest.mark.parametrize(
    ("record", "page", "expected"),
    [
        (["nob"], "", ("no",)),
        (["nor"], "en", ("no",)),
        (["nb-NO"], "", ("no",)),
        (["nno", "nob"], "", ("nn", "no")),
        (["dan", "ger", "GER"], "", ("da", "de")),
        (["fre"], "", ("fr",)),
        (["swe", "eng"], "", ("en",)),
        (["swe"], "no", ()),
        (["und"], "no", ("no",)),
        (["mul", ""], "sv", ()),
        ([], "en_GB", ("en",)),
        (["German"], "", ("de",)),
        (["Norwegian Bokmål", "français"], "", ("no", "fr")),
        (["ger, lat"], "", ("de",)),
        (["Latin"], "", ()),
        (["Xyzzy"], "no", tuple(CODES_BY_ANALYSER)),
        (["Xyzzy", "ger"], "", tuple(CODES_BY_ANALYSER)),
        (["Unknown language", "zxx", "mis"], "ger", ("de",)),
        ([], "GermanStandard", ("de",)),
        ([], "OldLanguage", tuple(CODES_BY_ANALYSER)),
        ([], "", tuple(CODES_BY_ANALYSER)),
    ],
)
def test_analysers_follow_the_record_then_the_page_then_all(
    record: list[str], page: str, expected: tuple[str, ...]
) -> None:
    assert analysers(record, page) == expected


def test_every_analyser_exists_in_the_mapping() -> None:
    assert CODES_BY_ANALYSER.keys() <= index_body("books")["settings"]["analysis"]["analyzer"].keys()
