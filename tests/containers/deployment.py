"""What compose.yaml makes of a server, on a secured node: set-up, indexer and service, and the volumes they share."""

import subprocess
from dataclasses import dataclass

from tests.containers.engine import Container, Engine
from tests.paths import SPECIMEN
from tests.secured.cluster import ALIAS, LIBRARIAN_LOGIN, Cluster
from tests.secured.node import ADMIN, PASSWORD

VOLUMES = ("data", "cache", "key-api", "key-indexer")


@dataclass(frozen=True, slots=True)
class Service:
    """A running container of the service."""

    engine: Engine
    name: str
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def is_running(self) -> bool:
        return self.engine.call("container", "inspect", "--format={{.State.Running}}", self.name).stdout == "true\n"

    def execute(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the container."""
        return self.engine.call("exec", self.name, *command)


@dataclass(frozen=True, slots=True)
class Deployment:
    """The volumes of an installation; their names begin with `prefix`."""

    engine: Engine
    cluster: Cluster
    prefix: str

    def set_up(self) -> subprocess.CompletedProcess[str]:
        """Run `frontispiece setup` as the administrator."""
        volumes = [f"{self.prefix}-key-{owner}:/keys/{owner}" for owner in ("api", "indexer")]
        passwords = {"ELASTIC_PASSWORD": PASSWORD, "LIBRARIAN_PASSWORD": LIBRARIAN_LOGIN[1]}
        command = ("setup", "--user", ADMIN, "--keys", "/keys")
        return self.engine.run(Container("setup", command, self._variables() | passwords, volumes), "--rm")

    def index(self, books: str = str(SPECIMEN)) -> subprocess.CompletedProcess[str]:
        """Index a folder with the indexer's key."""
        return self.engine.run(self._container("indexer", ("index", "/books"), "", books), "--rm")

    def start_service(self, port: int) -> Service:
        """Start the service with its own key on a port of loopback."""
        service = Service(self.engine, f"{self.prefix}-api", port)
        command = ("serve", "--port", str(port))
        container = self._container("api", command, ":ro", str(SPECIMEN))
        result = self.engine.run(container, "--detach", f"--name={service.name}")
        assert result.returncode == 0, result.stderr
        return service

    def remove_volumes(self) -> None:
        """Remove the volumes and what is in them."""
        self.engine.call("volume", "rm", "--force", *(f"{self.prefix}-{name}" for name in VOLUMES))

    def _container(self, service: str, command: tuple[str, ...], data_mode: str, books: str) -> Container:
        volumes = [
            f"{self.prefix}-key-{service}:/keys/{service}:ro",
            f"{self.prefix}-data:/data{data_mode}",
            f"{self.prefix}-cache:/cache",
            f"{books}:/books:ro",
        ]
        return Container(service, command, self._variables() | {"KEY_FILE": f"/keys/{service}/key"}, volumes)

    def _variables(self) -> dict[str, str]:
        return {
            "FRONTISPIECE_ELASTICSEARCH_URL": self.cluster.url,
            "FRONTISPIECE_ALIAS": ALIAS,
            "FRONTISPIECE_MODELS": "sscd",
        }
