"""Snapshots of a collection: all its indices except the lease, with their aliases, from one point in time."""

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from elasticsearch import AuthorizationException, Elasticsearch, NotFoundError

from core.errors import FrontispieceError
from core.mapping_files import MAPPINGS_FOLDER
from core.timestamps import utc_now

REPOSITORY = "frontispiece"
"""The repository that `frontispiece setup --snapshots` registers, and the commands on the embedded node."""

TAKEN_BY = "frontispiece backup"
"""In the metadata of a snapshot; those of the nightly policy have its name there."""
KEPT_SNAPSHOTS = 10
"""Of those that the command has taken; the policy has a retention of its own."""

POLL_SECONDS = 0.2
STALLED_POLLS = 100
"""Polls without a shard that is being restored, after which a restore has failed."""

PRIVILEGE_HINT = "snapshots need a user who may manage them: `--user elastic`, with the password in ELASTIC_PASSWORD"

PrintMessage = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A snapshot that is complete, and the indices of the collection in it."""

    name: str
    indices: Sequence[str]

    @classmethod
    def from_response(cls, snapshot: Mapping[str, Any], alias: str) -> Self:
        return cls(name=snapshot["snapshot"], indices=select_collection(snapshot["indices"], alias))


def collection_patterns(alias: str) -> list[str]:
    """Return patterns of the indices that are backed up, as the nightly policy of `frontispiece setup` has them."""
    policy = json.loads((MAPPINGS_FOLDER / "snapshots" / "policy.json").read_text("utf-8").replace("{alias}", alias))
    return list(policy["config"]["indices"])


def select_collection(names: Iterable[str], alias: str) -> list[str]:
    """Return the names of the collection's indices: `pictures-v*` would also match `pictures-vienna-v1`."""
    prefixes = "|".join(re.escape(pattern.removesuffix("*")) for pattern in collection_patterns(alias))
    return sorted(name for name in names if re.fullmatch(rf"({prefixes})(-?v)?\d*", name))


def collection_indices(client: Elasticsearch, alias: str) -> list[str]:
    """Return the indices of a collection that exist."""
    patterns = collection_patterns(alias)
    return select_collection(client.indices.get(index=patterns, features=["aliases"], allow_no_indices=True), alias)


def count_documents(client: Elasticsearch, names: Iterable[str]) -> dict[str, int]:
    """Return index → number of documents."""
    return {name: int(client.count(index=name)["count"]) for name in names}


class SnapshotRepository:
    """The place of the snapshots; `FrontispieceError` with what to do if it is missing or may not be used."""

    def __init__(self, client: Elasticsearch, name: str = REPOSITORY) -> None:
        self._client, self.name = client, name

    def register(self, location: str) -> None:
        """Register a folder in `path.repo` of the node as the repository, unless there is one of this name."""
        if self.name not in self._client.snapshot.get_repository():
            repository = {"type": "fs", "settings": {"location": location, "compress": True}}
            self._client.snapshot.create_repository(name=self.name, repository=repository)

    def read_uuid(self) -> str:
        """Return the id that the repository keeps wherever it is copied to; empty before its first snapshot."""
        try:
            uuid = str(self._client.snapshot.get_repository(name=self.name)[self.name].get("uuid", ""))
        except NotFoundError as error:
            raise FrontispieceError(
                f"the cluster has no snapshot repository {self.name}: `frontispiece setup --snapshots FOLDER` "
                "registers it, and `--repository` names another one"
            ) from error
        except AuthorizationException as error:
            raise FrontispieceError(PRIVILEGE_HINT) from error
        return "" if uuid == "_na_" else uuid

    def take(self, alias: str) -> Snapshot:
        """Take a snapshot of a collection and return it when it is complete."""
        names = collection_indices(self._client, alias)
        if not names:
            raise FrontispieceError(f"there is nothing to back up: the cluster has no index of the collection {alias}")
        self.read_uuid()
        name = f"{alias}-{utc_now():%Y.%m.%d-%H%M%S}"
        try:
            self._client.snapshot.create(
                repository=self.name,
                snapshot=name,
                indices=names,
                include_global_state=False,
                metadata={"taken_by": TAKEN_BY},
                wait_for_completion=False,
            )
        except AuthorizationException as error:
            raise FrontispieceError(PRIVILEGE_HINT) from error
        while (snapshot := self._read(name))["state"] in ("IN_PROGRESS", "STARTED", "INIT"):
            time.sleep(POLL_SECONDS)
        if snapshot["state"] != "SUCCESS":
            reason = next((failure["reason"] for failure in snapshot.get("failures", [])), snapshot["state"])
            raise FrontispieceError(f"the snapshot {name} is incomplete, so there is no backup: {reason}")
        return Snapshot.from_response(snapshot, alias)

    def delete_old(self, alias: str) -> None:
        """Delete the snapshots of a collection that the command has taken, except the newest ones."""
        names = [
            response["snapshot"]
            for response in self._list_newest_first()
            if response.get("metadata", {}).get("taken_by") == TAKEN_BY
            and select_collection(response["indices"], alias)
        ]
        for name in names[KEPT_SNAPSHOTS:]:
            self._client.snapshot.delete(repository=self.name, snapshot=name)

    def find(self, alias: str, name: str = "") -> Snapshot:
        """Return the snapshot of this name, else the newest complete one that has pictures of the collection."""
        if name:
            return Snapshot.from_response(self._read(name), alias)
        for response in self._list_newest_first():
            if response["state"] == "SUCCESS" and (snapshot := Snapshot.from_response(response, alias)).indices:
                return snapshot
        raise FrontispieceError(f"the repository {self.name} has no complete snapshot of the collection {alias}")

    def restore(self, snapshot: Snapshot, alias: str) -> None:
        """Restore all indices with their aliases, and return when they can be searched; none of them may exist."""
        if existing_names := collection_indices(self._client, alias):
            raise FrontispieceError(
                f"the cluster has {', '.join(existing_names)} already, which a restore would overwrite: restore "
                "into an empty cluster, or delete these indices first"
            )
        try:
            self._client.snapshot.restore(
                repository=self.name,
                snapshot=snapshot.name,
                indices=list(snapshot.indices),
                include_aliases=True,
                include_global_state=False,
                wait_for_completion=False,
            )
        except AuthorizationException as error:
            raise FrontispieceError(PRIVILEGE_HINT) from error
        self._wait_until_searchable(snapshot)

    def _wait_until_searchable(self, snapshot: Snapshot) -> None:
        """Wait for every primary shard; the status is yellow while a shard is being restored, and cannot tell."""
        names, idle_polls = list(snapshot.indices), 0
        settings = self._client.indices.get_settings(index=names)
        primaries = sum(int(index["settings"]["index"]["number_of_shards"]) for index in settings.values())
        while (health := self._client.cluster.health(index=names))["active_primary_shards"] < primaries:
            idle_polls = 0 if health["initializing_shards"] else idle_polls + 1
            if idle_polls > STALLED_POLLS:
                raise FrontispieceError(
                    f"{primaries - health['active_primary_shards']} shards of the snapshot {snapshot.name} could not "
                    "be restored: `GET /_cluster/allocation/explain` says why; delete the indices and run it again"
                )
            time.sleep(POLL_SECONDS)

    def _list_newest_first(self) -> list[dict[str, Any]]:
        response = self._client.snapshot.get(repository=self.name, snapshot="*", sort="start_time", order="desc")
        return list(response["snapshots"])

    def _read(self, name: str) -> dict[str, Any]:
        try:
            [snapshot] = self._client.snapshot.get(repository=self.name, snapshot=name)["snapshots"]
        except NotFoundError as error:
            raise FrontispieceError(f"the repository {self.name} has no snapshot {name}") from error
        return dict(snapshot)
