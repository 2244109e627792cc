"""The embedded node starts, stops with its parent, and is reachable only from this machine."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result
from elasticsearch import Elasticsearch

from core.errors import NodeError
from core.settings import Settings
from indexer.commands.node import node as node_command
from indexer.embedded import ElasticsearchNode, running_url
from indexer.embedded.build import install
from indexer.embedded.jars import read_lock
from indexer.embedded.state import RunningNode, read_state, stop, write_state
from tests.waiting import wait_until

UNREACHABLE_URL = "http://127.0.0.1:9"
"""The discard port, where nothing listens."""


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, UNREACHABLE_URL)


@pytest.fixture
def cache_folder(embedded_node_url: str) -> Path:
    """Return the cache folder that the session's node has filled."""
    return Settings.from_environ().cache


@pytest.fixture
def uncompiled_cache(cache_folder: Path, tmp_path: Path) -> Path:
    """Return a cache folder of this test, with the jars but without compiled classes."""
    jars = install(cache_folder, print).home
    shutil.copytree(jars, tmp_path / "cache" / "elasticsearch" / jars.name, copy_function=os.link)
    return tmp_path / "cache"


def node_processes(data: Path) -> list[str]:
    process_list = subprocess.run(["ps", "-eo", "stat,args"], capture_output=True, text=True, check=True).stdout
    return [line for line in process_list.splitlines() if str(data) in line and not line.startswith("Z")]


def is_answering(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False).is_success
    except httpx.TransportError:
        return False


def test_root_response_is_accepted_by_the_client(embedded_node_url: str) -> None:
    with Elasticsearch(embedded_node_url) as client:
        info = client.info()
        assert client.ping()
    (version,) = (jar.version for jar in read_lock() if jar.artifact == "elasticsearch")
    assert info["version"]["number"] == version
    assert info["version"]["lucene_version"]
    assert info["tagline"] == "You Know, for Search"
    assert len(info["cluster_uuid"]) == 22


def test_node_listens_on_loopback_only(embedded_node_url: str) -> None:
    response = httpx.get(f"{embedded_node_url}/_nodes/_local/http,transport", trust_env=False).json()
    (node,) = response["nodes"].values()
    addresses = [*node["http"]["bound_address"], *node["transport"]["bound_address"]]
    assert addresses
    assert all(address.startswith("127.0.0.1:") for address in addresses)


def test_full_disk_does_not_make_indices_read_only(embedded_node_url: str) -> None:
    with Elasticsearch(embedded_node_url) as client:
        settings = client.cluster.get_settings(include_defaults=True, flat_settings=True)["defaults"]
    assert settings["cluster.routing.allocation.disk.threshold_enabled"] == "false"
    assert settings["action.destructive_requires_name"] == "true"


def test_snapshot_folder_is_allowed(embedded_node_url: str) -> None:
    with Elasticsearch(embedded_node_url) as client:
        client.snapshot.create_repository(name="kept", repository={"type": "fs", "settings": {"location": "kept"}})
        client.snapshot.delete_repository(name="kept")


def test_node_that_does_not_run_has_no_url(tmp_path: Path) -> None:
    with pytest.raises(NodeError, match="not running"):
        _ = ElasticsearchNode(tmp_path, tmp_path).url


@pytest.mark.parametrize("heap", ["", "512", "0m", "512m -Dx=y"])
def test_invalid_heap_size_is_refused(heap: str, tmp_path: Path) -> None:
    with pytest.raises(NodeError, match="not a heap size"):
        ElasticsearchNode(tmp_path, tmp_path, heap)


def test_failed_start_shows_message_of_java(tmp_path: Path, cache_folder: Path) -> None:
    with pytest.raises(NodeError, match=r"did not start: .*heap"):
        ElasticsearchNode(tmp_path, cache_folder, heap="999999999g").start()


def test_stalled_start_is_aborted_and_leaves_no_process(tmp_path: Path, cache_folder: Path) -> None:
    with pytest.raises(NodeError, match=r"no progress for 0\.01 s"):
        ElasticsearchNode(tmp_path, cache_folder, stall_seconds=0.01).start()
    assert node_processes(tmp_path) == []


def test_file_in_place_of_folder_is_named(tmp_path: Path, cache_folder: Path) -> None:
    (tmp_path / "node").write_text("not a folder")
    with pytest.raises(NodeError, match=str(tmp_path / "node")):
        ElasticsearchNode(tmp_path, cache_folder).start()


@pytest.mark.usefixtures("offline")
def test_damaged_jar_is_not_loaded(tmp_path: Path, uncompiled_cache: Path) -> None:
    (jar_file,) = uncompiled_cache.rglob("lucene-core-*.jar")
    content = jar_file.read_bytes()
    jar_file.unlink()
    jar_file.write_bytes(content[:-1] + b"!")
    with pytest.raises(NodeError, match=rf"{jar_file} is damaged"):
        ElasticsearchNode(tmp_path / "data", uncompiled_cache).start()


@pytest.mark.usefixtures("offline")
def test_concurrent_compilation(uncompiled_cache: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: install(uncompiled_cache, print), range(2))
    assert first == second
    assert first.launcher.is_file()
    assert {folder.name.partition("-")[0] for folder in (uncompiled_cache / "elasticsearch").iterdir()} == {
        "jars",
        "built",
    }


PARENT_PROGRAM = """
import sys, time
from pathlib import Path
from indexer.embedded import ElasticsearchNode
with ElasticsearchNode(Path(sys.argv[1]), Path(sys.argv[2])) as node:
    print(node.url, flush=True)
    time.sleep(600)
"""


@pytest.mark.usefixtures("offline")
def test_node_ends_when_its_parent_is_killed(tmp_path: Path, cache_folder: Path) -> None:
    """It also starts without network access, and prints nothing."""
    command = [sys.executable, "-c", PARENT_PROGRAM, str(tmp_path / "bøker og bilder"), str(cache_folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        assert parent.stderr
        url = parent.stdout.readline().strip()
        assert is_answering(url)
        parent.send_signal(signal.SIGKILL)
        assert parent.stderr.read() == ""
    assert wait_until(lambda: not node_processes(tmp_path))
    assert wait_until(lambda: not is_answering(url))


@pytest.fixture
def background_data(tmp_path: Path, cache_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the data folder that the commands use; stop its node after the test."""
    monkeypatch.setenv("FRONTISPIECE_DATA", str(tmp_path))
    monkeypatch.setenv("FRONTISPIECE_CACHE", str(cache_folder))
    yield tmp_path
    stop(tmp_path)


def invoke_node_command(*words: str) -> Result:
    return CliRunner().invoke(node_command, words)


def test_background_node_starts_once_and_stops(background_data: Path) -> None:
    """Documents indexed in the background node are found by the next node on the same folder."""
    assert (invoke_node_command("status").output, invoke_node_command("status").exit_code) == ("not running\n", 3)

    start_result = invoke_node_command("start")
    url = running_url(background_data)
    assert start_result.stdout == f"running at {url} (process {read_state(background_data).pid})\n"
    assert invoke_node_command("start").stdout == f"already {start_result.stdout}"

    with Elasticsearch(url) as client:
        client.index(index="kept", id="1", document={"title": "Terje Vigen"}, refresh=True)
    status = invoke_node_command("status")
    rows = dict(line.split(maxsplit=1) for line in status.output.splitlines())
    assert status.exit_code == 0
    assert (rows["url"], rows["indices"]) == (url, "1")

    with pytest.raises(NodeError, match="another node already uses"):
        ElasticsearchNode(background_data, Settings.from_environ().cache).start()
    assert is_answering(url), "the failed start must not affect the background node"

    assert invoke_node_command("stop").output.startswith("stopped")
    assert not is_answering(url)
    assert (invoke_node_command("stop").output, running_url(background_data)) == ("not running\n", None)

    with (
        ElasticsearchNode(background_data, Settings.from_environ().cache) as second_node,
        Elasticsearch(second_node.url) as client,
    ):
        assert client.get(index="kept", id="1")["_source"]["title"] == "Terje Vigen"
        assert invoke_node_command("stop").output == "not running\n", "stop must only affect the background node"
        assert is_answering(second_node.url)


def test_stop_does_not_end_a_foreign_node(embedded_node_url: str, tmp_path: Path) -> None:
    """The state file names a running process and a node that answers, but with another data folder."""
    (tmp_path / "node").mkdir()
    with subprocess.Popen(["sleep", "600"]) as other_process:
        write_state(tmp_path, RunningNode(url=embedded_node_url, pid=other_process.pid))
        assert running_url(tmp_path) is None
        with pytest.raises(NodeError, match="left alone"):
            stop(tmp_path)
        assert other_process.poll() is None
        other_process.kill()
    assert is_answering(embedded_node_url)


def test_state_of_ended_node_is_deleted(tmp_path: Path) -> None:
    with subprocess.Popen(["true"]) as ended_process:
        pass
    (tmp_path / "node").mkdir()
    write_state(tmp_path, RunningNode(url=UNREACHABLE_URL, pid=ended_process.pid))
    assert running_url(tmp_path) is None
    assert stop(tmp_path) is None
    assert read_state(tmp_path) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"url": "x"}', '{"url": "x", "pid": null}'])
def test_unreadable_state_means_no_node(text: str, tmp_path: Path) -> None:
    (tmp_path / "node").mkdir()
    (tmp_path / "node" / "state.json").write_text(text)
    assert running_url(tmp_path) is None
