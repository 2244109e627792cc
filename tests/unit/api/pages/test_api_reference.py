"""The list of the API's operations says what the OpenAPI document says."""

from typing import Any

import pytest

from api.app import create_app
from api.pages.api_reference import OperationParameter, group_operations
from core.settings import Settings


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    app = create_app(Settings(), elasticsearch_url="http://localhost:9200", encoder_loaders={})
    return app.openapi_schema.to_schema()


def test_every_operation_is_listed_once(schema: dict[str, Any]) -> None:
    operations = [operation for group in group_operations(schema) for operation in group.operations]
    listed = [(operation.path, operation.method.lower()) for operation in operations]
    assert sorted(listed) == sorted((path, method) for path, methods in schema["paths"].items() for method in methods)
    assert all(operation.summary for operation in operations)
    assert len({operation.id for operation in operations}) == len(operations)


def test_parameters_have_types_in_words(schema: dict[str, Any]) -> None:
    [search] = [
        operation
        for group in group_operations(schema)
        for operation in group.operations
        if operation.id == "search_pictures"
    ]
    types = {parameter.name: parameter.type for parameter in search.parameters}
    assert (types["q"], types["page"], types["like"]) == ("string", "integer", "string, repeated")
    assert types["sort"] == "relevance | year | -year | title"
    assert search.example == "/api/search"


def test_an_operation_that_needs_an_id_has_no_example() -> None:
    parameter = {"name": "id", "required": True, "schema": {"type": "string"}, "description": "An id"}
    schema = {
        "tags": [{"name": "books"}, {"name": "empty"}],
        "paths": {"/b/{id}": {"get": {"operationId": "get_b", "tags": ["books"], "parameters": [parameter]}}},
    }
    [group] = group_operations(schema)
    [operation] = group.operations
    assert operation.example == ""
    assert operation.parameters == (
        OperationParameter(name="id", type="string", description="An id", is_required=True),
    )
