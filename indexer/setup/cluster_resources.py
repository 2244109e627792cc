"""What a cluster should have before the first book: templates, roles, keys and snapshots, as requests."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from indexer.elasticsearch.mappings import TEMPLATE_NAMES, index_alias
from indexer.elasticsearch.resources import MAPPINGS_DIR

RequestBody = dict[str, Any]

ROLES = ("api", "indexer", "librarian")
KEY_OWNERS = ("api", "indexer")
"""Who has an API key; librarians are people and log in."""

PREFIX = "frontispiece-"
LIBRARIAN = "librarian"


@dataclass(frozen=True, slots=True)
class ClusterResource:
    """One thing that the cluster should have: where it is asked for and put, and what it is."""

    path: str
    body: RequestBody
    secret: RequestBody | None = None
    """What is sent too where the thing is made, and can never be read back."""

    def is_met_by(self, response: Any) -> bool:
        """Whether Elasticsearch's answer to `GET path` has it; what it adds of its own does not count."""
        return any(_is_subset(self.body, part) for part in _nested_objects(response))


def cluster_resources(
    alias: str, *, shards: int, replicas: int, snapshots: str = "", librarian: str = ""
) -> list[ClusterResource]:
    """In the order in which one needs the other; `snapshots` is a folder of the nodes, `librarian` a password."""
    resources = [*_template_resources(alias, shards, replicas), *(_role_resource(name, alias) for name in ROLES)]
    if snapshots:
        repository = _read_body("snapshots/repository.json", location=snapshots)
        resources.append(ClusterResource("/_snapshot/frontispiece", repository))
        resources.append(
            ClusterResource(f"/_slm/policy/{PREFIX}{alias}", _read_body("snapshots/policy.json", alias=alias))
        )
    if librarian:
        user = {"full_name": "Librarians", "roles": [role_name(LIBRARIAN, alias)]}
        resources.append(ClusterResource(f"/_security/user/{LIBRARIAN}", user, {"password": librarian}))
    return resources


def role_name(role: str, alias: str) -> str:
    """Two installations of one cluster have roles of their own."""
    return f"{PREFIX}{alias}-{role}"


def role(name: str, alias: str) -> RequestBody:
    """What `es-mappings/security/<name>.json` allows on this alias."""
    return _read_body(f"security/{name}.json", alias=alias)


def api_key_body(name: str, alias: str) -> RequestBody:
    """The body of `POST /_security/api_key`: a key that may exactly what the role may."""
    # A role is described in Kibana's list; the privileges of a key take no description.
    descriptor = {
        property_name: value for property_name, value in role(name, alias).items() if property_name != "description"
    }
    return {"name": role_name(name, alias), "role_descriptors": {role_name(name, alias): descriptor}}


def dev_tools_request(method: str, path: str, body: RequestBody | None = None) -> str:
    """A request as Kibana's Dev Tools take it."""
    request_line = f"{method} {path}"
    return request_line if body is None else f"{request_line}\n{json.dumps(body, ensure_ascii=False, indent=2)}"


def _role_resource(name: str, alias: str) -> ClusterResource:
    return ClusterResource(f"/_security/role/{role_name(name, alias)}", role(name, alias))


def _template_resources(alias: str, shards: int, replicas: int) -> Iterator[ClusterResource]:
    """For Kibana and the cluster's operators to read, and for shards and replicas."""
    for path in sorted((MAPPINGS_DIR / "components").glob("*.json")):
        yield ClusterResource(
            f"/_component_template/{PREFIX}{path.stem}", _nest_settings(_read_body(f"components/{path.name}"))
        )
    index = {"number_of_shards": shards, "number_of_replicas": replicas}
    for kind in TEMPLATE_NAMES:
        name = index_alias(alias, kind)
        body = _read_body(f"{kind}.json")
        template = {**body["template"], "settings": {"index": index}}
        # Above the 100 of the templates that Elasticsearch brings.
        body |= {"index_patterns": [f"{name}-v*"], "priority": 200, "template": template}
        yield ClusterResource(f"/_index_template/{PREFIX}{name}", body)


def _nest_settings(component: RequestBody) -> RequestBody:
    """With all settings below `index`, where Elasticsearch puts them."""
    template = component["template"]
    index = {name: value for name, value in template.get("settings", {}).items() if name != "index"}
    settings = {"index": template.get("settings", {}).get("index", {}) | index}
    return {**component, "template": {**template, "settings": settings}}


def _read_body(name: str, **placeholders: str) -> RequestBody:
    text = (MAPPINGS_DIR / name).read_text("utf-8")
    for placeholder, value in placeholders.items():
        text = text.replace(f"{{{placeholder}}}", value)
    body: RequestBody = json.loads(text)
    return body


def _nested_objects(response: Any) -> Iterator[Mapping[str, Any]]:
    """Every object in an answer: `GET` wraps what was put in its name, differently for each kind of thing."""
    if isinstance(response, Mapping):
        yield response
    if isinstance(response, Mapping | list):
        for child in response.values() if isinstance(response, Mapping) else response:
            yield from _nested_objects(child)


def _is_subset(expected: Any, actual: Any) -> bool:
    if actual is None and not expected:
        return True
    if isinstance(expected, Mapping):
        return isinstance(actual, Mapping) and all(
            _is_subset(value, actual.get(name)) for name, value in expected.items()
        )
    if isinstance(expected, list):
        return isinstance(actual, list) and len(expected) == len(actual) and all(map(_is_subset, expected, actual))
    # Elasticsearch gives settings back as strings.
    return expected == actual or (isinstance(expected, int) and str(expected).lower() == actual)
