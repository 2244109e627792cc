"""The indices as files: `es-mappings/<kind>.json` and the component templates that it is composed of."""

import json
from collections.abc import Mapping
from functools import reduce
from typing import Any, Literal, get_args

from indexer.elasticsearch.resources import MAPPINGS

Kind = Literal["pictures", "pages", "books"]
KINDS: tuple[Kind, ...] = get_args(Kind)

Template = Literal[Kind, "runs"]
TEMPLATES: tuple[Template, ...] = get_args(Template)
"""What is searched and rebuilt together, and the runs that filled it, which are neither."""

COMPONENT = "frontispiece-"
"""What Elasticsearch calls a component is its file's name after this: a cluster's templates share one space."""


def mapping(kind: Template) -> dict[str, Any]:
    """The body that creates an index: settings and mapping, merged as Elasticsearch itself merges templates."""
    template = _read(f"{kind}.json")
    parts = [_read(f"components/{name.removeprefix(COMPONENT)}.json") for name in template["composed_of"]]
    bodies = [part["template"] for part in [*parts, template]]
    return reduce(_merged, bodies, {})


def alias_of(alias: str, kind: Template) -> str:
    """The name that is searched: pictures have the installation's own, the others a longer one."""
    return alias if kind == "pictures" else f"{alias}-{kind}"


def _read(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((MAPPINGS / name).read_text("utf-8"))
    return body


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    common = {
        name: _merged(one[name], other[name]) for name in one.keys() & other.keys() if isinstance(one[name], Mapping)
    }
    return {**one, **other, **common}
