"""Limits for each visitor: what counts as what, who is one visitor, and what is said beyond a limit."""

from pathlib import Path

import pytest
from anyio import sleep
from anyio.from_thread import start_blocking_portal
from litestar.testing import RequestFactory

from api.errors import AnyRequest
from api.rate_limits import STORE, forget_visitors, request_kind, visitor
from tests.unit.api.offline_service import run_offline

pytestmark = pytest.mark.network


@pytest.mark.parametrize(
    ("method", "address", "kind"),
    [
        ("GET", "/", "searches"),
        ("GET", "/?q=fyr", "searches"),
        ("GET", "/?q=fyr&like=a:b", "searches"),
        ("GET", "/api/suggest?q=f", "searches"),
        ("GET", "/pictures/a:b", "searches"),
        ("GET", "/sitemap.xml", "searches"),
        ("POST", "/", "uploads"),
        ("POST", "/api/search", "uploads"),
        ("GET", "/api/search?image=https://iiif.example.org/a.jpg", "uploads"),
        ("GET", "/?like=a:b%23xywh=pct:0,0,50,50", "uploads"),
        ("GET", "/?q=fyr&i%6dage=https://iiif.example.org/a.jpg", "uploads"),
        ("GET", "/?like=a:b%23%78ywh=pct:0,0,50,50", "uploads"),
        ("GET", "/?like=a:b%2523xywh=pct:0,0,50,50", "uploads"),
        ("GET", "/?q=fyr&like=page_0004", "uploads"),
        ("GET", "/?like=-page_0004&q=fyr", "uploads"),
        ("GET", "/?q=image", "searches"),
        ("GET", "/?like=-a%3Ab", "searches"),
        ("GET", "/api/export/csv?q=fyr", "exports"),
        ("GET", "/api/pictures/a:b/export/ris", "exports"),
        ("GET", "/iiif/image/a/full/max/0/default.jpg", "iiif"),
        ("GET", "/iiif/search?q=fyr", "iiif"),
        ("GET", "/iiif/search?like=a:b%23xywh=1,2,3,4", "uploads"),
        ("GET", "/iiif/search/annotations?image=https://iiif.example.org/a.jpg", "uploads"),
        ("GET", "/api/export/csv?image=https://iiif.example.org/a.jpg", "uploads"),
        ("GET", "/api/pictures/a:b/similar", "searches"),
        ("GET", "/api/pictures/a:b#xywh=1,2,3,4/similar", "uploads"),
        ("GET", "/api/pictures/page_0004/similar", "uploads"),
        ("GET", "/api/list?id=a:b", "searches"),
        ("GET", "/api/list/csv?id=a:b", "exports"),
        ("GET", "/static/base.css", None),
        ("GET", "/crops/a.jpg", None),
        ("GET", "/health", None),
        ("GET", "/health/live", None),
    ],
)
def test_each_kind_of_request_has_its_limit(method: str, address: str, kind: str | None) -> None:
    path, _, query = address.partition("?")
    assert request_kind(method, path, query.encode()) == kind


@pytest.mark.parametrize(
    ("address", "other", "is_same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
    ],
)
def test_an_ipv6_network_is_one_visitor(address: str, other: str, *, is_same: bool) -> None:
    first, second = (visitor(_request_from(host)) for host in (address, other))
    assert (first == second) is is_same
    assert first


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "testclient", "/run/socket", ""])
def test_programs_on_the_machine_are_not_limited(address: str) -> None:
    assert visitor(_request_from(address)) == ""


def _request_from(address: str) -> AnyRequest:
    request = RequestFactory().get("/")
    request.scope["client"] = (address, 40_000)
    return request


def test_a_visitor_beyond_the_limit_is_told_when_to_come_back(tmp_path: Path) -> None:
    with run_offline(tmp_path, "192.0.2.1", exports_per_minute=2, searches_per_minute=1) as client:
        first, second, third = (client.get("/api/export/csv?q=fyr") for _ in range(3))
        assert [first.headers["RateLimit-Remaining"], second.headers["RateLimit-Remaining"]] == ["1", "0"]
        assert (first.headers["RateLimit-Limit"], first.headers["RateLimit-Policy"]) == ("2", "2; w=60")
        assert third.status_code == 429
        assert 0 < int(third.headers["Retry-After"]) <= 60
        assert "the limit is 2 a minute" in third.json()["detail"]
        assert client.get("/api/search?q=fyr").status_code == 503, "searches have a limit of their own"
        page = client.get("/?q=fyr", headers={"Accept-Language": "nb"})
        assert (page.status_code, "Grensen er 1 i minuttet" in page.text) == (429, True)
        assert client.get("/static/base.css").status_code == 200


def test_a_forged_header_makes_no_other_visitor(tmp_path: Path) -> None:
    with run_offline(tmp_path, "192.0.2.1", exports_per_minute=1) as client:
        statuses = [
            client.get("/api/export/csv?q=fyr", headers={"X-Forwarded-For": f"198.51.100.{number}"}).status_code
            for number in range(2)
        ]
    assert statuses[1] == 429


@pytest.mark.parametrize("name", ["unknown", "garbage", "_hidden", "999.1.1.1"])
def test_readers_whom_a_proxy_cannot_name_are_one_visitor(tmp_path: Path, name: str) -> None:
    """Such a name switched the limits off."""
    with run_offline(tmp_path, "127.0.0.1", exports_per_minute=1) as client:
        statuses = [
            client.get("/api/export/csv?q=fyr", headers={"X-Forwarded-For": name}).status_code for _ in range(2)
        ]
    assert statuses[1] == 429


def test_a_limit_of_0_is_none(tmp_path: Path) -> None:
    with run_offline(tmp_path, "192.0.2.1", exports_per_minute=0) as client:
        assert "RateLimit-Limit" not in client.get("/api/export/csv?q=fyr").headers


def test_visitors_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.rate_limits.CLEANING_SECONDS", 0.01)
    with run_offline(tmp_path) as client:
        store = client.app.stores.get(STORE)

        async def keep_for_a_moment() -> None:
            await store.set("searches 192.0.2.1", b"{}", expires_in=-1)
            async with forget_visitors(client.app):
                while store._store:
                    await sleep(0.01)

        with start_blocking_portal() as portal:
            portal.call(keep_for_a_moment)
