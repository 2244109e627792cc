"""The lease of a collection: one run at a time writes into it, and stops if another has taken over.

Clocks of two machines are never compared: whoever waits sees by its own clock whether the holder's heartbeat goes on.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Literal

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from core.errors import CollectionBusy, FrontispieceError, LeaseLost
from indexer.elasticsearch.lease_store import DocumentVersion, LeaseHolder, LeaseState, LeaseStore

LEASE_SECONDS = 60.0
"""A run that was killed, or that cannot reach the cluster, keeps others waiting for this time."""
HEARTBEAT_SECONDS = 5.0
POLL_SECONDS = 1.0
"""How often a run that waits looks at the lease."""
RENEWAL_TIMEOUT_SECONDS = 10.0
UNUSABLE_SECONDS = 10.0
"""A lease that can be neither taken nor read for so long was not given back just now: it has no index."""

WhenHeld = Literal["refuse", "wait", "take over"]
"""What a run does if another holds the lease: raise `CollectionBusy`, wait until it ends, or stop it."""


class Lease:
    """The right to write into a collection, renewed by a thread while it is held."""

    def __init__(self, client: Elasticsearch, alias: str, holder: LeaseHolder, version: DocumentVersion) -> None:
        self._alias, self._holder, self._version = alias, holder, version
        client = client.options(request_timeout=RENEWAL_TIMEOUT_SECONDS)
        self._store = LeaseStore(client, alias)
        self._heartbeat_store = LeaseStore(client.options(max_retries=0), alias)
        self._renewed_at = time.monotonic()
        self._lock, self._released = threading.Lock(), threading.Event()
        self._loss = ""
        self._thread = threading.Thread(target=self._beat, name="lease", daemon=True)
        self._thread.start()

    @property
    def owner(self) -> str:
        """The token that tells this run from others."""
        return self._holder.owner

    def check(self) -> None:
        """Raise `LeaseLost` if another run has taken over; call it before each write."""
        if time.monotonic() - self._renewed_at > self._holder.expires_after / 2:
            # The process may have been suspended for longer than the lease lasts.
            self._renew(self._store)
        if self._loss:
            raise LeaseLost(self._loss)

    def confirm(self) -> None:
        """Raise `LeaseLost` unless Elasticsearch says now that this run holds the lease; call it before a deletion.

        `check` believes for up to half the time of the lease that nobody has taken over.
        """
        self._renew(self._store)
        self.check()

    def release(self) -> None:
        """Give the lease back; if the cluster does not answer, it expires."""
        self._released.set()
        self._thread.join()
        with suppress(TransportError, ApiError):
            self._heartbeat_store.delete(self._version)

    def _beat(self) -> None:
        while not self._released.wait(HEARTBEAT_SECONDS) and not self._loss:
            with suppress(TransportError, ApiError):
                self._renew(self._heartbeat_store)

    def _renew(self, store: LeaseStore) -> None:
        with self._lock:
            version = store.replace(self._holder, self._version)
            if version is None:
                # The response to an earlier renewal may have been lost: then the version is newer, and still ours.
                state = store.read()
                if state is None or state.holder.owner != self._holder.owner:
                    self._loss = _describe_loss(self._alias, state)
                    return
                version = state.version
            self._version, self._renewed_at = version, time.monotonic()


class LeaseWatch:
    """Sees in another process whether a run still holds its lease."""

    def __init__(self, client: Elasticsearch, alias: str, owner: str) -> None:
        self._store, self._alias, self._owner = LeaseStore(client, alias), alias, owner
        self._lock = threading.Lock()
        self._checked_at = -HEARTBEAT_SECONDS

    def check(self) -> None:
        """Raise `LeaseLost` if the run does not hold the lease any more; the document is read now and then."""
        with self._lock:
            if time.monotonic() - self._checked_at < HEARTBEAT_SECONDS:
                return
            state = self._store.read()
            if state is None or state.holder.owner != self._owner:
                raise LeaseLost(_describe_loss(self._alias, state))
            self._checked_at = time.monotonic()


@contextmanager
def hold_lease(
    client: Elasticsearch,
    alias: str,
    command: str,
    *,
    when_held: WhenHeld = "refuse",
    warn: Callable[[str], None],
) -> Iterator[Lease]:
    """Hold the lease of a collection during the block; `command` is what others are told about this run.

    `warn` gets a sentence if another run held it.
    """
    holder = LeaseHolder.from_process(command, LEASE_SECONDS)
    store = LeaseStore(client, alias)
    store.ensure_index()
    version = _acquire(store, alias, holder, when_held, warn)
    lease = Lease(client, alias, holder, version)
    try:
        yield lease
    finally:
        lease.release()


class _HeartbeatWatch:
    """Sees by this machine's clock whether the holder of a lease is alive."""

    def __init__(self) -> None:
        self._version: DocumentVersion | None = None
        self._changed_at = 0.0
        self.has_changed = False

    def observe(self, state: LeaseState) -> None:
        if state.version != self._version:
            self.has_changed = self._version is not None
            self._version, self._changed_at = state.version, time.monotonic()

    def is_silent(self) -> bool:
        return time.monotonic() - self._changed_at > 2 * HEARTBEAT_SECONDS

    def has_expired(self, state: LeaseState) -> bool:
        return time.monotonic() - self._changed_at > state.holder.expires_after


def _acquire(
    store: LeaseStore, alias: str, holder: LeaseHolder, when_held: WhenHeld, warn: Callable[[str], None]
) -> DocumentVersion:
    """Return the version of the lease once this run holds it."""
    watch, announced_owner = _HeartbeatWatch(), ""
    readable_at = time.monotonic()
    while True:
        if version := store.create(holder):
            return version
        if (state := store.read()) is None:
            if time.monotonic() - readable_at > UNUSABLE_SECONDS:
                raise FrontispieceError(_describe_unusable_lease(store))
            time.sleep(POLL_SECONDS)
            continue
        readable_at = time.monotonic()
        watch.observe(state)
        if when_held == "take over" or watch.has_expired(state):
            if version := store.replace(holder, state.version):
                warn(_describe_takeover(alias, state.holder, is_forced=when_held == "take over"))
                return version
            time.sleep(POLL_SECONDS)
            continue
        if when_held == "refuse" and watch.has_changed:
            raise CollectionBusy(_describe_holder(alias, state.holder))
        if state.holder.owner != announced_owner and (when_held == "wait" or watch.is_silent()):
            announced_owner = state.holder.owner
            warn(_describe_wait(alias, state.holder, is_silent=watch.is_silent()))
        time.sleep(POLL_SECONDS)


def _describe_unusable_lease(store: LeaseStore) -> str:
    return (
        f"the lease can be neither written into the index {store.index} nor read from it: delete this index "
        f"(`DELETE {store.index}`), and run the command again, which makes it anew"
    )


def _describe_holder(alias: str, holder: LeaseHolder) -> str:
    return (
        f"{holder} writes into the collection {alias}, and one run at a time may: wait until it has ended "
        "(`--wait` does), or stop it with `--take-over`"
    )


def _describe_wait(alias: str, holder: LeaseHolder, *, is_silent: bool) -> str:
    if is_silent:
        return f"{holder} holds the collection {alias}; waiting {holder.expires_after:.0f} seconds for a sign of life"
    return f"waiting for {holder} to end, which writes into the collection {alias}"


def _describe_takeover(alias: str, holder: LeaseHolder, *, is_forced: bool) -> str:
    if is_forced:
        return f"taking the collection {alias} over from {holder}, which stops before its next write"
    return (
        f"{holder} has given no sign of life for {holder.expires_after:.0f} seconds and was probably killed: this run "
        f"takes the collection {alias} over; what the other had written is kept"
    )


def _describe_loss(alias: str, state: LeaseState | None) -> str:
    successor = str(state.holder) if state else "somebody who deleted the lease"
    return (
        f"the collection {alias} was taken over by {successor}, so this run stops; what it has written is kept, and "
        "the same command continues from there"
    )
