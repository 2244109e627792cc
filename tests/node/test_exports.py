"""A search as a file, from the node to the bytes."""

import csv
import json
import re
from io import StringIO
from typing import Any

import pytest

from api import exports
from api.controllers import exports as controller
from tests.library import Library

ENDINGS = {"csv": "csv", "jsonl": "jsonl", "bibtex": "bib", "ris": "ris", "csl": "json"}


def exported(library: Library, form: str, **params: Any) -> str:
    answer = library.web.get(f"/api/export/{form}", params=params)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def test_every_format_holds_the_pictures_of_the_search(specimen: Library) -> None:
    expected = [hit["id"] for hit in specimen.ask(q="fyr", size=100)["hits"]]
    assert expected
    rows = csv.DictReader(StringIO(exported(specimen, "csv", q="fyr").removeprefix("\ufeff")))
    assert [row["id"] for row in rows] == expected
    assert [json.loads(line)["id"] for line in exported(specimen, "jsonl", q="fyr").splitlines()] == expected
    assert [item["id"] for item in json.loads(exported(specimen, "csl", q="fyr"))] == expected
    assert re.findall(r"^ID  - (.*)$", exported(specimen, "ris", q="fyr").replace("\r", ""), re.MULTILINE) == expected
    keys = re.findall(r"^@incollection\{(.*),$", exported(specimen, "bibtex", q="fyr"), re.MULTILINE)
    assert len(set(keys)) == len(expected)


def test_page_and_size_do_not_narrow_an_export(specimen: Library) -> None:
    assert exported(specimen, "jsonl", q="fyr", page=2, size=1) == exported(specimen, "jsonl", q="fyr")


def test_pages_and_books_are_no_pictures(specimen: Library) -> None:
    items = json.loads(exported(specimen, "csl", q="fyr", document=["book", "page"], group="book"))
    assert items == json.loads(exported(specimen, "csl", q="fyr"))


@pytest.mark.parametrize("form", ENDINGS)
def test_a_file_is_called_after_its_words_and_says_how_much_there_is(specimen: Library, form: str) -> None:
    answer = specimen.web.get(f"/api/export/{form}", params={"q": "sjø & fyr"})
    assert f"sj-fyr.{ENDINGS[form]}\"; filename*=UTF-8''sj%C3%B8-fyr." in answer.headers["content-disposition"]
    assert answer.headers["x-total-count"] == str(specimen.ask(q="sjø & fyr")["total"])
    assert answer.headers["content-type"].startswith(exports.WRITERS[form].media_type.partition(";")[0])  # type: ignore[index]


def test_addresses_lead_to_the_picture_and_its_page(specimen: Library) -> None:
    first = json.loads(exported(specimen, "jsonl", q="fyr").splitlines()[0])
    assert first["url"].startswith("http://")
    assert specimen.web.get(first["url"]).status_code == 200
    assert specimen.web.get(first["image"]).headers["content-type"] == "image/jpeg"


def test_an_export_is_capped_and_says_so(specimen: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(controller, "MOST", 3)
    total = specimen.ask()["total"]
    assert total > 3
    assert f"% These are the first 3 of {total} pictures" in exported(specimen, "bibtex")
    assert f"N1  - These are the first 3 of {total} pictures" in exported(specimen, "ris")
    answer = specimen.web.get("/api/export/csl")
    assert len(answer.json()) == 3
    assert answer.headers["x-total-count"] == str(total)


def test_nothing_found_is_an_empty_file(specimen: Library) -> None:
    nothing = {"year_from": 1200, "year_to": 1201}
    assert json.loads(exported(specimen, "csl", **nothing)) == []
    assert exported(specimen, "ris", **nothing) == exported(specimen, "jsonl", **nothing) == ""
    assert exported(specimen, "csv", **nothing).count("\r\n") == 1


@pytest.mark.parametrize("address", ["/api/export/docx", "/api/export/csv?publischer=x", "/api/export/csv?size=0"])
def test_what_cannot_be_exported_is_refused_with_a_sentence(specimen: Library, address: str) -> None:
    answer = specimen.web.get(address)
    assert answer.status_code == 400
    assert answer.json()["detail"]
