"""A search as a file, from the node to the bytes."""

import csv
import json
import re
from io import StringIO
from typing import Any

import pytest

from api import exports
from api.controllers import exports as controller
from tests.library import ServedLibrary

FILE_EXTENSIONS = {"csv": "csv", "jsonl": "jsonl", "bibtex": "bib", "ris": "ris", "csl": "json"}


def export_text(library: ServedLibrary, export_format: str, **params: Any) -> str:
    response = library.api_client.get(f"/api/export/{export_format}", params=params)
    assert response.status_code == 200, response.text
    return str(response.text)


def test_every_format_holds_the_pictures_of_the_search(specimen: ServedLibrary) -> None:
    expected = [hit["id"] for hit in specimen.search(q="fyr", size=100)["hits"]]
    assert expected
    rows = csv.DictReader(StringIO(export_text(specimen, "csv", q="fyr").removeprefix("\ufeff")))
    assert [row["id"] for row in rows] == expected
    assert [json.loads(line)["id"] for line in export_text(specimen, "jsonl", q="fyr").splitlines()] == expected
    assert [item["id"] for item in json.loads(export_text(specimen, "csl", q="fyr"))] == expected
    assert (
        re.findall(r"^ID  - (.*)$", export_text(specimen, "ris", q="fyr").replace("\r", ""), re.MULTILINE) == expected
    )
    keys = re.findall(r"^@incollection\{(.*),$", export_text(specimen, "bibtex", q="fyr"), re.MULTILINE)
    assert len(set(keys)) == len(expected)


def test_page_and_size_do_not_narrow_an_export(specimen: ServedLibrary) -> None:
    assert export_text(specimen, "jsonl", q="fyr", page=2, size=1) == export_text(specimen, "jsonl", q="fyr")


def test_pages_and_books_are_no_pictures(specimen: ServedLibrary) -> None:
    items = json.loads(export_text(specimen, "csl", q="fyr", document=["book", "page"], group="book"))
    assert items == json.loads(export_text(specimen, "csl", q="fyr"))


@pytest.mark.parametrize("export_format", FILE_EXTENSIONS)
def test_a_file_is_called_after_its_words_and_says_how_much_there_is(
    specimen: ServedLibrary, export_format: str
) -> None:
    response = specimen.api_client.get(f"/api/export/{export_format}", params={"q": "sjø & fyr"})
    assert (
        f"sj-fyr.{FILE_EXTENSIONS[export_format]}\"; filename*=UTF-8''sj%C3%B8-fyr."
        in response.headers["content-disposition"]
    )
    assert response.headers["x-total-count"] == str(specimen.search(q="sjø & fyr")["total"])
    assert response.headers["content-type"].startswith(exports.WRITERS[export_format].media_type.partition(";")[0])  # type: ignore[index]


def test_addresses_lead_to_the_picture_and_its_page(specimen: ServedLibrary) -> None:
    first = json.loads(export_text(specimen, "jsonl", q="fyr").splitlines()[0])
    assert first["url"].startswith("http://")
    assert specimen.api_client.get(first["url"]).status_code == 200
    assert specimen.api_client.get(first["image"]).headers["content-type"] == "image/jpeg"


def test_an_export_is_capped_and_says_so(specimen: ServedLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(controller, "MAX_EXPORTED_PICTURES", 3)
    total = specimen.search()["total"]
    assert total > 3
    assert f"% These are the first 3 of {total} pictures" in export_text(specimen, "bibtex")
    assert f"N1  - These are the first 3 of {total} pictures" in export_text(specimen, "ris")
    response = specimen.api_client.get("/api/export/csl")
    assert len(response.json()) == 3
    assert response.headers["x-total-count"] == str(total)


def test_nothing_found_is_an_empty_file(specimen: ServedLibrary) -> None:
    empty_filter = {"year_from": 1200, "year_to": 1201}
    assert json.loads(export_text(specimen, "csl", **empty_filter)) == []
    assert export_text(specimen, "ris", **empty_filter) == export_text(specimen, "jsonl", **empty_filter) == ""
    assert export_text(specimen, "csv", **empty_filter).count("\r\n") == 1


@pytest.mark.parametrize("address", ["/api/export/docx", "/api/export/csv?publischer=x", "/api/export/csv?size=0"])
def test_what_cannot_be_exported_is_refused_with_a_sentence(specimen: ServedLibrary, address: str) -> None:
    response = specimen.api_client.get(address)
    assert response.status_code == 400
    assert response.json()["detail"]
