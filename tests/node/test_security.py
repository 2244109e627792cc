"""What others wrote into the books, the manifests and the addresses stays text; what is ours stays ours."""

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
from tests.node.dozen import INDEXED_AT, KYST, Blocks, document, drawing, filled, page, picture_id

Web = TestClient[Any]

EVIL = """"'><script>alert(1)</script><img src=x onerror=alert(2)><svg/onload=alert(3)> evil {{7*7}}"""
EVIL_ID = f"{EVIL[:60]}:GE1:0,0,64,64"
EVIL_BOOK = f"urn:{EVIL}"


PASSAGE = {"text": EVIL, "confidence": 0.5}
RECORD: dict[str, Any] = {
    **dict.fromkeys(("title", "date", "publisher", "place", "type_of_work"), EVIL),
    **{name: [EVIL] for name in ("authors", "subjects", "identifiers", "language")},
    "licence": "javascript:alert(4)",
}
ADDRESSES_OF_IT = {"region": "javascript:alert(5)", "viewer": "javascript:alert(6)"}


def evil() -> dict[str, Any]:
    """A picture's document whose every text is an attack."""
    return {
        **document(3, [Blocks()]).body(INDEXED_AT),
        **RECORD,
        **dict.fromkeys(("page_label", "kind"), EVIL),
        **dict.fromkeys(("caption", "page_text"), PASSAGE),
        "context": {"before": PASSAGE, "after": PASSAGE},
        "label": {"name": EVIL, "source": EVIL},
        "scan": {"width": 100, "height": 100},
        "image": {**ADDRESSES_OF_IT, "crop": '"onerror="alert(7)/../x.jpg'},
    }


def evil_page() -> dict[str, Any]:
    viewer = {"viewer": ADDRESSES_OF_IT["viewer"], "page": "javascript:alert(9)", "service": "javascript:alert(10)"}
    return {**page(3).body(INDEXED_AT), **RECORD, "page_label": EVIL, "page_text": PASSAGE, "image": viewer}


def evil_book() -> dict[str, Any]:
    record = {**book_document(KYST, pages=1, pictures=1).body(INDEXED_AT), **RECORD}
    return {**record, "book_id": EVIL_BOOK, "image": {"viewer": ADDRESSES_OF_IT["viewer"]}}


@pytest.fixture(scope="module")
def web(client: Elasticsearch, node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    given = Settings(alias=f"test-{uuid.uuid4().hex}", data=tmp_path_factory.mktemp("data"))
    given.crops.mkdir(parents=True)
    drawing(0).save(given.crops / "0.jpg")
    without_crop = {**evil(), "image": {"region": "javascript:alert(8)"}}
    with filled(client, given.alias, [Blocks()]) as indices:
        for picture, source in ((EVIL_ID, evil()), ("evil:2", without_crop)):
            client.index(index=indices.pictures.name, id=picture, document=source)
        client.index(index=indices.pages.name, id="evil:page", document=evil_page())
        client.index(index=indices.books.name, id="evil:book", document=evil_book())
        indices.refresh()
        with TestClient(create_app(given, elasticsearch_url=node_url, encoders={"sscd": Blocks})) as web:
            yield web


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
    f"/?book={quote(EVIL_BOOK)}&family={quote(EVIL)}&has_caption=true&set_aside=show",
    f"/?image={quote(EVIL)}",
    "/books/evil:book",
    f"/books/{quote(EVIL, safe='')}",
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
def test_nothing_that_was_printed_or_asked_becomes_code(web: Web, path: str, headers: dict[str, str]) -> None:
    answer = web.get(path, headers=headers)
    assert answer.status_code in (200, 400, 404)
    page = html.fromstring(answer.text)
    scripts = {element.get("src") or "inline" for element in page.iter("script")}
    assert scripts <= {"/static/frontispiece.js", "/static/vendor/htmx.min.js"}
    for element in page.iter(html.etree.Element):
        assert not [name for name in element.attrib if str(name).lower().startswith("on") or name == "style"]
        addresses = [element.get(name, "") for name in ("href", "src", "action")]
        assert not [each for each in addresses if re.match(r"\s*(javascript|data|vbscript):|//", each, re.IGNORECASE)]
    assert "49 " not in answer.text, "no template inside a template"


def test_a_program_gets_no_address_that_runs(web: Web) -> None:
    for hit in web.get("/api/search?q=evil").json()["hits"]:
        assert (hit["region"], hit["viewer"]) == ("", "")
        assert "javascript" not in hit["image"]


TRAVERSALS = [
    "../0.jpg", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "....//etc/passwd", "/etc/passwd", "~root",
    "%2fetc%2fpasswd", "..%5c..%5cwindows", "%00", "0.jpg%00.png", "x" * 5_000, "%ff%fe", "a/" * 2_000,
    "file:///etc/passwd", "C:%5cboot.ini",
]  # fmt: skip


@pytest.mark.parametrize("folder", ["/crops", "/static"])
@pytest.mark.parametrize("path", TRAVERSALS)
def test_no_file_of_the_machine_is_served(web: Web, folder: str, path: str) -> None:
    answer = web.get(f"{folder}/{path}")
    assert answer.status_code == 404
    assert "root:" not in answer.text


ADDRESSES = [
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
FILES = ["/crops/0.jpg", "/crops/no.jpg", "/static/pages.css", "/static/no.css"]


@pytest.mark.parametrize("path", ADDRESSES + FILES)
def test_every_answer_has_its_security_headers(web: Web, path: str) -> None:
    for answer in (web.get(path), web.put(path), web.head(path)):
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'self'")
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers.get_list("referrer-policy") == ["strict-origin-when-cross-origin"]
        assert "set-cookie" not in answer.headers, "without state there is nothing that another site could misuse"


@pytest.mark.parametrize("path", ADDRESSES + FILES)
def test_head_is_get_without_a_body(web: Web, path: str) -> None:
    whole, head = web.get(path), web.head(path)
    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert head.headers["content-type"] == whole.headers["content-type"]


@pytest.mark.parametrize("path", ["/crops/0.jpg", "/static/pages.css"])
def test_a_file_that_the_reader_has_is_not_sent_again(web: Web, path: str) -> None:
    first = web.get(path)
    assert "max-age" in first.headers["cache-control"]
    for known in (first.headers["etag"], f"W/{first.headers['etag']}", f'"other", {first.headers["etag"]}', "*"):
        again = web.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    assert web.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_other_sites_may_read_and_nothing_else(web: Web) -> None:
    asking = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    assert web.options("/api/search", headers=asking).headers["access-control-allow-methods"] == "GET"
    refused = web.options("/api/search", headers={**asking, "Access-Control-Request-Method": "DELETE"})
    assert refused.status_code == 400
    answer = web.get("/api/search", headers=asking)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    "words", ["//evil.example", "https://evil.example/", "\r\nLocation: https://evil.example", "\\\\evil"]
)
def test_an_upload_leads_nowhere_but_here(web: Web, words: str) -> None:
    file = BytesIO()
    drawing(8).save(file, "PNG")
    answer = web.post(
        "/", files={"image": ("a.png", file.getvalue(), "image/png")}, data={"q": words}, follow_redirects=False
    )
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/?q=")
    assert not {"\r", "\n"} & set(answer.headers["location"])


def test_long_answers_are_packed(web: Web) -> None:
    for path in ("/?q=havet", "/api/search", "/static/pages.css"):
        answer = web.get(path, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip", path
        assert "Accept-Encoding" in answer.headers["vary"]


def test_the_log_and_the_health_tell_no_secrets(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(data=tmp_path, elasticsearch_url="http://elastic:pa55word@127.0.0.1:9")
    with TestClient(create_app(settings, encoders={})) as web:
        state = web.get("/health")
        web.get("/?q=fyr")
    said = capsys.readouterr()
    assert "not_ready" in said.out
    assert "pa55word" not in said.out + said.err + state.text
    assert "127.0.0.1" not in json.dumps(state.json())


def test_a_picture_that_is_there_is_still_there(web: Web) -> None:
    """The attacks above prove nothing if nothing works."""
    assert "Kart over Bergen" in web.get(f"/pictures/{picture_id(3)}").text
