"""Kibana's saved objects as files, and checks of them against the index mappings."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from core.errors import FrontispieceError
from core.mapping_files import MAPPINGS_FOLDER
from indexer.elasticsearch.mappings import TEMPLATE_NAMES, index_alias, index_body

OBJECTS = MAPPINGS_FOLDER / "kibana"
FILE_NAMES = {
    "index-pattern": "data-views.ndjson",
    "search": "searches.ndjson",
    "lens": "panels.ndjson",
    "visualization": "panels.ndjson",
    "dashboard": "dashboards.ndjson",
}
"""Type of object → file, ordered so that an object comes after those that it refers to."""

EXPORTED_KEYS = ("type", "id", "attributes", "references", "coreMigrationVersion", "typeMigrationVersion")
"""Keys that are kept; the others (time, user, version) differ in every export."""

ALIAS, SITE = "pictures", "http://localhost:8000"
"""The alias and the address of the service in the files; `relocate` replaces them."""

METADATA_FIELDS = frozenset({"_id", "_index", "_score", "___records___"})
"""Fields that no mapping defines; `___records___` is Lens's name for the document itself."""

NOT_AGGREGATABLE = frozenset({"text", "dense_vector"})


@dataclass(frozen=True, slots=True)
class SavedObject:
    """One saved object, which is one line of an export."""

    type: str
    id: str
    content: Mapping[str, Any]

    @classmethod
    def from_json_line(cls, line: str) -> Self:
        content = json.loads(line)
        return cls(content["type"], content["id"], content)

    @property
    def attributes(self) -> Mapping[str, Any]:
        attributes: Mapping[str, Any] = self.content["attributes"]
        return attributes

    @property
    def references(self) -> Mapping[str, tuple[str, str]]:
        """Name → type and id."""
        return {reference["name"]: (reference["type"], reference["id"]) for reference in self.content["references"]}

    @property
    def json_line(self) -> str:
        content = {key: self.content[key] for key in EXPORTED_KEYS if key in self.content}
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


@dataclass(frozen=True, slots=True)
class FieldReference:
    """A field that an object uses, and whether it is aggregated or sorted on."""

    name: str
    is_aggregated: bool = False


def read_objects(folder: Path = OBJECTS) -> list[SavedObject]:
    """Read all objects; an object comes after those that it refers to."""
    names = dict.fromkeys(FILE_NAMES.values())
    return [
        SavedObject.from_json_line(line) for name in names for line in (folder / name).read_text("utf-8").splitlines()
    ]


def write_objects(objects: Sequence[SavedObject], folder: Path) -> None:
    """Write objects to their files, sorted by id; raise `FrontispieceError` if a type has no file."""
    if unknown_types := {saved_object.type for saved_object in objects} - FILE_NAMES.keys():
        raise FrontispieceError(
            f"no file stores objects of the type {', '.join(sorted(unknown_types))}; nothing was written"
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name in dict.fromkeys(FILE_NAMES.values()):
        file_objects = sorted(
            (saved_object for saved_object in objects if FILE_NAMES[saved_object.type] == name),
            key=lambda saved_object: saved_object.id,
        )
        (folder / name).write_text("".join(f"{saved_object.json_line}\n" for saved_object in file_objects), "utf-8")


def replace_alias_and_site(saved_object: SavedObject, *, alias: tuple[str, str], site: tuple[str, str]) -> SavedObject:
    """Return the object for another alias and another address of the service; each pair is (old, new)."""
    content = json.loads(saved_object.json_line.replace(*site))
    titles = {index_alias(alias[0], kind): index_alias(alias[1], kind) for kind in TEMPLATE_NAMES}
    if saved_object.type == "index-pattern":
        content["attributes"]["title"] = titles.get(content["attributes"]["title"], content["attributes"]["title"])
    return SavedObject(saved_object.type, saved_object.id, content)


def mapped_fields() -> dict[str, dict[str, str]]:
    """Return the fields of every index: title of the data view → field (including subfields) → type."""
    return {index_alias(ALIAS, kind): _flatten(index_body(kind)["mappings"]["properties"]) for kind in TEMPLATE_NAMES}


def describe_problems(objects: Iterable[SavedObject], fields: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return a sentence for each missing object, unknown index pattern and unknown field."""
    objects_by_key = {(saved_object.type, saved_object.id): saved_object for saved_object in objects}
    sentences = []
    for saved_object in objects_by_key.values():
        missing = [target for target in saved_object.references.values() if target not in objects_by_key]
        sentences += [f"{saved_object.id} refers to the {type_} {id_}, which does not exist" for type_, id_ in missing]
        titles = [str(view.attributes["title"]) for view in _data_views(saved_object, objects_by_key)]
        sentences += [f"{saved_object.id}: no index is called {title}" for title in titles if title not in fields]
        mappings = [fields[title] for title in titles if title in fields]
        sentences += [
            f"{saved_object.id} {problem}"
            for field in referenced_fields(saved_object)
            if (problem := _field_problem(field, mappings))
        ]
        sentences += [
            f"{saved_object.id} has a panel whose reference is missing: {name}"
            for name in _dangling_panels(saved_object)
        ]
    return sorted(set(sentences))


def referenced_fields(saved_object: SavedObject) -> list[FieldReference]:
    """Return every field that an object uses."""
    attributes = saved_object.attributes
    if saved_object.type == "index-pattern":
        formatted = json.loads(attributes["fieldFormatMap"]) | json.loads(attributes["fieldAttrs"])
        hidden = [value["value"] for value in json.loads(attributes["sourceFilters"])]
        return [FieldReference(name) for name in [*formatted, *hidden]]
    if saved_object.type == "search":
        query = json.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])["query"]["query"]
        sorted_by = [FieldReference(name, is_aggregated=True) for name, _ in attributes["sort"]]
        return [*map(FieldReference, attributes["columns"]), *map(FieldReference, query_fields(query)), *sorted_by]
    if saved_object.type == "lens":
        return list(_lens_fields(attributes["state"]))
    query = json.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])["query"]["query"]
    inline_fields = (field for state in _inline_panel_states(saved_object) for field in _lens_fields(state))
    return [*map(FieldReference, query_fields(query)), *inline_fields]


def query_fields(query: str) -> list[str]:
    """Return the fields in a query in Lucene syntax."""
    return re.findall(r"([A-Za-z_][\w.]*):", query)


def _lens_fields(state: Mapping[str, Any]) -> Iterator[FieldReference]:
    yield from map(FieldReference, query_fields(state["query"]["query"]))
    for layer in state["datasourceStates"]["formBased"]["layers"].values():
        for column in layer["columns"].values():
            if "sourceField" in column:
                yield FieldReference(column["sourceField"], is_aggregated=True)
            for query_filter in column.get("params", {}).get("filters", []):
                yield from map(FieldReference, query_fields(query_filter["input"]["query"]))


def _field_problem(field: FieldReference, mappings: Sequence[Mapping[str, str]]) -> str:
    """Return what is wrong with a field, or an empty string; a dashboard has several mappings, and one must match."""
    if field.name in METADATA_FIELDS or not mappings:
        return ""
    if field.name.endswith(".*"):
        is_mapped = any(name.startswith(field.name[:-1]) for mapping_fields in mappings for name in mapping_fields)
        return "" if is_mapped else f"uses {field.name}, which matches no field of the mapping"
    types = {mapping_fields[field.name] for mapping_fields in mappings if field.name in mapping_fields}
    if not types:
        return f"uses the field {field.name}, which the mapping does not define"
    if field.is_aggregated and types <= NOT_AGGREGATABLE:
        return f"aggregates {field.name}, whose type {' or '.join(sorted(types))} cannot be aggregated"
    return ""


def _data_views(saved_object: SavedObject, objects_by_key: Mapping[tuple[str, str], SavedObject]) -> list[SavedObject]:
    """Return the data views whose fields an object uses: itself, those that it refers to, or those of its panels."""
    if saved_object.type == "index-pattern":
        return [saved_object]
    targets = [objects_by_key[key] for key in saved_object.references.values() if key in objects_by_key]
    return [view for target in targets for view in _data_views(target, objects_by_key)]


def _panels(saved_object: SavedObject) -> list[Mapping[str, Any]]:
    panels: list[Mapping[str, Any]] = (
        json.loads(saved_object.attributes["panelsJSON"]) if saved_object.type == "dashboard" else []
    )
    return panels


def _dangling_panels(saved_object: SavedObject) -> list[str]:
    referring_panels = {
        f"{panel['panelIndex']}:{panel['panelRefName']}": panel
        for panel in _panels(saved_object)
        if "panelRefName" in panel
    }
    return [
        name
        for name, panel in referring_panels.items()
        if saved_object.references.get(name, ("", ""))[0] != panel["type"]
    ]


def _inline_panel_states(saved_object: SavedObject) -> list[Mapping[str, Any]]:
    """Return the Lens panels that are embedded in a dashboard because they were not saved to the library."""
    inline_attributes = [
        panel["embeddableConfig"].get("attributes", {}) for panel in _panels(saved_object) if panel["type"] == "lens"
    ]
    return [attributes["state"] for attributes in inline_attributes if "state" in attributes]


def _flatten(properties: Mapping[str, Any], path: str = "") -> dict[str, str]:
    """Return field → type; a field without doc values counts as `text`, because it cannot be aggregated."""
    field_types: dict[str, str] = {}
    for name, definition in properties.items():
        full_path = f"{path}{name}"
        if "type" in definition:
            field_types[full_path] = definition["type"] if definition.get("doc_values", True) else "text"
        field_types |= _flatten(definition.get("properties", {}) | definition.get("fields", {}), f"{full_path}.")
    return field_types
