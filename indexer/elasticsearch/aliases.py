"""The aliases of a collection: which indices are searched, which a rebuild is filling, and which were searched before.

`<alias>-next` and `<alias>-previous` are named like collections of their own, so that a service or an evaluation can be
pointed at them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

from core.errors import IncompatibleIndex
from indexer.elasticsearch.mappings import INDEX_KINDS, IndexKind, index_alias

IndexNames = dict[IndexKind, str]


@dataclass(frozen=True, slots=True)
class AliasMove:
    """Indices of a collection that lose the aliases of one collection, and may get those of another."""

    names: Mapping[IndexKind, str]
    alias: str
    new_alias: str = ""


def next_alias(alias: str) -> str:
    """Return the alias of the collection that a rebuild is filling beside the one that is searched."""
    return f"{alias}-next"


def previous_alias(alias: str) -> str:
    """Return the alias of the collection that was searched before the last switch."""
    return f"{alias}-previous"


def index_names(client: Elasticsearch, alias: str) -> IndexNames:
    """Return the indices behind the aliases of a collection, without the kinds that have none."""
    names = ((kind, _index_behind_alias(client, index_alias(alias, kind))) for kind in INDEX_KINDS)
    return {kind: name for kind, name in names if name}


def all_versions(client: Elasticsearch, alias: str) -> dict[str, set[str]]:
    """Return the indices `<alias>-vN` with all their aliases."""
    response = client.indices.get(index=f"{alias}-v*", features=["aliases"], allow_no_indices=True)
    pattern = re.compile(rf"{re.escape(alias)}-v\d+")
    return {name: set(index["aliases"]) for name, index in response.items() if pattern.fullmatch(name)}


def next_version_name(client: Elasticsearch, alias: str) -> str:
    """Return the name of a new index: N is higher than that of every index `<alias>-vN`."""
    numbers = (int(name.rpartition("-v")[2]) for name in all_versions(client, alias))
    return f"{alias}-v{max(numbers, default=0) + 1}"


def move_collections(client: Elasticsearch, moves: Iterable[AliasMove]) -> None:
    """Move the aliases in one step, so that no reader sees pictures of one version and pages of another.

    Elasticsearch refuses all of it if an index is no longer there, or has lost its alias.
    """
    actions: list[dict[str, Any]] = []
    for move in moves:
        for kind, name in move.names.items():
            actions.append(_action("remove", name, index_alias(move.alias, kind), must_exist=True))
            if move.new_alias:
                actions.append(_action("add", name, index_alias(move.new_alias, kind)))
    client.indices.update_aliases(actions=actions)


def index_uuids(client: Elasticsearch, names: Sequence[str]) -> dict[str, str]:
    """Return the UUID of each index that exists; one that is deleted and made again by the same name has another."""
    settings = client.indices.get_settings(index=list(names), name="index.uuid", ignore_unavailable=True)
    return {name: str(index["settings"]["index"]["uuid"]) for name, index in settings.items()}


def check_uuids(client: Elasticsearch, uuids: Mapping[str, str]) -> None:
    """Raise `IncompatibleIndex` unless each index is still the one with this UUID."""
    current_uuids = index_uuids(client, list(uuids))
    if replaced_names := sorted(name for name, uuid in uuids.items() if current_uuids.get(name) != uuid):
        raise IncompatibleIndex(
            f"{', '.join(replaced_names)}: deleted, or deleted and made again, while this run used it, so no alias was "
            "moved and nothing deleted; run the command again"
        )


def keep_one_index(client: Elasticsearch, alias: str, kept_name: str, other_names: Sequence[str]) -> None:
    """Take an alias from all indices except one."""
    client.indices.update_aliases(
        actions=[_action("remove", name, alias) for name in other_names] + [_action("add", kept_name, alias)]
    )


def names_behind_alias(client: Elasticsearch, alias: str) -> list[str]:
    """Return all indices that an alias names; none if there is no such alias."""
    return sorted(client.indices.get_alias(name=alias).keys()) if client.indices.exists_alias(name=alias) else []


def _action(action: str, index: str, alias: str, **options: bool) -> dict[str, Any]:
    return {action: {"index": index, "alias": alias, **options}}


def _index_behind_alias(client: Elasticsearch, alias: str) -> str | None:
    """Return the index that an alias names; None if there is no such alias."""
    names = names_behind_alias(client, alias)
    if len(names) > 1:
        raise IncompatibleIndex(
            f"the alias {alias} names several indices ({', '.join(names)}); it must name one: "
            "`frontispiece index --repair` shows what each has, and keeps one"
        )
    if names:
        return names[0]
    if client.indices.exists(index=alias):
        raise IncompatibleIndex(f"{alias} is an index and not an alias; choose another --alias")
    return None
