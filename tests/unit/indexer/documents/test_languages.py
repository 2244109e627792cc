"""Which analysers stem a book's words."""

import pytest

from indexer.documents.languages import STEMMED, analysers
from indexer.elasticsearch.mappings import mapping


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
        ([], "", tuple(STEMMED)),
    ],
)
def test_the_records_languages_then_the_pages_then_all(record: list[str], page: str, expected: tuple[str, ...]) -> None:
    assert analysers(record, page) == expected


def test_each_is_an_analyser_of_the_mapping() -> None:
    assert STEMMED.keys() <= mapping("books")["settings"]["analysis"]["analyzer"].keys()
