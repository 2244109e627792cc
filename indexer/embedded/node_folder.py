"""The files of one node in its data folder, and the settings that it reads there."""

import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

LOG_TAIL_LINES = 20
"""Lines of the log that an error message shows."""

LogSizes = dict[Path, int]
"""Log file → size in bytes."""


@dataclass(frozen=True, slots=True)
class NodeFolder:
    """The folder `node` below the data folder of the settings."""

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
        """The address and process of the background node; only `frontispiece node start` writes it."""
        return self.path / "state.json"

    @property
    def jvm_log(self) -> Path:
        """Java's own messages; usually empty."""
        return self.logs / "jvm.log"

    def prepare(self) -> None:
        """Create the folders and overwrite the settings, so that files of an older version have no effect."""
        for folder in (self.data, self.logs, self.config, self.tmp, self.snapshots):
            folder.mkdir(parents=True, exist_ok=True)
        log4j_properties = files("indexer.embedded").joinpath("log4j2.properties").read_text("utf-8")
        (self.config / "log4j2.properties").write_text(log4j_properties, "utf-8")
        (self.config / "elasticsearch.yml").write_text(self.elasticsearch_yml(), "utf-8")

    def elasticsearch_yml(self) -> str:
        """Return settings for a node that only this machine can reach, on free ports."""
        values: dict[str, object] = {
            "cluster.name": "frontispiece",
            "discovery.type": "single-node",
            "network.host": "127.0.0.1",
            "http.port": 0,
            "transport.port": 0,
            "path.data": str(self.data),
            "path.logs": str(self.logs),
            "path.repo": [str(self.snapshots)],
            # Without this, a nearly full disk makes every index read-only.
            "cluster.routing.allocation.disk.threshold_enabled": False,
            "action.destructive_requires_name": True,
        }
        # JSON values are valid YAML.
        return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in values.items())

    def log_sizes(self) -> LogSizes:
        """Return the current size of each log."""
        return {log: log.stat().st_size for log in self.logs.glob("*.log")}

    def log_tail(self, sizes_before: LogSizes) -> str:
        """Return the last lines that were written since the logs had these sizes."""
        lines: list[str] = []
        for log in sorted(self.logs.glob("*.log")):
            with log.open("rb") as stream:
                stream.seek(sizes_before.get(log, 0))
                lines += stream.read().decode("utf-8", "replace").splitlines()
        return "\n".join(lines[-LOG_TAIL_LINES:])
