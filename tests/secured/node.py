"""A real Elasticsearch node with users, roles and API keys on this machine, with or without TLS."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from indexer.embedded.build import Installation, java_environment
from indexer.embedded.node import JVM_FLAGS

ADMIN, PASSWORD = "admin", "secured-test"
USERS = f"{ADMIN}:$2b$08$Btt2UK2aTB9O2bmHHrKCs.Sxo0nAn6XjuVGB8g.d/5Oikib.98iyG\n"
"""The file `users` of a node: a name, and bcrypt of the password."""

_EXPORTED_PACKAGES = {
    "base": ("core.internal.provider",),
    "entitlement": ("bootstrap", "runtime.policy.entitlements", "initialization"),
    "logging": ("internal.spi",),
    "nativeaccess": ("nativeaccess",),
    "server": (
        *("plugins.internal", "plugins.internal.rewriter", "plugins.interceptor", "reservedstate.service"),
        *("node.internal", "internal", "cluster.routing.allocation.shards"),
        *("index.codec.vectors", "index.codec.vectors.es818"),
    ),
    "simdvec": ("simdvec",),
}
"""Elasticsearch's module → packages that the security module needs: here it lies on the class path of a plugin."""

_PACKAGES_OPENED_TO_SERVER = {
    "core": ("codecs.lucene99",),
    "backward_codecs": tuple(f"backward_codecs.lucene{number}" for number in (90, 91, 92, 94, 95)),
}
"""Lucene's module → packages whose private fields Elasticsearch 9.1 reads to count the memory of vectors.

Without them, a request for the statistics of an index with vectors is never answered.
"""


@dataclass(frozen=True, slots=True)
class SecuredNode:
    """A running node."""

    url: str
    process: subprocess.Popen[str]


@dataclass(frozen=True, slots=True)
class Certificates:
    """PEM files of a node's TLS."""

    certificate: Path
    key: Path
    authority: Path


@contextmanager
def running_node(
    installation: Installation, folder: Path, certificates: Certificates | None = None, port: int = 0
) -> Iterator[SecuredNode]:
    """Start the node on a free port of the loopback interface, and stop it at the end."""
    config = _write_config(folder, certificates, port)
    with (folder / "jvm.log").open("ab") as console:
        process = subprocess.Popen(
            [*_command(installation, folder), str(installation.home), str(config), *map(str, installation.modules)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=console,
            cwd=folder,
            env=java_environment(),
            text=True,
            start_new_session=True,
        )
    try:
        yield SecuredNode(f"{'https' if certificates else 'http'}://{_read_address(process, folder)}", process)
    finally:
        process.communicate("")
        process.wait()


def _command(installation: Installation, folder: Path) -> list[str]:
    exports = (
        f"--add-exports=org.elasticsearch.{module}/org.elasticsearch.{package}=ALL-UNNAMED"
        for module, packages in _EXPORTED_PACKAGES.items()
        for package in packages
    )
    opens = (
        f"--add-opens=org.apache.lucene.{module}/org.apache.lucene.{package}=org.elasticsearch.server"
        for module, packages in _PACKAGES_OPENED_TO_SERVER.items()
        for package in packages
    )
    return [
        str(installation.java),
        "-Xms512m",
        "-Xmx512m",
        f"-Djava.io.tmpdir={folder / 'tmp'}",
        *JVM_FLAGS,
        *exports,
        *opens,
        f"--module-path={installation.home / 'lib'}",
        f"--class-path={installation.launcher}",
        "frontispiece.launcher.Main",
    ]


def _write_config(folder: Path, certificates: Certificates | None, port: int) -> Path:
    config = folder / "config"
    for name in ("config", "data", "logs", "tmp", "snapshots"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    settings: dict[str, object] = {
        "cluster.name": "frontispiece-secured",
        "discovery.type": "single-node",
        "network.host": "127.0.0.1",
        "http.port": port,
        "transport.port": 0,
        "path.data": str(folder / "data"),
        "path.logs": str(folder / "logs"),
        "path.repo": [str(folder / "snapshots")],
        "cluster.routing.allocation.disk.threshold_enabled": False,
        "xpack.license.self_generated.type": "basic",
        "xpack.security.enabled": True,
        "xpack.security.autoconfiguration.enabled": False,
        "xpack.security.transport.ssl.enabled": False,
        "xpack.security.http.ssl.enabled": certificates is not None,
    }
    if certificates:
        for name, file in (("certificate", certificates.certificate), ("key", certificates.key)):
            (config / file.name).write_bytes(file.read_bytes())
            settings[f"xpack.security.http.ssl.{name}"] = file.name
    # JSON values are valid YAML.
    lines = (f"{name}: {json.dumps(value)}\n" for name, value in settings.items())
    (config / "elasticsearch.yml").write_text("".join(lines), "utf-8")
    (config / "users").write_text(USERS, "utf-8")
    (config / "users_roles").write_text(f"superuser:{ADMIN}\n", "utf-8")
    return config


def _read_address(process: subprocess.Popen[str], folder: Path) -> str:
    other_lines = []
    for line in process.stdout or ():
        status, _, address = line.strip().partition(" ")
        if status == "listening":
            return address
        other_lines.append(line)
    log = "".join(file.read_text("utf-8", "replace")[-3000:] for file in folder.rglob("*.log"))
    raise RuntimeError(f"the secured node did not start: {''.join(other_lines)}\n{log}")
