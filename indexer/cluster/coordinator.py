"""What all workers of a run share: the register of servers, and a board that says how far the volumes are."""

from indexer.cluster.host_register import HostRegister
from indexer.cluster.volume_watcher import VolumeProgress


class Coordinator(HostRegister):
    """One process for a run; it answers many workers at once."""

    def __init__(self, connections: int, patience: float) -> None:
        super().__init__(connections, patience)
        self._progress: dict[str, VolumeProgress] = {}
        self._is_stopping = False

    async def report_progress(self, owner: str, progress: VolumeProgress) -> bool:
        """Keep the last report of an attempt at a volume; return whether it is to end."""
        self._progress[owner] = progress
        return self._is_stopping

    async def stop(self) -> None:
        """Let every worker end with its next report."""
        self._is_stopping = True

    async def take_progress(self) -> dict[str, VolumeProgress]:
        """Return the reports since the last call, by attempt."""
        progress, self._progress = self._progress, {}
        return progress
