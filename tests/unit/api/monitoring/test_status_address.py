"""The status address: where it answers, and what readers no longer get."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from api.app import create_app
from api.server import open_listener, open_status_listener
from core.errors import FrontispieceError
from core.settings import Settings
from tests.unit.api.offline_service import NOBODY, ApiClient

pytestmark = pytest.mark.network

STATUS_PORT = 9100
STATUS_URL = f"http://127.0.0.1:{STATUS_PORT}"
TOKEN = "s3cret"  # noqa: S105


@contextmanager
def run_service(folder: Path, **settings: Any) -> Iterator[ApiClient]:
    app = create_app(
        Settings(data=folder, cache=folder, **settings),
        elasticsearch_url=NOBODY,
        encoder_loaders={},
        status_port=STATUS_PORT,
    )
    with TestClient(app) as client:
        yield client


def test_metrics_and_health_are_at_the_status_address_alone(tmp_path: Path) -> None:
    with run_service(tmp_path) as client:
        assert client.get(f"{STATUS_URL}/metrics").status_code == 200
        assert client.get(f"{STATUS_URL}/health/ready").status_code == 503
        assert [client.get(path).status_code for path in ("/metrics", "/health", "/health/ready")] == [404] * 3
        assert client.get("/health/live").status_code == 200


def test_pages_are_not_at_the_status_address(tmp_path: Path) -> None:
    with run_service(tmp_path) as client:
        assert client.get("/about").status_code == 200
        response = client.get(f"{STATUS_URL}/about")
        assert (response.status_code, "/metrics" in response.text) == (404, True)


def test_the_host_header_does_not_lead_to_the_status_address(tmp_path: Path) -> None:
    with run_service(tmp_path) as client:
        headers = {"Host": f"127.0.0.1:{STATUS_PORT}", "X-Forwarded-Port": str(STATUS_PORT)}
        assert client.get("/metrics", headers=headers).status_code == 404


def test_with_a_token_both_addresses_answer(tmp_path: Path) -> None:
    with run_service(tmp_path, status_token=TOKEN) as client:
        assert client.get(f"{STATUS_URL}/metrics").status_code == 200
        assert client.get("/metrics").status_code == 401
        assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200


@pytest.mark.parametrize("address", ["127.0.0.1", "9100", "127.0.0.1:", ":9100", "a b:1", "http://127.0.0.1:9100"])
def test_a_status_address_is_a_host_and_a_port(address: str) -> None:
    with pytest.raises(ValueError, match="status_address"):
        Settings(status_address=address)


def test_a_status_address_that_cannot_be_opened_is_an_error_with_the_setting() -> None:
    with open_listener("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        for address, public_port in ((f"127.0.0.1:{port}", 8000), ("127.0.0.1:8000", 8000), ("127.0.0.1:99999", 8000)):
            with pytest.raises(FrontispieceError, match="FRONTISPIECE_STATUS_ADDRESS"):
                open_status_listener(address, public_port)
    with open_status_listener("127.0.0.1:0", 8000) as listener:
        assert isinstance(listener, socket.socket)
