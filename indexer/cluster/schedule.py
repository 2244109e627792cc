"""Which volumes may be worked on at the same time, so that the result is that of one after another. Pure."""

import heapq
from collections import deque
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

from core.identifiers import document_id
from indexer.records import Volume

Key = TypeVar("Key", bound=Hashable)


def volume_claims(volume: Volume) -> frozenset[str]:
    """Return the documents that a volume writes and another one could write too: of its book and of its pages."""
    pages = {f"page {document_id(page.id)}" for leaf in volume.leaves for page in (leaf, *leaf.single_pages)}
    return frozenset({f"book {document_id(volume.book.id)}", *pages})


class VolumeSchedule(Generic[Key]):
    """Volumes in the order of the run; one that shares a claim with an earlier one waits until that has ended."""

    def __init__(self) -> None:
        self._claims: dict[Key, frozenset[str]] = {}
        self._queues: dict[str, deque[Key]] = {}
        """By claim the volumes that have it, in their order; the first may be worked on."""
        self._turns: dict[Key, int] = {}
        """How many of a volume's claims are its own by now."""
        self._numbers: dict[Key, int] = {}
        self._ready: list[tuple[int, Key]] = []
        self._next_number = 0

    def __len__(self) -> int:
        """Return the number of volumes that have not ended."""
        return len(self._claims)

    def add(self, key: Key, claims: Iterable[str]) -> None:
        """Add a volume after all others."""
        self._claims[key] = frozenset(claims)
        self._numbers[key], self._turns[key] = self._next_number, 0
        self._next_number += 1
        for claim in self._claims[key]:
            queue = self._queues.setdefault(claim, deque())
            queue.append(key)
            self._turns[key] += queue[0] == key
        self._note_if_ready(key)

    def start_next(self) -> Key | None:
        """Return the first volume that waits for no other, which then counts as started; None if there is none."""
        return heapq.heappop(self._ready)[1] if self._ready else None

    def restart(self, key: Key) -> None:
        """Let a volume that was started wait again; it keeps its claims."""
        heapq.heappush(self._ready, (self._numbers[key], key))

    def end(self, key: Key) -> None:
        """Say that a volume that was started has ended."""
        for claim in self._claims.pop(key):
            queue = self._queues[claim]
            queue.popleft()
            if queue:
                self._turns[queue[0]] += 1
                self._note_if_ready(queue[0])
            else:
                del self._queues[claim]
        del self._numbers[key], self._turns[key]

    def _note_if_ready(self, key: Key) -> None:
        if self._turns[key] == len(self._claims[key]):
            heapq.heappush(self._ready, (self._numbers[key], key))
