"""Limits of the service of images: equal requests are cut once, too many and too slow ones are refused."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import RequestFactory

from api.errors import InvalidRequest, handle_user_facing_error
from api.image_service import server
from api.image_service.errors import ImageNotFound, NotImplementedByImageApi, UnreadableImage
from api.image_service.server import ImageServer
from api.work_queue import ServiceBusy
from core.settings import Settings
from tests.event_loops import run_coroutine
from tests.picture_files import noise, picture_file

SOURCE = {"document": "page", "scan": {"width": 100, "height": 80, "file": "books/1.jpg"}}


class OneDocumentGateway:
    """An index that has one page, called `page`."""

    search_count = 0

    async def search(self, body: dict[str, Any], _: str) -> dict[str, Any]:
        self.search_count += 1
        is_known = body["query"]["ids"]["values"] == ["page"]
        return {"hits": {"hits": [{"_id": "page", "_source": SOURCE}] if is_known else []}}

    def index_names(self, _: list[str]) -> str:
        return "pages"


@pytest.fixture
def books(tmp_path: Path) -> Path:
    (tmp_path / "books").mkdir()
    (tmp_path / "books" / "1.jpg").write_bytes(picture_file(noise(100, 80), "JPEG"))
    return tmp_path / "books"


def run_with_server(books: Path, action: Callable[[ImageServer], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        settings = Settings(scans=str(books), data=books.parent, cache=books.parent / "cache")
        async with ImageServer(OneDocumentGateway(), settings) as image_server:  # type: ignore[arg-type]
            return await action(image_server)

    return run_coroutine(run)


async def cut(image_server: ImageServer, path: str = "full/max/0/default.jpg") -> bytes:
    return await image_server.cut(await image_server.read_request("page", path))


def test_an_image_is_cut_once_and_kept(books: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    original = server.cut_image
    monkeypatch.setattr(server, "cut_image", lambda *arguments: calls.append(arguments) or original(*arguments))

    async def request_twice(image_server: ImageServer) -> list[bytes]:
        together = await asyncio.gather(cut(image_server), cut(image_server, "0,0,100,80/100,80/360/default.jpg"))
        return [*together, await cut(image_server)]

    images = run_with_server(books, request_twice) + run_with_server(books, request_twice)
    assert len(set(images)) == 1
    assert len(calls) == 1


def test_a_changed_scan_is_cut_anew(books: Path) -> None:
    first = run_with_server(books, cut)
    (books / "1.jpg").write_bytes(picture_file(noise(100, 80, seed=7), "JPEG", quality=60))
    assert run_with_server(books, cut) != first


def test_where_an_image_is_is_asked_once_a_minute(books: Path) -> None:
    gateway = OneDocumentGateway()

    async def run() -> None:
        async with ImageServer(gateway, Settings(scans=str(books), data=books)) as image_server:  # type: ignore[arg-type]
            for _ in range(3):
                await image_server.find_source("page")

    run_coroutine(run)
    assert gateway.search_count == 1


@pytest.mark.parametrize(
    ("identifier", "path", "error"),
    [
        ("nothing", "full/max/0/default.jpg", ImageNotFound),
        ("page", "full/max/45/default.jpg", InvalidRequest),
        ("page", "full/^max/0/default.jpg", NotImplementedByImageApi),
    ],
)
def test_a_request_that_is_refused(books: Path, identifier: str, path: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        run_with_server(books, lambda image_server: image_server.read_request(identifier, path))


def test_a_scan_that_was_replaced_is_an_error_that_names_no_file(books: Path) -> None:
    (books / "1.jpg").write_bytes(picture_file(noise(90, 80), "JPEG"))
    with pytest.raises(UnreadableImage, match="index it again") as error:
        run_with_server(books, cut)
    assert "1.jpg" not in str(error.value)


def test_too_many_and_too_slow_images_are_refused_and_the_slow_one_is_kept(
    books: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on = threading.Event()
    original = server.cut_image

    def wait_and_cut(*arguments: Any) -> bytes:
        may_go_on.wait()
        return original(*arguments)

    monkeypatch.setattr(server, "cut_image", wait_and_cut)
    monkeypatch.setattr(server, "MAX_WAITING", 1)
    monkeypatch.setattr(server, "TIMEOUT_SECONDS", 0.01)

    async def overload(image_server: ImageServer) -> bytes:
        with pytest.raises(ServiceBusy):
            await cut(image_server)
        with pytest.raises(ServiceBusy):
            await cut(image_server, "full/50,/0/default.jpg")
        monkeypatch.setattr(server, "TIMEOUT_SECONDS", 60)
        may_go_on.set()
        return await cut(image_server)

    assert run_with_server(books, overload).startswith(b"\xff\xd8")


def test_a_busy_service_says_when_to_come_back() -> None:
    request = RequestFactory().get("/iiif/image/page/full/max/0/default.jpg")
    response = handle_user_facing_error(request, ServiceBusy(server.BUSY_MESSAGE))
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
