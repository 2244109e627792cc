"""The leaves of a volume that have not been read yet: in order, or those of servers that answer before the others."""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass

from indexer.ingest.host_pools import LOCAL_HOST, host_of
from indexer.records import Leaf, Volume


@dataclass(frozen=True, slots=True)
class QueuedLeaf:
    """A leaf with its place in the volume and the host that it is fetched from."""

    number: int
    leaf: Leaf
    host: str


class LeafQueue:
    """Hands out leaves in order; a server that has enough of them to send is passed over, so it may come last."""

    def __init__(self, volume: Volume) -> None:
        leaves = [QueuedLeaf(number, leaf, host_of(leaf)) for number, leaf in enumerate(volume.leaves)]
        id_counts = Counter(leaf.id for leaf in volume.leaves)
        self.keeps_order = (
            any(queued.host == LOCAL_HOST or queued.leaf.page_leaves for queued in leaves)
            or max(id_counts.values(), default=0) > 1
        )
        """Whether leaves must be read in order: the first of two pages with one id is kept."""
        self._queues: dict[str, deque[QueuedLeaf]] = {}
        for queued in leaves:
            self._queues.setdefault("" if self.keeps_order else queued.host, deque()).append(queued)

    def __bool__(self) -> bool:
        return any(self._queues.values())

    @property
    def next_hosts(self) -> list[str]:
        """The hosts of the leaves that may come next."""
        return [queue[0].host for queue in self._queues.values() if queue]

    def pop(self, take: Callable[[str], bool]) -> QueuedLeaf | None:
        """Return the first leaf whose host may be asked, as `take` says; None if there is none."""
        heads = sorted((queue[0].number, key) for key, queue in self._queues.items() if queue)
        return next((self._queues[key].popleft() for _, key in heads if take(self._queues[key][0].host)), None)
