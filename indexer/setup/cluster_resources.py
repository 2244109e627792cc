"""The resources that a cluster needs before the first book: templates, roles, API keys and snapshots."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.mapping_files import MAPPINGS_FOLDER
from indexer.elasticsearch.mappings import TEMPLATE_NAMES, index_alias

RequestBody = dict[str, Any]

ROLES = ("api", "indexer", "librarian")
KEY_OWNERS = ("api", "indexer")
"""Roles that get an API key; librarians log in with a password."""

PREFIX = "frontispiece-"
LIBRARIAN = "librarian"


@dataclass(frozen=True, slots=True)
class ClusterResource:
    """One resource of the cluster: `PUT path` with the body creates it, `GET path` reads it."""

    path: str
    body: RequestBody
    secret: RequestBody | None = None
    """Sent in addition when the resource is created; Elasticsearch never returns it."""

    def is_met_by(self, response: Any) -> bool:
        """Whether the response to `GET path` contains the body; defaults that Elasticsearch adds are ignored."""
        return any(_is_subset(self.body, part) for part in _nested_objects(response))


def cluster_resources(
    alias: str, *, shards: int, replicas: int, snapshots: str = "", librarian: str = ""
) -> list[ClusterResource]:
    """Return all resources, each after those that it depends on.

    `snapshots` is a folder in `path.repo` of the nodes, `librarian` the password of the user `librarian`; if one is
    empty, its resources are left out.
    """
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
    """Return the name of a role; it contains the alias, so two installations can share a cluster."""
    return f"{PREFIX}{alias}-{role}"


def role(name: str, alias: str) -> RequestBody:
    """Return the role in `es-mappings/security/<name>.json`, for this alias."""
    return _read_body(f"security/{name}.json", alias=alias)


def api_key_body(name: str, alias: str) -> RequestBody:
    """Return the body of `POST /_security/api_key` for a key with the privileges of the role."""
    # The role descriptors of an API key do not accept a description.
    descriptor = {
        property_name: value for property_name, value in role(name, alias).items() if property_name != "description"
    }
    return {"name": role_name(name, alias), "role_descriptors": {role_name(name, alias): descriptor}}


def dev_tools_request(method: str, path: str, body: RequestBody | None = None) -> str:
    """Format a request for Kibana's Dev Tools."""
    request_line = f"{method} {path}"
    return request_line if body is None else f"{request_line}\n{json.dumps(body, ensure_ascii=False, indent=2)}"


def dev_tools_requests(resources: Iterable[ClusterResource], alias: str) -> list[str]:
    """Format the requests that create the resources and the API keys; passwords are replaced by `…`."""
    put_requests = [
        dev_tools_request("PUT", resource.path, resource.body | dict.fromkeys(resource.secret or {}, "…"))
        for resource in resources
    ]
    key_requests = [dev_tools_request("POST", "/_security/api_key", api_key_body(owner, alias)) for owner in KEY_OWNERS]
    return put_requests + key_requests


def _role_resource(name: str, alias: str) -> ClusterResource:
    return ClusterResource(f"/_security/role/{role_name(name, alias)}", role(name, alias))


def _template_resources(alias: str, shards: int, replicas: int) -> Iterator[ClusterResource]:
    """Yield the component and index templates, with the number of shards and replicas."""
    for path in sorted((MAPPINGS_FOLDER / "components").glob("*.json")):
        yield ClusterResource(
            f"/_component_template/{PREFIX}{path.stem}", _nest_settings(_read_body(f"components/{path.name}"))
        )
    index = {"number_of_shards": shards, "number_of_replicas": replicas}
    for kind in TEMPLATE_NAMES:
        name = index_alias(alias, kind)
        body = _read_body(f"{kind}.json")
        template = {**body["template"], "settings": {"index": index}}
        # The service makes the index of unanswered searches under its name alone: an alias needs more privileges.
        patterns = [name] if kind == "unanswered" else [f"{name}-v*"]
        # Higher than 100, the priority of Elasticsearch's built-in templates.
        body |= {"index_patterns": patterns, "priority": 200, "template": template}
        yield ClusterResource(f"/_index_template/{PREFIX}{name}", body)


def _nest_settings(component: RequestBody) -> RequestBody:
    """Move all settings below `index`, where Elasticsearch returns them."""
    template = component["template"]
    index = {name: value for name, value in template.get("settings", {}).items() if name != "index"}
    settings = {"index": template.get("settings", {}).get("index", {}) | index}
    return {**component, "template": {**template, "settings": settings}}


def _read_body(name: str, **placeholders: str) -> RequestBody:
    text = (MAPPINGS_FOLDER / name).read_text("utf-8")
    for placeholder, value in placeholders.items():
        text = text.replace(f"{{{placeholder}}}", value)
    body: RequestBody = json.loads(text)
    return body


def _nested_objects(response: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every object in a response: `GET` wraps a resource differently for each type of resource."""
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
    # Elasticsearch returns numbers and booleans in settings as strings.
    return expected == actual or (isinstance(expected, int) and str(expected).lower() == actual)
