"""What a cluster should have before the first book: templates, roles, keys and snapshots, as requests."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from indexer.elasticsearch.mappings import TEMPLATES, alias_of
from indexer.elasticsearch.resources import MAPPINGS

Body = dict[str, Any]

ROLES = ("api", "indexer", "librarian")
KEYS = ("api", "indexer")
"""Who has an API key; librarians are people and log in."""

PREFIX = "frontispiece-"
LIBRARIAN = "librarian"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that the cluster should have: where it is asked for and put, and what it is."""

    path: str
    body: Body
    secret: Body | None = None
    """What is sent too where the thing is made, and can never be read back."""

    def is_met_by(self, answer: Any) -> bool:
        """Whether Elasticsearch's answer to `GET path` has it; what it adds of its own does not count."""
        return any(_within(self.body, each) for each in _objects(answer))


def wanted(alias: str, *, shards: int, replicas: int, snapshots: str = "", librarian: str = "") -> list[Wanted]:
    """In the order in which one needs the other; `snapshots` is a folder of the nodes, `librarian` a password."""
    things = [*_templates(alias, shards, replicas), *(_role(name, alias) for name in ROLES)]
    if snapshots:
        repository = _read("snapshots/repository.json", location=snapshots)
        things.append(Wanted("/_snapshot/frontispiece", repository))
        things.append(Wanted(f"/_slm/policy/{PREFIX}{alias}", _read("snapshots/policy.json", alias=alias)))
    if librarian:
        user = {"full_name": "Librarians", "roles": [role_name(LIBRARIAN, alias)]}
        things.append(Wanted(f"/_security/user/{LIBRARIAN}", user, {"password": librarian}))
    return things


def role_name(role: str, alias: str) -> str:
    """Two installations of one cluster have roles of their own."""
    return f"{PREFIX}{alias}-{role}"


def role(name: str, alias: str) -> Body:
    """What `es-mappings/security/<name>.json` allows on this alias."""
    return _read(f"security/{name}.json", alias=alias)


def key(name: str, alias: str) -> Body:
    """The body of `POST /_security/api_key`: a key that may exactly what the role may."""
    # A role is described in Kibana's list; the privileges of a key take no description.
    descriptor = {part: value for part, value in role(name, alias).items() if part != "description"}
    return {"name": role_name(name, alias), "role_descriptors": {role_name(name, alias): descriptor}}


def dev_tools(method: str, path: str, body: Body | None = None) -> str:
    """A request as Kibana's Dev Tools take it."""
    head = f"{method} {path}"
    return head if body is None else f"{head}\n{json.dumps(body, ensure_ascii=False, indent=2)}"


def _role(name: str, alias: str) -> Wanted:
    return Wanted(f"/_security/role/{role_name(name, alias)}", role(name, alias))


def _templates(alias: str, shards: int, replicas: int) -> Iterator[Wanted]:
    """For Kibana and the cluster's operators to read, and for shards and replicas."""
    for file in sorted((MAPPINGS / "components").glob("*.json")):
        yield Wanted(f"/_component_template/{PREFIX}{file.stem}", _as_kept(_read(f"components/{file.name}")))
    index = {"number_of_shards": shards, "number_of_replicas": replicas}
    for kind in TEMPLATES:
        name = alias_of(alias, kind)
        body = _read(f"{kind}.json")
        template = {**body["template"], "settings": {"index": index}}
        # Above the 100 of the templates that Elasticsearch brings.
        body |= {"index_patterns": [f"{name}-v*"], "priority": 200, "template": template}
        yield Wanted(f"/_index_template/{PREFIX}{name}", body)


def _as_kept(component: Body) -> Body:
    """With all settings below `index`, where Elasticsearch puts them."""
    template = component["template"]
    index = {name: value for name, value in template.get("settings", {}).items() if name != "index"}
    settings = {"index": template.get("settings", {}).get("index", {}) | index}
    return {**component, "template": {**template, "settings": settings}}


def _read(name: str, **placeholders: str) -> Body:
    text = (MAPPINGS / name).read_text("utf-8")
    for placeholder, value in placeholders.items():
        text = text.replace(f"{{{placeholder}}}", value)
    body: Body = json.loads(text)
    return body


def _objects(answer: Any) -> Iterator[Mapping[str, Any]]:
    """Every object in an answer: `GET` wraps what was put in its name, differently for each kind of thing."""
    if isinstance(answer, Mapping):
        yield answer
    if isinstance(answer, Mapping | list):
        for each in answer.values() if isinstance(answer, Mapping) else answer:
            yield from _objects(each)


def _within(ours: Any, theirs: Any) -> bool:
    if theirs is None and not ours:
        return True
    if isinstance(ours, Mapping):
        return isinstance(theirs, Mapping) and all(_within(value, theirs.get(name)) for name, value in ours.items())
    if isinstance(ours, list):
        return isinstance(theirs, list) and len(ours) == len(theirs) and all(map(_within, ours, theirs))
    # Elasticsearch gives settings back as strings.
    return ours == theirs or (isinstance(ours, int) and str(ours).lower() == theirs)
