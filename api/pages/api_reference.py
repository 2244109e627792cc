"""The operations of the API as a page lists them, made from the OpenAPI document. Pure functions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationParameter:
    """One parameter of an operation."""

    name: str
    type: str
    description: str
    is_required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one address."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[OperationParameter, ...]
    example: str
    """A path that can be opened as it is; empty if the operation needs more than that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationGroup:
    """The operations with one tag."""

    name: str
    description: str
    operations: tuple[Operation, ...]

    @property
    def heading(self) -> str:
        """The name with a capital; initials have only capitals."""
        return self.name.upper() if self.name == "iiif" else self.name.capitalize()


def group_operations(schema: Schema) -> list[OperationGroup]:
    """Return the operations by their first tag, in the order of the document's tags."""
    operations = list(_read_operations(schema))
    groups = [
        OperationGroup(
            name=tag["name"],
            description=tag.get("description", ""),
            operations=tuple(operation for tag_name, operation in operations if tag_name == tag["name"]),
        )
        for tag in schema.get("tags", ())
    ]
    return [group for group in groups if group.operations]


def _read_operations(schema: Schema) -> Iterator[tuple[str, Operation]]:
    for path, methods in schema["paths"].items():
        for method, entry in methods.items():
            parameters = entry.get("parameters", ())
            operation = Operation(
                id=entry["operationId"],
                method=method.upper(),
                path=path,
                summary=entry.get("summary", ""),
                description=entry.get("description", ""),
                parameters=tuple(map(_read_parameter, parameters)),
                example=path if method == "get" and not any(entry.get("required") for entry in parameters) else "",
            )
            yield next(iter(entry.get("tags", ())), ""), operation


def _read_parameter(entry: Schema) -> OperationParameter:
    return OperationParameter(
        name=entry["name"],
        type=_type_name(entry.get("schema", {})),
        description=entry.get("description", ""),
        is_required=bool(entry.get("required")),
    )


def _type_name(schema: Schema) -> str:
    """Return the type in words of JSON: `integer`, `string, repeated`, or its values, `a | b`."""
    choices = [choice for choice in schema.get("oneOf", ()) if choice.get("type") != "null"]
    if choices:
        return _type_name(choices[0])
    if schema.get("type") == "array":
        return f"{_type_name(schema.get('items', {}))}, repeated"
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"] if value not in (None, ""))
    return str(schema.get("type", ""))
