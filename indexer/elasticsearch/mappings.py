"""The mappings as files: `es-mappings/<kind>.json` and its component templates."""

import json
from collections.abc import Mapping
from functools import reduce
from typing import Any, Literal, get_args

from core.mapping_files import MAPPINGS_FOLDER

IndexKind = Literal["pictures", "pages", "books"]
INDEX_KINDS: tuple[IndexKind, ...] = get_args(IndexKind)

TemplateName = Literal[IndexKind, "runs", "unanswered"]
RUN_NAMES: tuple[TemplateName, ...] = (*INDEX_KINDS, "runs")
"""The indices that a run of `frontispiece index` writes."""
TEMPLATE_NAMES: tuple[TemplateName, ...] = get_args(TemplateName)
"""The indices that are searched and rebuilt together, and those of runs and of unanswered searches, which are not."""

COMPONENT_PREFIX = "frontispiece-"
"""The prefix of a component's name in Elasticsearch, where all templates of a cluster share one namespace."""


def index_body(kind: TemplateName) -> dict[str, Any]:
    """Return the body that creates an index: settings and mapping, merged as Elasticsearch merges templates."""
    template = _read_json(f"{kind}.json")
    components = [
        _read_json(f"components/{name.removeprefix(COMPONENT_PREFIX)}.json") for name in template["composed_of"]
    ]
    bodies = [component["template"] for component in [*components, template]]
    return reduce(_deep_merge, bodies, {})


def index_alias(alias: str, kind: TemplateName) -> str:
    """Return the alias of an index: pictures have the alias of the settings, the others have a suffix."""
    return alias if kind == "pictures" else f"{alias}-{kind}"


def _read_json(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((MAPPINGS_FOLDER / name).read_text("utf-8"))
    return body


def _deep_merge(base: Mapping[str, Any], override: Mapping[str, Any]) -> dict[str, Any]:
    merged_children = {
        name: _deep_merge(base[name], override[name])
        for name in base.keys() & override.keys()
        if isinstance(base[name], Mapping)
    }
    return {**base, **override, **merged_children}
