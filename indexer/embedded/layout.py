"""What one node keeps in its data folder, and the settings that it reads there."""

import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

TAIL = 20
"""Lines of the log that an error shows: the cause and what led to it, still on one screen."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The folder `node` below the data folder of the product."""

    folder: Path

    @classmethod
    def below(cls, data: Path) -> "Layout":
        return cls(data.absolute() / "node")

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def config(self) -> Path:
        return self.folder / "config"

    @property
    def temporary(self) -> Path:
        return self.folder / "tmp"

    @property
    def snapshots(self) -> Path:
        return self.folder / "snapshots"

    @property
    def state(self) -> Path:
        """Written by `frontispiece node start` alone."""
        return self.folder / "state.json"

    @property
    def console(self) -> Path:
        """What Java itself says: nothing, as a rule."""
        return self.logs / "jvm.log"

    def prepare(self) -> None:
        """Makes the folders and writes the settings anew, so that an old file never overrules this version."""
        for folder in (self.data, self.logs, self.config, self.temporary, self.snapshots):
            folder.mkdir(parents=True, exist_ok=True)
        logging = files("indexer.embedded").joinpath("log4j2.properties").read_text("utf-8")
        (self.config / "log4j2.properties").write_text(logging, "utf-8")
        (self.config / "elasticsearch.yml").write_text(self.settings(), "utf-8")

    def settings(self) -> str:
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

    def sizes(self) -> dict[Path, int]:
        """How long each log is now: what a later `tail` leaves out."""
        return {log: log.stat().st_size for log in self.logs.glob("*.log")}

    def tail(self, before: dict[Path, int]) -> str:
        """The last lines that the logs got since then."""
        lines: list[str] = []
        for log in sorted(self.logs.glob("*.log")):
            with log.open("rb") as opened:
                opened.seek(before.get(log, 0))
                lines += opened.read().decode("utf-8", "replace").splitlines()
        return "\n".join(lines[-TAIL:])
