"""CSL-JSON exports, compared with the schema."""

import json
from typing import Any

import pytest

from api.exports.csl import csl_json
from tests.hit_factory import make_export, make_hit

STRING_VARIABLES = {
    "title",
    "container-title",
    "publisher",
    "publisher-place",
    "page",
    "genre",
    "language",
    "note",
    "URL",
}
"""Names of the schema that the export uses and whose values are strings."""


def export_item(**changes: Any) -> dict[str, Any]:
    (item,) = json.loads(csl_json(make_export(make_hit(**changes))))
    return dict(item)


def test_a_picture_is_a_figure_in_a_book() -> None:
    item = export_item()
    assert (item["type"], item["title"], item["container-title"]) == ("figure", "Et fyr", "Norges kyst")
    assert item["author"] == [{"family": "Moe", "given": "Anna"}, {"literal": "Grøndahl and Søn"}]
    assert item["issued"] == {"date-parts": [[1885]]}
    assert item["page"] == "iv"
    assert "xywh=10,20,300,400" in item["note"]


@pytest.mark.parametrize(
    ("is_certain", "issued"),
    [
        (True, {"date-parts": [[1800], [1899]]}),
        (False, {"date-parts": [[1800], [1899]], "circa": True}),
    ],
)
def test_a_range_of_years_is_issued_from_the_first_to_the_last(*, is_certain: bool, issued: dict[str, Any]) -> None:
    assert export_item(year=1800, last_year=1899, year_is_certain=is_certain)["issued"] == issued


@pytest.mark.parametrize("changes", [{}, {"year": None, "authors": None, "title": ""}, {"title": 'x"},{\n'}])
def test_an_item_has_only_properties_of_the_schema(changes: dict[str, Any]) -> None:
    item = export_item(**changes)
    assert item["id"]
    assert item.keys() - STRING_VARIABLES <= {"id", "type", "author", "issued"}
    assert all(isinstance(item[name], str) and item[name] for name in item.keys() & STRING_VARIABLES)


def test_an_export_without_results_is_an_empty_list() -> None:
    assert json.loads(csl_json(make_export())) == []
