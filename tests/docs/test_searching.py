"""The examples in docs/searching.md give the stated results."""

import re

import pytest

from tests.library import ServedLibrary
from tests.paths import ROOT

PAGE_TEXT = (ROOT / "docs" / "searching.md").read_text("utf-8")
QUERY_EXAMPLES = re.findall(r"^\| `([^`]+)` \| (\d+) \|", PAGE_TEXT, re.MULTILINE)
EXAMPLE_PATHS = re.findall(r"^\| `(/[^`]+)` \|", PAGE_TEXT, re.MULTILINE)


def test_there_are_examples_for_every_part() -> None:
    headings = re.findall(r"^## (\d+)\. ", PAGE_TEXT, re.MULTILINE)
    assert headings == [str(number) for number in range(1, 11)]
    assert len(QUERY_EXAMPLES) > 15
    assert len(EXAMPLE_PATHS) > 20


@pytest.mark.parametrize(("query_text", "count"), QUERY_EXAMPLES)
def test_documented_query_finds_the_documented_number_of_pictures(
    specimen: ServedLibrary, query_text: str, count: str
) -> None:
    assert specimen.search(q=query_text)["total"] == int(count)


@pytest.mark.parametrize("path", EXAMPLE_PATHS)
def test_documented_url_is_answered(specimen: ServedLibrary, path: str) -> None:
    response = specimen.api_client.get(path)
    assert response.status_code == 200, response.text


def test_documented_suggestion_is_returned(specimen: ServedLibrary) -> None:
    assert "did you mean *kysten*?" in PAGE_TEXT
    assert specimen.search(q="kysen")["suggestion"] == "kysten"


def test_picture_of_1867_finds_its_reprint(specimen: ServedLibrary) -> None:
    picture_id = next(path for path in EXAMPLE_PATHS if "like=" in path).partition("like=")[2]
    assert specimen.search(like=picture_id)["hits"][0]["year"] == 1891
