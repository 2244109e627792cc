"""Kibana's saved objects as files: what they name is checked against the mappings, without a Kibana."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from indexer.elasticsearch.mappings import TEMPLATES, alias_of, mapping
from indexer.elasticsearch.resources import MAPPINGS

OBJECTS = MAPPINGS / "kibana"
FILES = {
    "index-pattern": "data-views.ndjson",
    "search": "searches.ndjson",
    "lens": "panels.ndjson",
    "visualization": "panels.ndjson",
    "dashboard": "dashboards.ndjson",
}
"""Which file keeps which type; in this order an object stands behind those that it refers to."""

KEPT = ("type", "id", "attributes", "references", "coreMigrationVersion", "typeMigrationVersion")
"""The rest of an export is when and by whom, which would make every `pull` a difference."""

ALIAS, SITE = "pictures", "http://localhost:8000"
"""What the files have where another installation has its own."""

OF_EVERY_INDEX = frozenset({"_id", "_index", "_score", "___records___"})
"""Fields that no mapping names; the last is Lens's word for the document itself."""

NOT_AGGREGATABLE = frozenset({"text", "dense_vector"})


@dataclass(frozen=True, slots=True)
class SavedObject:
    """One line of an export."""

    type: str
    id: str
    raw: Mapping[str, Any]

    @classmethod
    def of(cls, line: str) -> Self:
        raw = json.loads(line)
        return cls(raw["type"], raw["id"], raw)

    @property
    def attributes(self) -> Mapping[str, Any]:
        attributes: Mapping[str, Any] = self.raw["attributes"]
        return attributes

    @property
    def references(self) -> Mapping[str, tuple[str, str]]:
        """Name → type and id."""
        return {each["name"]: (each["type"], each["id"]) for each in self.raw["references"]}

    @property
    def line(self) -> str:
        kept = {part: self.raw[part] for part in KEPT if part in self.raw}
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


@dataclass(frozen=True, slots=True)
class Field:
    """A field that an object names; a panel adds it up, a search only shows or asks it."""

    name: str
    aggregated: bool = False


def read(folder: Path = OBJECTS) -> list[SavedObject]:
    """All of them, those first that others refer to."""
    names = dict.fromkeys(FILES.values())
    return [SavedObject.of(line) for name in names for line in (folder / name).read_text("utf-8").splitlines()]


def moved(each: SavedObject, *, alias: tuple[str, str], site: tuple[str, str]) -> SavedObject:
    """The same object for another alias and another address; each pair is from and to."""
    raw = json.loads(each.line.replace(*site))
    titles = {alias_of(alias[0], kind): alias_of(alias[1], kind) for kind in TEMPLATES}
    if each.type == "index-pattern":
        raw["attributes"]["title"] = titles.get(raw["attributes"]["title"], raw["attributes"]["title"])
    return SavedObject(each.type, each.id, raw)


def mapped_fields() -> dict[str, dict[str, str]]:
    """Data view's title → each field of its mapping, subfields included, and its type."""
    return {alias_of(ALIAS, kind): _flat(mapping(kind)["mappings"]["properties"]) for kind in TEMPLATES}


def problems(objects: Iterable[SavedObject], fields: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Each reference, index pattern and field that is not there, as a sentence."""
    there = {(each.type, each.id): each for each in objects}
    found = []
    for each in there.values():
        missing = [target for target in each.references.values() if target not in there]
        found += [f"{each.id} refers to the {type_} {id_}, which is not there" for type_, id_ in missing]
        titles = [str(view.attributes["title"]) for view in _views(each, there)]
        found += [f"{each.id}: no mapping is called {title}" for title in titles if title not in fields]
        known = [fields[title] for title in titles if title in fields]
        found += [f"{each.id} {problem}" for field in named_fields(each) if (problem := _problem(field, known))]
        found += [f"{each.id} has a panel without its reference: {name}" for name in _loose_panels(each)]
    return sorted(set(found))


def named_fields(each: SavedObject) -> list[Field]:
    """The fields that an object names, wherever it does."""
    attributes = each.attributes
    if each.type == "index-pattern":
        shown = json.loads(attributes["fieldFormatMap"]) | json.loads(attributes["fieldAttrs"])
        hidden = [value["value"] for value in json.loads(attributes["sourceFilters"])]
        return [Field(name) for name in [*shown, *hidden]]
    if each.type == "search":
        asked = json.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])["query"]["query"]
        sorted_by = [Field(name, aggregated=True) for name, _ in attributes["sort"]]
        return [*map(Field, attributes["columns"]), *map(Field, in_query(asked)), *sorted_by]
    if each.type == "lens":
        return list(_lens_fields(attributes["state"]))
    return [field for state in _panels_of_their_own(each) for field in _lens_fields(state)]


def in_query(query: str) -> list[str]:
    """The fields of a query in Lucene's syntax."""
    return re.findall(r"([A-Za-z_][\w.]*):", query)


def _lens_fields(state: Mapping[str, Any]) -> Iterator[Field]:
    yield from map(Field, in_query(state["query"]["query"]))
    for layer in state["datasourceStates"]["formBased"]["layers"].values():
        for column in layer["columns"].values():
            if "sourceField" in column:
                yield Field(column["sourceField"], aggregated=True)
            for each in column.get("params", {}).get("filters", []):
                yield from map(Field, in_query(each["input"]["query"]))


def _problem(field: Field, known: Sequence[Mapping[str, str]]) -> str:
    """A dashboard is of several indices: a field is there when one of them has it."""
    if field.name in OF_EVERY_INDEX or not known:
        return ""
    if field.name.endswith(".*"):
        there = any(name.startswith(field.name[:-1]) for each in known for name in each)
        return "" if there else f"names {field.name}, and the mapping has nothing there"
    types = {each[field.name] for each in known if field.name in each}
    if not types:
        return f"names the field {field.name}, which the mapping has not"
    if field.aggregated and types <= NOT_AGGREGATABLE:
        return f"adds up {field.name}, which cannot be: it is {' or '.join(sorted(types))}"
    return ""


def _views(each: SavedObject, there: Mapping[tuple[str, str], SavedObject]) -> list[SavedObject]:
    """The data views that an object's fields are of: itself, or those that it refers to."""
    if each.type == "index-pattern":
        return [each]
    return [there[target] for target in each.references.values() if target[0] == "index-pattern" and target in there]


def _panels(each: SavedObject) -> list[Mapping[str, Any]]:
    panels: list[Mapping[str, Any]] = json.loads(each.attributes["panelsJSON"]) if each.type == "dashboard" else []
    return panels


def _loose_panels(each: SavedObject) -> list[str]:
    named = {
        f"{panel['panelIndex']}:{panel['panelRefName']}": panel for panel in _panels(each) if "panelRefName" in panel
    }
    return [name for name, panel in named.items() if each.references.get(name, ("", ""))[0] != panel["type"]]


def _panels_of_their_own(each: SavedObject) -> list[Mapping[str, Any]]:
    """The panels that a dashboard keeps inside itself, as Kibana does with those that nobody saved to the library."""
    inside = [panel["embeddableConfig"].get("attributes", {}) for panel in _panels(each) if panel["type"] == "lens"]
    return [attributes["state"] for attributes in inside if "state" in attributes]


def _flat(properties: Mapping[str, Any], path: str = "") -> dict[str, str]:
    """Field → type; what is kept to be shown only is `text` to those who would add it up."""
    flat: dict[str, str] = {}
    for name, body in properties.items():
        full = f"{path}{name}"
        if "type" in body:
            flat[full] = body["type"] if body.get("doc_values", True) else "text"
        flat |= _flat(body.get("properties", {}) | body.get("fields", {}), f"{full}.")
    return flat
