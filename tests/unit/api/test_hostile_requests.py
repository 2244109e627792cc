"""Requests that attack the service get a sentence, never a file of the machine or an error of the service."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.unit.api.offline_service import ApiClient, run_offline

pytestmark = pytest.mark.network

SECRET = "kept for ourselves"  # noqa: S105 the content of a file


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiClient]:
    """Yield the service with a crop, and a file beside the folder of the crops."""
    folder: Path = tmp_path_factory.mktemp("hostile")
    (folder / "crops").mkdir()
    (folder / "crops" / "0.jpg").write_bytes(b"a crop")
    (folder / "secret.txt").write_text(SECRET, "utf-8")
    with run_offline(folder, scans=str(folder / "crops")) as client:
        yield client


LONG, DEEP = "x" * 20_000, "(" * 3_000
SCRIPT = "<script>alert(1)</script>"
WORDS = [
    "",
    " ",
    "\0",
    "\x1b[2J",
    "\u202e",
    "\ud7ff",
    "\ufeff",
    "%00",
    "%ff%fe",
    "%u0041",
    LONG,
    DEEP,
    '"' * 5_000,
    "*",
    "?",
    "*" * 500,
    "a*" * 500,
    "~",
    "title:",
    "title:" * 500,
    "year:>" + "9" * 400,
    "-" * 500,
    "OR OR OR",
    "AND NOT",
    "/.*/",
    "a^999999999",
    "a^-1",
    "a^nan",
    "{{7*7}}",
    "${7*7}",
    "#{7*7}",
    SCRIPT,
    "' OR 1=1 --",
    '{"match_all": {}}',
    "_exists_:*",
    "_id:*",
    "../../etc/passwd",
    "; ls",
    "`id`",
    "$(id)",
    "\r\nSet-Cookie: a=b",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://[::1]:9200/_search",
    "𝓕𝔂𝓻" * 500,
    "e" + "\u0301" * 5_000,
    "﷽" * 500,
    "ﬃ" * 500,
]
"""Query texts."""

PARAMETERS = [
    "page=-1",
    "page=0",
    "page=1e9",
    "page=99999999999999999999",
    "page=NaN",
    "size=0",
    "size=-1",
    "size=100000",
    "size=1.5",
    "year_from=x",
    "year_to=99999999999",
    "year_from=-99999999999",
    "sort=_script",
    "group=a",
    "document=user",
    "model=../a",
    "model=sscd^0",
    "model=sscd^nan",
    "fusion=x",
    "balance=2",
    "balance=nan",
    "vector=AAAA",
    "vector=" + "A" * 5_000,
    "vector=%00",
    "like=" + quote(SCRIPT),
    "like=a%23xywh=0,0,0,0",
    "like=a%23xywh=-1,-1,9,9",
    "like=a^1e400",
    "image=file:///etc/passwd",
    "image=" + quote("http://[::1"),
    "label=" + "x" * 5_000,
    "&".join(["subject=a"] * 500),
    "&".join(["like=a"] * 80),
    "q=a&q=b",
    "=",
    "&&&",
    "%",
    "q=%F0%28%8C%BC",
    "lang=" + LONG,
    "lang=../../etc",
    "unknown=1",
    "hidden=",
    "collapse=x",
    "decoration=1",
    "view=x",
    "meaning=2",
    "match=any",
]
"""Queries."""

HARMLESS_STATUSES = {200, 303, 400, 404, 405, 413, 414, 431, 503}
"""503 because no Elasticsearch runs."""


@pytest.mark.parametrize("path", ["/", "/api/search"])
@pytest.mark.parametrize("text", WORDS, ids=range(len(WORDS)))
def test_hostile_words(client: ApiClient, path: str, text: str) -> None:
    response = client.get(path, params={"q": text})
    assert response.status_code in HARMLESS_STATUSES
    assert "Traceback" not in response.text
    assert SCRIPT not in response.text or response.headers["content-type"].startswith("application/json")


@pytest.mark.parametrize("path", ["/", "/api/search", "/api/export/csv", "/iiif/search"])
@pytest.mark.parametrize("query", PARAMETERS, ids=range(len(PARAMETERS)))
def test_hostile_parameters(client: ApiClient, path: str, query: str) -> None:
    response = client.get(f"{path}?{query}")
    assert response.status_code in HARMLESS_STATUSES
    assert "Traceback" not in response.text
    assert SCRIPT not in response.text or response.headers["content-type"].startswith("application/json")


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "PROPFIND", "get", "A" * 50])
@pytest.mark.parametrize("path", ["/", "/api/search", "/health", "/static/base.css", "/nothing"])
def test_other_methods_do_nothing(client: ApiClient, method: str, path: str) -> None:
    assert client.request(method, path).status_code in (200, 404, 405, 503)


def test_the_error_of_a_number_names_its_limits(client: ApiClient) -> None:
    for query, limits in (("size=100000", "from 1 to "), ("page=0", "from 1 to "), ("size=0", "from 1 to ")):
        response = client.get(f"/api/search?{query}")
        assert (response.status_code, limits in response.json()["detail"]) == (400, True)


TRAVERSALS = [
    "../secret.txt",
    "..%2fsecret.txt",
    "%2e%2e/secret.txt",
    "%2e%2e%2fsecret.txt",
    "..%252fsecret.txt",
    "....//secret.txt",
    "..\\secret.txt",
    "..%5csecret.txt",
    "%2e%2e%5csecret.txt",
    "..%c0%afsecret.txt",
    "..%ef%bc%8fsecret.txt",
    "./../secret.txt",
    "0.jpg/../../secret.txt",
    "0.jpg%00.txt",
    "/secret.txt",
    "//secret.txt",
    "%2fetc%2fpasswd",
    "/etc/passwd",
    "~root/.bashrc",
    "file:///etc/passwd",
    "C:%5cboot.ini",
    "..;/secret.txt",
    "..%00/secret.txt",
    "../" * 40 + "etc/passwd",
]


@pytest.mark.parametrize("folder", ["/crops", "/static", "/iiif/image", "/books", "/pictures"])
@pytest.mark.parametrize("path", TRAVERSALS)
def test_no_form_of_a_path_leaves_its_folder(client: ApiClient, folder: str, path: str) -> None:
    response = client.get(f"{folder}/{path}", follow_redirects=False)
    assert response.status_code in (303, 400, 404, 503)
    assert SECRET not in response.text
    assert "root:" not in response.text


def test_an_ordinary_crop_is_sent(client: ApiClient) -> None:
    """Otherwise the tests above could pass although no file is."""
    assert client.get("/crops/0.jpg").content == b"a crop"
