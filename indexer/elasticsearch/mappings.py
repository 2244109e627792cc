"""The indices as files: `es-mappings/<kind>.json` and the component templates that it is composed of."""

import json
from collections.abc import Mapping
from functools import reduce
from typing import Any, Literal, get_args

from indexer.elasticsearch.resources import MAPPINGS_DIR

IndexKind = Literal["pictures", "pages", "books"]
INDEX_KINDS: tuple[IndexKind, ...] = get_args(IndexKind)

TemplateName = Literal[IndexKind, "runs"]
TEMPLATE_NAMES: tuple[TemplateName, ...] = get_args(TemplateName)
"""What is searched and rebuilt together, and the runs that filled it, which are neither."""

COMPONENT_PREFIX = "frontispiece-"
"""What Elasticsearch calls a component is its file's name after this: a cluster's templates share one space."""


def index_body(kind: TemplateName) -> dict[str, Any]:
    """The body that creates an index: settings and mapping, merged as Elasticsearch itself merges templates."""
    template = _read_json(f"{kind}.json")
    components = [
        _read_json(f"components/{name.removeprefix(COMPONENT_PREFIX)}.json") for name in template["composed_of"]
    ]
    bodies = [component["template"] for component in [*components, template]]
    return reduce(_deep_merge, bodies, {})


def index_alias(alias: str, kind: TemplateName) -> str:
    """The name that is searched: pictures have the installation's own, the others a longer one."""
    return alias if kind == "pictures" else f"{alias}-{kind}"


def _read_json(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((MAPPINGS_DIR / name).read_text("utf-8"))
    return body


def _deep_merge(base: Mapping[str, Any], override: Mapping[str, Any]) -> dict[str, Any]:
    merged_children = {
        name: _deep_merge(base[name], override[name])
        for name in base.keys() & override.keys()
        if isinstance(base[name], Mapping)
    }
    return {**base, **override, **merged_children}
