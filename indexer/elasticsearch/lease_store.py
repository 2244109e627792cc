"""The document in Elasticsearch that says which run writes into a collection."""

import json
import os
import socket
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from secrets import token_hex
from typing import Any, Self

from elasticsearch import BadRequestError, ConflictError, Elasticsearch, NotFoundError

from core.mapping_files import MAPPINGS_FOLDER
from core.timestamps import utc_timestamp
from indexer.documents.runs import redact

LEASE_ID = "writer"
MAX_COMMAND_LENGTH = 200

DocumentVersion = tuple[int, int]
"""Sequence number and primary term; they change with every write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseHolder:
    """The run that holds a lease."""

    owner: str
    """A random token."""
    host: str
    pid: int
    command: str
    since: str
    """ISO 8601, by the clock of the holder's host."""
    expires_after: float
    """Seconds without a heartbeat after which another run may take the lease."""

    @classmethod
    def from_process(cls, command: str, expires_after: float) -> Self:
        """Return this process as a holder; `command` is what the user called."""
        return cls(
            owner=token_hex(8),
            host=socket.gethostname(),
            pid=os.getpid(),
            command=redact(command)[:MAX_COMMAND_LENGTH],
            since=utc_timestamp(),
            expires_after=expires_after,
        )

    @classmethod
    def from_source(cls, source: Mapping[str, Any]) -> Self:
        """Read the `_source` of the document."""
        return cls(**{name: source[name] for name in cls.__dataclass_fields__})

    def __str__(self) -> str:
        return f"`{self.command}` (process {self.pid} on {self.host}, since {self.since})"


@dataclass(frozen=True, slots=True)
class LeaseState:
    """The document as it was read."""

    holder: LeaseHolder
    version: DocumentVersion


def lease_alias(alias: str) -> str:
    """Return the alias of the index that holds the lease of a collection."""
    return f"{alias}-lease"


class LeaseStore:
    """Reads and writes the lease of one collection; of several who write at once, Elasticsearch lets one succeed."""

    def __init__(self, client: Elasticsearch, alias: str) -> None:
        self._client, self._name = client, lease_alias(alias)

    @property
    def index(self) -> str:
        """The name of the index."""
        return f"{self._name}-v1"

    def ensure_index(self) -> None:
        """Create the index of the lease behind its alias, unless both exist."""
        if self._client.indices.exists_alias(name=self._name):
            return
        body = json.loads((MAPPINGS_FOLDER / "lease.json").read_text("utf-8"))
        try:
            self._client.indices.create(index=self.index, aliases={self._name: {}}, **body)
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise
            # Another run has just made both, or the alias was lost, as in a backup that was restored without aliases.
            self._client.indices.put_alias(index=self.index, name=self._name)

    def read(self) -> LeaseState | None:
        """Return the lease; None if nobody holds it."""
        try:
            document = self._client.get(index=self._name, id=LEASE_ID)
        except NotFoundError:
            return None
        version = document["_seq_no"], document["_primary_term"]
        return LeaseState(LeaseHolder.from_source(document["_source"]), version)

    def create(self, holder: LeaseHolder) -> DocumentVersion | None:
        """Take the lease if nobody holds it; None if somebody does."""
        return self._write(holder, op_type="create")

    def replace(self, holder: LeaseHolder, version: DocumentVersion) -> DocumentVersion | None:
        """Renew or take over the lease; None if it has changed since this version, or no longer exists."""
        return self._write(holder, if_seq_no=version[0], if_primary_term=version[1])

    def delete(self, version: DocumentVersion) -> None:
        """Give the lease back, unless another run has taken it."""
        try:
            self._client.delete(index=self._name, id=LEASE_ID, if_seq_no=version[0], if_primary_term=version[1])
        except (NotFoundError, ConflictError):
            return

    def _write(self, holder: LeaseHolder, **condition: Any) -> DocumentVersion | None:
        document = {**asdict(holder), "heartbeat": utc_timestamp("milliseconds")}
        try:
            # Without the alias, Elasticsearch would make an index without a mapping.
            response = self._client.index(
                index=self._name, id=LEASE_ID, document=document, require_alias=True, **condition
            )
        except (NotFoundError, ConflictError):
            return None
        return response["_seq_no"], response["_primary_term"]
