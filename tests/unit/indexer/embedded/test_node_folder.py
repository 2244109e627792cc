"""A node comes back on its port, so that a service that runs finds it again."""

import json
import socket
from pathlib import Path

import pytest

from indexer.embedded.node_folder import ANY_PORT, HOST, NodeFolder

pytestmark = pytest.mark.network


def settings_port(folder: NodeFolder) -> int:
    lines = dict(line.split(": ", 1) for line in folder.elasticsearch_yml().splitlines())
    return int(json.loads(lines["http.port"]))


@pytest.fixture
def folder(tmp_path: Path) -> NodeFolder:
    folder = NodeFolder.from_data_folder(tmp_path)
    folder.prepare()
    return folder


def test_the_first_start_takes_any_port(folder: NodeFolder) -> None:
    assert settings_port(folder) == ANY_PORT


def test_the_next_start_takes_the_port_of_the_last_one_unless_it_is_taken(folder: NodeFolder) -> None:
    with socket.create_server((HOST, 0)) as listener:
        port = listener.getsockname()[1]
        folder.remember_port(f"http://{HOST}:{port}")
        assert settings_port(folder) == ANY_PORT
    assert settings_port(folder) == port


@pytest.mark.parametrize("content", ["", "None", "-1", "99999999", "x"])
def test_a_damaged_file_means_any_port(folder: NodeFolder, content: str) -> None:
    folder.port_file.write_text(content, "ascii")
    assert settings_port(folder) == ANY_PORT
