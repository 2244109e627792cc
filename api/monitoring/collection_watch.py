"""What the metrics say of the collection, read from Elasticsearch at most every few seconds."""

from time import monotonic

from anyio import Lock

from api.elasticsearch.collection_state import CollectionState
from api.elasticsearch.gateway import SearchGateway
from api.elasticsearch.health import Health
from api.monitoring.collection_metrics import CollectionCollector

WATCH_SECONDS = 15.0
"""How old an answer may be: several Prometheus servers, or a curious reader, cost Elasticsearch no more than one."""


class CollectionWatch:
    """Asks the gateway, one question at a time."""

    def __init__(self, gateway: SearchGateway) -> None:
        self._gateway, self._lock = gateway, Lock()
        self._answer: tuple[Health, CollectionState] | None = None
        self._read_at = 0.0

    async def read_metrics(self) -> CollectionCollector:
        """Return the metrics of the collection."""
        async with self._lock:
            if self._answer is None or monotonic() - self._read_at > WATCH_SECONDS:
                health = await self._gateway.health()
                state = await self._gateway.collection_state() if health.node else CollectionState()
                self._answer, self._read_at = (health, state), monotonic()
            return CollectionCollector(*self._answer)
