"""The table of parameters: one entry is all that a filter needs."""

import json
import os
import subprocess
import sys
from dataclasses import fields
from typing import Any

import pytest

from api.search.parameters import FACETS, FILTERS, PARAMETERS, VALUE_FILTERS
from api.search.request import SearchRequest
from tests.paths import ROOT


def test_each_parameter_is_a_value_filter_or_a_field_of_the_request() -> None:
    field_names = [parameter.attribute or name for name, parameter in PARAMETERS.items() if name not in VALUE_FILTERS]
    assert {*field_names, "filters"} == {request_field.name for request_field in fields(SearchRequest)}
    assert set(FACETS) <= set(VALUE_FILTERS) <= set(FILTERS)
    assert all(parameter.heading for parameter in VALUE_FILTERS.values())


@pytest.mark.parametrize(
    ("name", "sentence_end"),
    [
        ("match", "`any`, `most` or `all`"),
        ("document", "`picture`, `page` or `book`; it may be repeated"),
        ("group", "`book`, or nothing"),
        ("has_caption", "`true` or `false`"),
        ("publisher", "at most 50 values of at most 1024 characters each"),
        ("size", "a whole number from 1 to 100"),
        ("year_from", "a year, such as 1890"),
    ],
)
def test_an_error_describes_the_accepted_values(name: str, sentence_end: str) -> None:
    assert PARAMETERS[name].expected_values == sentence_end


@pytest.fixture(scope="module")
def places() -> dict[str, Any]:
    """Where the service shows the filter `licence`, which another process adds to the table."""
    command = [sys.executable, "-m", "tests.unit.api.search.with_licence_filter"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    result = subprocess.run(command, capture_output=True, check=False, cwd=ROOT, env=environment, text=True)
    assert result.returncode == 0, result.stderr
    return dict(json.loads(result.stdout.splitlines()[-1]))


class TestAddedFilter:
    """One entry in the table is all that a new filter needs: see `with_licence_filter`."""

    def test_filter_is_read_from_the_url_and_from_the_form(self, places: dict[str, Any]) -> None:
        assert places["url"] == places["form"] == "/?licence=CC+BY+4.0"

    def test_errors_describe_the_filter(self, places: dict[str, Any]) -> None:
        too_long, misspelt = places["errors"]
        assert too_long == "The parameter `licence` needs at most 50 values of at most 1024 characters each."
        assert "family, licence, has_caption" in misspelt

    def test_openapi_describes_the_filter(self, places: dict[str, Any]) -> None:
        for path in ("/api/search", "/api/facets", "/api/pictures/random", "/iiif/search"):
            parameters = {entry["name"]: entry for entry in places["openapi"]["paths"][path]["get"]["parameters"]}
            assert parameters["licence"]["description"] == "Only this licence; may be repeated"
            assert parameters.get("facet", {"schema": {"enum": ["licence"]}})["schema"]["enum"].count("licence") == 1
        (form,) = (
            schema for name, schema in places["openapi"]["components"]["schemas"].items() if name.endswith("UploadForm")
        )
        assert form["properties"]["licence"]["items"] == form["properties"]["publisher"]["items"]

    def test_filter_is_applied_and_has_a_facet(self, places: dict[str, Any]) -> None:
        assert places["clause"] == {"terms": {"licence": ["CC BY 4.0"]}}
        assert places["aggregation"]["terms"]["field"] == "licence"
        assert places["facet"] == [["CC BY 4.0", 3, 3]]

    def test_page_shows_facet_chip_and_hidden_fields_of_the_filter(self, places: dict[str, Any]) -> None:
        page = places["page"]
        assert '<h3 id="facet-licence">Licence</h3>' in page
        assert 'aria-label="Remove Licence “CC BY 4.0”"' in page
        for form in ("search", "upload"):
            assert f'<input type="hidden" form="{form}" name="licence" value="CC BY 4.0">' in page

    def test_documentation_lists_the_filter(self, places: dict[str, Any]) -> None:
        assert "| `licence` | text; repeatable |  | Only this licence |" in places["documentation"]
