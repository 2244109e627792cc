"""What docs/searching.md says of the specimen books is so."""

import re

import pytest

from tests.library import Library
from tests.paths import ROOT

PAGE = (ROOT / "docs" / "searching.md").read_text("utf-8")
TYPED = re.findall(r"^\| `([^`]+)` \| (\d+) \|", PAGE, re.MULTILINE)
ADDRESSES = re.findall(r"^\| `(/[^`]+)` \|", PAGE, re.MULTILINE)


def test_there_are_examples_for_every_part() -> None:
    headings = re.findall(r"^## (\d+)\. ", PAGE, re.MULTILINE)
    assert headings == [str(number) for number in range(1, 11)]
    assert len(TYPED) > 15
    assert len(ADDRESSES) > 20


@pytest.mark.parametrize(("typed", "count"), TYPED)
def test_what_is_typed_finds_as_many_pictures_as_the_page_says(specimen: Library, typed: str, count: str) -> None:
    assert specimen.ask(q=typed)["total"] == int(count)


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_answered(specimen: Library, address: str) -> None:
    answer = specimen.web.get(address)
    assert answer.status_code == 200, answer.text


def test_the_page_suggests_another_word_where_it_says_so(specimen: Library) -> None:
    assert "did you mean *skib*?" in PAGE
    assert specimen.ask(q="skip")["suggestion"] == "skib"


def test_the_block_of_1867_leads_to_its_reprint(specimen: Library) -> None:
    like = next(address for address in ADDRESSES if "like=" in address).partition("like=")[2]
    assert specimen.ask(like=like)["hits"][0]["year"] == 1891
