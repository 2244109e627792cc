"""Exports of a search, with a real node."""

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


def test_every_format_has_the_pictures_of_the_search(specimen: ServedLibrary) -> None:
    expected = [hit["id"] for hit in specimen.search(q="fyr", size=100, collapse="none")["hits"]]
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


@pytest.mark.parametrize("name", ["document", "group", "collapse", "page", "size"])
def test_an_export_refuses_what_it_does_not_honour(specimen: ServedLibrary, name: str) -> None:
    """An export is the first pictures of a search, in one file."""
    value = {"document": "page", "group": "book", "collapse": "none"}.get(name, "2")
    response = specimen.api_client.get("/api/export/csv", params={"q": "fyr", name: value})
    assert response.status_code == 400
    assert f"`{name}`; `/api/search` does" in response.json()["detail"]


@pytest.mark.parametrize("export_format", FILE_EXTENSIONS)
def test_the_headers_give_file_name_and_total(specimen: ServedLibrary, export_format: str) -> None:
    response = specimen.api_client.get(f"/api/export/{export_format}", params={"q": "sjø & fyr"})
    assert (
        f"sj-fyr.{FILE_EXTENSIONS[export_format]}\"; filename*=UTF-8''sj%C3%B8-fyr."
        in response.headers["content-disposition"]
    )
    assert response.headers["x-total-count"] == str(specimen.search(q="sjø & fyr")["total"])
    assert response.headers["content-type"].startswith(exports.WRITERS[export_format].media_type.partition(";")[0])  # type: ignore[index]


def test_the_urls_of_picture_and_page_work(specimen: ServedLibrary) -> None:
    first = json.loads(export_text(specimen, "jsonl", q="fyr").splitlines()[0])
    assert first["url"].startswith("http://")
    assert specimen.api_client.get(first["url"]).status_code == 200
    assert specimen.api_client.get(first["image"]).headers["content-type"] == "image/jpeg"


def test_a_truncated_export_is_marked(specimen: ServedLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(controller, "MAX_EXPORTED_PICTURES", 3)
    total = specimen.search()["total"]
    assert total > 3
    assert f"% These are the first 3 of {total} pictures" in export_text(specimen, "bibtex")
    assert f"N1  - These are the first 3 of {total} pictures" in export_text(specimen, "ris")
    response = specimen.api_client.get("/api/export/csl")
    assert len(response.json()) == 3
    assert response.headers["x-total-count"] == str(total)


def test_an_export_without_results_is_an_empty_file(specimen: ServedLibrary) -> None:
    empty_filter = {"year_from": 1200, "year_to": 1201}
    assert json.loads(export_text(specimen, "csl", **empty_filter)) == []
    assert export_text(specimen, "ris", **empty_filter) == export_text(specimen, "jsonl", **empty_filter) == ""
    assert export_text(specimen, "csv", **empty_filter).count("\r\n") == 1


@pytest.mark.parametrize("address", ["/api/export/docx", "/api/export/csv?publischer=x", "/api/export/csv?size=0"])
def test_an_invalid_export_request_gets_an_error_sentence(specimen: ServedLibrary, address: str) -> None:
    response = specimen.api_client.get(address)
    assert response.status_code == 400
    assert response.json()["detail"]
