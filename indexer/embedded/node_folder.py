"""The files of one node in its data folder, and the settings that it reads there."""

import json
import socket
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

HOST, ANY_PORT, MAX_PORT = "127.0.0.1", 0, 65_535
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

    @property
    def port_file(self) -> Path:
        """The port of the last start."""
        return self.path / "port"

    def prepare(self) -> None:
        """Create the folders and overwrite the settings, so that files of an older version have no effect."""
        for folder in (self.data, self.logs, self.config, self.tmp, self.snapshots):
            folder.mkdir(parents=True, exist_ok=True)
        log4j_properties = files("indexer.embedded").joinpath("log4j2.properties").read_text("utf-8")
        (self.config / "log4j2.properties").write_text(log4j_properties, "utf-8")
        (self.config / "elasticsearch.yml").write_text(self.elasticsearch_yml(), "utf-8")

    def elasticsearch_yml(self) -> str:
        """Return settings for a node that only this machine can reach, on the port of the last start or a free one."""
        values: dict[str, object] = {
            "cluster.name": "frontispiece",
            "discovery.type": "single-node",
            "network.host": HOST,
            "http.port": self.choose_port(),
            "transport.port": ANY_PORT,
            "path.data": str(self.data),
            "path.logs": str(self.logs),
            "path.repo": [str(self.snapshots)],
            # Without this, a nearly full disk makes every index read-only.
            "cluster.routing.allocation.disk.threshold_enabled": False,
            "action.destructive_requires_name": True,
        }
        # JSON values are valid YAML.
        return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in values.items())

    def choose_port(self) -> int:
        """Return the port of the last start, where a service looks for the node, or `ANY_PORT` if it is not free."""
        with suppress(OSError, ValueError):
            port = int(self.port_file.read_text("ascii"))
            if ANY_PORT < port <= MAX_PORT:
                socket.create_server((HOST, port)).close()
                return port
        return ANY_PORT

    def remember_port(self, url: str) -> None:
        """Keep the port of a node that has started, for its next start."""
        self.port_file.write_text(str(urlsplit(url).port), "ascii")

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
