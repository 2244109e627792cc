"""What one node keeps in its data folder, and the settings that it reads there."""

import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

LOG_TAIL_LINES = 20
"""Lines of the log that an error shows: the cause and what led to it, still on one screen."""


@dataclass(frozen=True, slots=True)
class NodeFolder:
    """The folder `node` below the data folder of the product."""

    path: Path

    @classmethod
    def from_data_folder(cls, data: Path) -> "NodeFolder":
        return cls(data.absolute() / "node")

    @property
    def data(self) -> Path:
        return self.path / "data"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def config(self) -> Path:
        return self.path / "config"

    @property
    def tmp(self) -> Path:
        return self.path / "tmp"

    @property
    def snapshots(self) -> Path:
        return self.path / "snapshots"

    @property
    def state_file(self) -> Path:
        """Written by `frontispiece node start` alone."""
        return self.path / "state.json"

    @property
    def jvm_log(self) -> Path:
        """What Java itself says: nothing, as a rule."""
        return self.logs / "jvm.log"

    def prepare(self) -> None:
        """Makes the folders and writes the settings anew, so that an old file never overrules this version."""
        for folder in (self.data, self.logs, self.config, self.tmp, self.snapshots):
            folder.mkdir(parents=True, exist_ok=True)
        log4j_properties = files("indexer.embedded").joinpath("log4j2.properties").read_text("utf-8")
        (self.config / "log4j2.properties").write_text(log4j_properties, "utf-8")
        (self.config / "elasticsearch.yml").write_text(self.elasticsearch_yml(), "utf-8")

    def elasticsearch_yml(self) -> str:
        """A node for this machine alone, on ports that the system picks."""
        values: dict[str, object] = {
            "cluster.name": "frontispiece",
            "discovery.type": "single-node",
            "network.host": "127.0.0.1",
            "http.port": 0,
            "transport.port": 0,
            "path.data": str(self.data),
            "path.logs": str(self.logs),
            "path.repo": [str(self.snapshots)],
            # On a disk that is nearly full the watermarks would make every index read-only.
            "cluster.routing.allocation.disk.threshold_enabled": False,
            "action.destructive_requires_name": True,
        }
        # YAML reads JSON's values.
        return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in values.items())

    def log_sizes(self) -> dict[Path, int]:
        """How long each log is now: what a later `tail` leaves out."""
        return {log: log.stat().st_size for log in self.logs.glob("*.log")}

    def log_tail(self, sizes_before: dict[Path, int]) -> str:
        """The last lines that the logs got since then."""
        lines: list[str] = []
        for log in sorted(self.logs.glob("*.log")):
            with log.open("rb") as stream:
                stream.seek(sizes_before.get(log, 0))
                lines += stream.read().decode("utf-8", "replace").splitlines()
        return "\n".join(lines[-LOG_TAIL_LINES:])
