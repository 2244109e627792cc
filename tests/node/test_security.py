"""Injection, path traversal, security headers, caching and secrets."""

import json
import re
import uuid
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest
from elasticsearch import Elasticsearch
from litestar.testing import TestClient
from lxml import html

from api.app import create_app
from core.settings import Settings
from indexer.documents.hybrid import book_document
from tests.node.twelve_pictures import (
    INDEXED_AT,
    KYST,
    ColourGridEncoder,
    drawing,
    picture_document,
    picture_id,
    temporary_collection,
    text_page_document,
)

ApiClient = TestClient[Any]

EVIL = """"'><script>alert(1)</script><img src=x onerror=alert(2)><svg/onload=alert(3)> evil {{1234*4321}}"""
EVIL_ID = f"{EVIL[:60]}:GE1:0,0,64,64"
EVIL_BOOK = f"urn:{EVIL}"


EVIL_TEXT = {"text": EVIL, "confidence": 0.5}
EVIL_RECORD: dict[str, Any] = {
    **dict.fromkeys(("title", "date", "publisher", "place", "type_of_work"), EVIL),
    **{name: [EVIL] for name in ("authors", "subjects", "identifiers", "language")},
    **{f"{name}_{form}": [EVIL] for name in ("publisher", "place") for form in ("normalised", "names")},
    "licence": "javascript:alert(4)",
}
EVIL_URLS = {"region": "javascript:alert(5)", "viewer": "javascript:alert(6)"}


def evil_picture() -> dict[str, Any]:
    """Return a picture's document in which every text is an attack."""
    return {
        **picture_document(3, [ColourGridEncoder()]).body(INDEXED_AT),
        **EVIL_RECORD,
        **dict.fromkeys(("page_label", "block_type"), EVIL),
        **dict.fromkeys(("caption", "page_text"), EVIL_TEXT),
        "context": {"before": EVIL_TEXT, "after": EVIL_TEXT},
        "label": {"name": EVIL, "source": EVIL},
        "scan": {"width": 100, "height": 100},
        "image": {**EVIL_URLS, "crop": '"onerror="alert(7)/../x.jpg'},
    }


def evil_page() -> dict[str, Any]:
    viewer = {"viewer": EVIL_URLS["viewer"], "page": "javascript:alert(9)", "service": "javascript:alert(10)"}
    return {
        **text_page_document(3).body(INDEXED_AT),
        **EVIL_RECORD,
        "page_label": EVIL,
        "page_text": EVIL_TEXT,
        "image": viewer,
    }


def evil_book() -> dict[str, Any]:
    record = {**book_document(KYST, pages=1, pictures=1).body(INDEXED_AT), **EVIL_RECORD}
    return {**record, "book_id": EVIL_BOOK, "image": {"viewer": EVIL_URLS["viewer"]}}


@pytest.fixture(scope="module")
def api_client(client: Elasticsearch, node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiClient]:
    settings = Settings(alias=f"test-{uuid.uuid4().hex}", data=tmp_path_factory.mktemp("data"))
    settings.crops_folder.mkdir(parents=True)
    drawing(0).save(settings.crops_folder / "0.jpg")
    without_crop = {**evil_picture(), "image": {"region": "javascript:alert(8)"}}
    with temporary_collection(client, settings.alias, [ColourGridEncoder()]) as collection:
        for document_id, source in ((EVIL_ID, evil_picture()), ("evil:2", without_crop)):
            client.index(index=collection.pictures.name, id=document_id, document=source)
        client.index(index=collection.pages.name, id="evil:page", document=evil_page())
        client.index(index=collection.books.name, id="evil:book", document=evil_book())
        collection.refresh()
        with TestClient(
            create_app(settings, elasticsearch_url=node_url, encoder_loaders={"sscd": ColourGridEncoder})
        ) as api_client:
            yield api_client


EVERY_PAGE = [
    "/",
    "/?q=evil",
    f"/?q={quote(EVIL)}",
    f"/?like={quote(EVIL_ID)}",
    f"/?publisher={quote(EVIL)}&label={quote(EVIL)}&language={quote(EVIL)}&year_from=1800",
    f"/?q=nothinghere&publisher={quote(EVIL)}",
    "/?q=evil&document=picture&document=page&document=book",
    "/?q=evil&group=book&document=picture&document=page&document=book&sort=title",
    f"/?q={quote('title:evil -' + EVIL)}&author={quote(EVIL)}&subject={quote(EVIL)}&type={quote(EVIL)}",
    f"/?book={quote(EVIL_BOOK)}&family={quote(EVIL)}&has_caption=true&hidden=include",
    f"/?image={quote(EVIL)}",
    "/books/evil:book",
    f"/books/{quote(EVIL, safe='')}",
    f"/books/evil:book/pages/1?q={quote(EVIL)}",
    "/books/evil:book/pages/1",
    "/books/evil:book/pages/0",
    f"/?like={quote(EVIL)}",
    f"/?model={quote(EVIL)}&like={quote(EVIL_ID)}",
    f"/?year_from={quote(EVIL)}",
    f"/pictures/{quote(EVIL_ID, safe='')}",
    "/pictures/evil:2",
    f"/pictures/{quote(EVIL, safe='')}",
    f"/{quote(EVIL, safe='')}",
]


@pytest.mark.parametrize("path", EVERY_PAGE)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_texts_of_books_and_requests_are_escaped(api_client: ApiClient, path: str, headers: dict[str, str]) -> None:
    response = api_client.get(path, headers=headers)
    assert response.status_code in (200, 400, 404)
    page = html.fromstring(response.text)
    data_blocks = page.xpath("//script[@type='application/ld+json']")
    assert all(json.loads(block.text) for block in data_blocks)
    scripts = {element.get("src") or "inline" for element in page.iter("script") if element not in data_blocks}
    assert all(re.fullmatch(r"/static/[a-z/-]+(?:\.min)?\.js", script) for script in scripts)
    for element in page.iter(html.etree.Element):
        assert not [name for name in element.attrib if str(name).lower().startswith("on") or name == "style"]
        addresses = [element.get(name, "") for name in ("href", "src", "action")]
        assert not [url for url in addresses if re.match(r"\s*(javascript|data|vbscript):|//", url, re.IGNORECASE)]
    assert "5332114" not in response.text, "no template inside a template"


def test_json_has_no_javascript_urls(api_client: ApiClient) -> None:
    for hit in api_client.get("/api/search?q=evil").json()["hits"]:
        assert (hit["region"], hit["viewer"]) == ("", "")
        assert "javascript" not in hit["image"]


TRAVERSALS = [
    "../0.jpg", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "....//etc/passwd", "/etc/passwd", "~root",
    "%2fetc%2fpasswd", "..%5c..%5cwindows", "%00", "0.jpg%00.png", "x" * 5_000, "%ff%fe", "a/" * 2_000,
    "file:///etc/passwd", "C:%5cboot.ini",
]  # fmt: skip


@pytest.mark.parametrize("folder", ["/crops", "/static"])
@pytest.mark.parametrize("path", TRAVERSALS)
def test_path_traversal_serves_no_file(api_client: ApiClient, folder: str, path: str) -> None:
    response = api_client.get(f"{folder}/{path}")
    assert response.status_code == 404
    assert "root:" not in response.text


PATHS = [
    "/",
    "/?q=fyr",
    "/nothing",
    "/?year_from=x",
    "/pictures/nobody",
    "/api/search",
    "/api/nothing",
    "/health",
    "/schema",
]
FILE_PATHS = ["/crops/0.jpg", "/crops/no.jpg", "/static/base.css", "/static/no.css"]


@pytest.mark.parametrize("path", PATHS + FILE_PATHS)
def test_every_response_has_security_headers(api_client: ApiClient, path: str) -> None:
    for response in (api_client.get(path), api_client.put(path), api_client.head(path)):
        policy = response.headers["content-security-policy"]
        assert policy.startswith("default-src 'self'")
        assert "unsafe" not in policy
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers.get_list("referrer-policy") == ["strict-origin-when-cross-origin"]
        assert "set-cookie" not in response.headers, "the service keeps no state that another site could misuse"


@pytest.mark.parametrize("path", PATHS + FILE_PATHS)
def test_head_is_get_without_a_body(api_client: ApiClient, path: str) -> None:
    get_response, head_response = api_client.get(path), api_client.head(path)
    assert (head_response.status_code, head_response.content) == (get_response.status_code, b"")
    assert head_response.headers["content-type"] == get_response.headers["content-type"]


@pytest.mark.parametrize("path", ["/crops/0.jpg", "/static/base.css"])
def test_a_cached_file_is_not_sent_again(api_client: ApiClient, path: str) -> None:
    first_response = api_client.get(path)
    assert "max-age" in first_response.headers["cache-control"]
    for etag_header in (
        first_response.headers["etag"],
        f"W/{first_response.headers['etag']}",
        f'"other", {first_response.headers["etag"]}',
        "*",
    ):
        second_response = api_client.get(path, headers={"If-None-Match": etag_header})
        assert (second_response.status_code, second_response.content) == (304, b"")
        assert second_response.headers["etag"] == first_response.headers["etag"]
    assert api_client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_other_sites_may_only_read(api_client: ApiClient) -> None:
    preflight_headers = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    allowed_methods = api_client.options("/api/search", headers=preflight_headers).headers[
        "access-control-allow-methods"
    ]
    assert set(allowed_methods.split(", ")) == {"GET", "HEAD", "POST"}, "POST searches with a picture"
    refusal = api_client.options(
        "/api/search", headers={**preflight_headers, "Access-Control-Request-Method": "DELETE"}
    )
    assert refusal.status_code == 400
    response = api_client.get("/api/search", headers=preflight_headers)
    assert response.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize(
    "query_text", ["//evil.example", "https://evil.example/", "\r\nLocation: https://evil.example", "\\\\evil"]
)
def test_an_upload_redirects_only_to_this_site(api_client: ApiClient, query_text: str) -> None:
    buffer = BytesIO()
    drawing(8).save(buffer, "PNG")
    response = api_client.post(
        "/", files={"image": ("a.png", buffer.getvalue(), "image/png")}, data={"q": query_text}, follow_redirects=False
    )
    assert response.status_code == 303
    assert response.headers["location"].startswith("/?q=")
    assert not {"\r", "\n"} & set(response.headers["location"])


def test_long_responses_are_compressed(api_client: ApiClient) -> None:
    for path in ("/?q=havet", "/api/search", "/static/base.css"):
        response = api_client.get(path, headers={"Accept-Encoding": "gzip"})
        assert response.headers["content-encoding"] == "gzip", path
        assert "Accept-Encoding" in response.headers["vary"]


def test_the_log_and_the_health_check_have_no_secrets(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(data=tmp_path, elasticsearch_url="http://elastic:pa55word@127.0.0.1:9")
    with TestClient(create_app(settings, encoder_loaders={})) as api_client:
        health_response = api_client.get("/health")
        api_client.get("/?q=fyr")
    captured = capsys.readouterr()
    assert "not_ready" in captured.out
    assert "pa55word" not in captured.out + captured.err + health_response.text
    assert "127.0.0.1" not in json.dumps(health_response.json())


def test_an_ordinary_picture_is_shown(api_client: ApiClient) -> None:
    """Otherwise the tests above could pass although no page works."""
    assert "Kart over Bergen" in api_client.get(f"/pictures/{picture_id(3)}").text
