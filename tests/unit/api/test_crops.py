"""Crops are sent alike, wherever they are."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from core.crop_stores import open_crop_store
from core.settings import Settings
from tests.unit.api.offline_service import ApiClient, run_offline

pytestmark = pytest.mark.network
JPEG = b"\xff\xd8picture\xff\xd9"


@pytest.fixture(params=["", "memory://"])
def client(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ApiClient]:
    """Yield the service with crops in its folder, and at an address."""
    crops = f"{request.param}{uuid4().hex}/crops" if request.param else ""
    open_crop_store(Settings(data=tmp_path, cache=tmp_path, crops=crops)).write("ab/1.jpg", JPEG)
    with run_offline(tmp_path, crops=crops) as client:
        yield client


def test_a_crop_is_sent_as_a_picture_that_browsers_may_keep(client: ApiClient) -> None:
    for _ in range(2):
        response = client.get("/crops/ab/1.jpg")
        assert (response.status_code, response.content) == (200, JPEG)
        assert response.headers["Content-Type"] == "image/jpeg"
        assert "max-age=604800" in response.headers["Cache-Control"]
        assert response.headers.get("Content-Disposition", "inline").startswith("inline")
    assert client.head("/crops/ab/1.jpg").status_code == 200


@pytest.mark.parametrize("path", ["ab/2.jpg", "../secret", "%2e%2e/secret", "ab/%00.jpg", "%2Fetc/hostname", ""])
def test_there_is_no_other_file(client: ApiClient, path: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    response = client.get(f"/crops/{path}")
    assert response.status_code == 404
    assert "secret" not in response.text.replace("%2e%2e/secret", "").replace("/secret", "")
