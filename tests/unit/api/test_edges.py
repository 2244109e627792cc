"""What every response says to browsers, crawlers, other sites and load balancers."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.controllers.security_contact import build_security_text
from api.public_address import is_host
from core.settings import Settings
from tests.unit.api.offline_service import ApiClient, run_offline

pytestmark = pytest.mark.network
ATTACKS = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
TOKEN = "s3cret"  # noqa: S105
PUBLIC_URL = "https://pictures.example.org"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiClient]:
    """Yield the service as it is without settings."""
    with run_offline(tmp_path_factory.mktemp("plain")) as client:
        yield client


@pytest.fixture(scope="module")
def public_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiClient]:
    """Yield a service with a public address."""
    folder = tmp_path_factory.mktemp("public")
    contact = "security@example.org"
    with run_offline(folder, public_url=f"{PUBLIC_URL}/", security_contact=contact, hsts_seconds=60) as client:
        yield client


@pytest.mark.parametrize("path", ["/robots.txt", "/.well-known/security.txt", "/about", "/sitemaps/pages", "/docs"])
def test_addresses_are_those_of_the_setting_whatever_the_request_says(public_client: ApiClient, path: str) -> None:
    response = public_client.get(path, headers=ATTACKS)
    assert response.status_code == 200
    assert "evil.example" not in response.text + str(response.headers)
    if path != "/docs":
        assert PUBLIC_URL in response.text


def test_the_host_of_the_request_is_used_without_the_setting(client: ApiClient) -> None:
    response = client.get("/robots.txt", headers={**ATTACKS, "Host": "localhost:8000"})
    assert "http://localhost:8000/sitemap.xml" in response.text


BAD_HOSTS = [
    "a:b",
    "a:99999999",
    "a:-1",
    "[::1",
    "[",
    "]",
    "[:::]",
    "a b",
    "a/b",
    "a@b",
    "evil.example?x",
    "\xe6",
    "a" * 400,
]


@pytest.mark.parametrize("host", BAD_HOSTS)
@pytest.mark.parametrize("path", ["/", "/robots.txt", "/iiif/search?q=fyr", "/none"])
def test_a_host_that_no_url_can_have_is_refused(client: ApiClient, host: str, path: str) -> None:
    """It gave 500 on every address, with a traceback in the log for each request."""
    response = client.get(path, headers={"Host": host.encode("latin-1")})
    assert (response.status_code, response.headers["x-content-type-options"]) == (400, "nosniff")
    assert response.headers["X-Request-ID"]


@pytest.mark.parametrize("host", BAD_HOSTS)
def test_no_host_matters_with_a_public_address(public_client: ApiClient, host: str) -> None:
    response = public_client.get("/robots.txt", headers={"Host": host.encode("latin-1")})
    assert (response.status_code, f"{PUBLIC_URL}/sitemap.xml" in response.text) == (200, True)


@pytest.mark.parametrize(
    "host", ["example.org", "example.org:8000", "[::1]", "[2001:db8::1]:80", "localhost:", "192.0.2.1", ""]
)
def test_hosts_of_urls_are_taken(host: str) -> None:
    assert is_host(host.encode())


@pytest.mark.parametrize(
    "value", ["pictures.example.org", "https://example.org/pictures", "javascript:alert(1)", "https://a@b"]
)
def test_a_public_address_has_no_path_and_no_login(value: str) -> None:
    with pytest.raises(ValueError, match="public_url"):
        Settings(public_url=value)


@pytest.mark.parametrize(
    "path", ["/", "/?q=fyr", "/api/search?q=fyr", "/iiif/search?q=fyr", "/health", "/books/a", "/sitemap.xml"]
)
def test_503_says_when_to_come_back(client: ApiClient, path: str) -> None:
    """The service starts without Elasticsearch, and each request tries again."""
    response = client.get(path)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    assert "Traceback" not in response.text


def test_hsts_is_sent_over_https_alone(public_client: ApiClient, client: ApiClient, tmp_path: Path) -> None:
    assert public_client.get("/health/live").headers["Strict-Transport-Security"] == "max-age=60"
    assert "Strict-Transport-Security" not in client.get("/health/live").headers
    with run_offline(tmp_path, hsts_seconds=60) as http_client:
        assert "Strict-Transport-Security" not in http_client.get("/health/live").headers


def test_security_txt_is_that_of_the_setting(public_client: ApiClient, client: ApiClient) -> None:
    response = public_client.get("/.well-known/security.txt")
    assert response.headers["content-type"].startswith("text/plain")
    assert f"Canonical: {PUBLIC_URL}/.well-known/security.txt" in response.text
    assert client.get("/.well-known/security.txt").status_code == 404


def test_security_txt_has_the_fields_of_rfc_9116() -> None:
    text = build_security_text("security@example.org", "https://a.example/x", datetime(2026, 11, 29, tzinfo=UTC))
    assert text.splitlines() == [
        "Contact: mailto:security@example.org",
        "Expires: 2027-05-28T00:00:00Z",
        "Preferred-Languages: en, nb, nn",
        "Canonical: https://a.example/x",
    ]


def test_health_needs_the_token_of_the_setting(tmp_path: Path) -> None:
    with run_offline(tmp_path, status_token=TOKEN) as client:
        for path in ("/health", "/health/ready"):
            for headers in ({}, {"Authorization": "Bearer other"}, {"Authorization": TOKEN}):
                response = client.get(path, headers=headers)
                assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")
                assert "models" not in response.text
            assert client.get(path, headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 503
        assert client.get("/health/live").status_code == 200


def test_health_is_open_without_a_token(client: ApiClient) -> None:
    statuses = [client.get(path).status_code for path in ("/health", "/health/ready", "/health/live")]
    assert statuses == [503, 503, 200]


@pytest.mark.parametrize(
    ("path", "method", "header"),
    [
        ("/iiif/image/a/info.json", "GET", "accept"),
        ("/iiif/image/a/info.json", "HEAD", "if-none-match"),
        ("/iiif/books/a", "GET", "authorization"),
        ("/iiif/books/a/search", "GET", "x-requested-with"),
        ("/api/search", "GET", "accept,content-type"),
        ("/api/search", "POST", "content-type"),
        ("/crops/a.jpg", "GET", "range"),
    ],
)
def test_other_sites_may_ask_what_viewers_and_programs_ask(
    client: ApiClient, path: str, method: str, header: str
) -> None:
    headers = {"Origin": "https://viewer.example", "Access-Control-Request-Method": method}
    preflight = client.options(path, headers={**headers, "Access-Control-Request-Headers": header})
    responses = [client.get(path, headers={"Origin": "https://viewer.example"}), client.get(path)]
    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert method in preflight.headers["Access-Control-Allow-Methods"]
    allowed_headers = preflight.headers["Access-Control-Allow-Headers"].lower()
    assert allowed_headers == "*" or all(name in allowed_headers for name in header.split(","))
    for response in responses:
        # A cache may store what an address of our own page asked for, and give it to another site.
        assert response.headers.get_list("Access-Control-Allow-Origin") == ["*"], "errors too can be read"
        assert "Retry-After" in response.headers["Access-Control-Expose-Headers"]


def test_other_sites_may_change_nothing(client: ApiClient) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": method}
        assert client.options("/api/search", headers=headers).status_code == 400
