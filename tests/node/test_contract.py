"""The API keeps what its own description promises, whatever it is sent, over a real server."""

import base64
import re
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import schemathesis
from elasticsearch import Elasticsearch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from api.app import create_app
from indexer.settings import Settings
from tests.node.dozen import Blocks, Colours, fill, picture_id
from tests.serving import served

PROMISES = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
BOUNDED = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def address(client: Elasticsearch, node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    given = Settings(alias=f"test-{uuid.uuid4().hex}", data=tmp_path_factory.mktemp("data"), upload_bytes=200_000)
    name = fill(client, given.alias, [Blocks(), Colours()])
    app = create_app(given, elasticsearch_url=node_url, encoders={"sscd": Blocks, "clip": Colours})
    with served(app) as address:
        yield address
    client.indices.delete(index=name)


@pytest.fixture(scope="module")
def web(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address) as web:
        yield web


@pytest.fixture(scope="module")
def described(address: str) -> Any:
    return schemathesis.openapi.from_url(f"{address}/schema/openapi.json")


RIGHT, WRONG = GenerationMode.POSITIVE, GenerationMode.NEGATIVE


@pytest.mark.parametrize(
    ("path", "method", "mode"),
    [
        ("/api/search", "GET", RIGHT),
        ("/api/search", "GET", WRONG),
        ("/api/search", "POST", RIGHT),
        ("/api/search", "POST", WRONG),
        ("/api/pictures/{picture_id}", "GET", RIGHT),
        ("/health", "GET", RIGHT),
    ],
)
@given(data=st.data())
@BOUNDED
def test_what_is_described_is_what_is_answered(
    described: Any, path: str, method: str, mode: GenerationMode, data: st.DataObject
) -> None:
    """Requests made from the description, right ones and wrong ones."""
    case = data.draw(described[path][method].as_strategy(generation_mode=mode))
    case.call_and_validate(checks=PROMISES)


def sentence(answer: httpx.Response) -> str:
    """What a refusal says, once it is known to say enough and nothing of ours."""
    problem = answer.json()
    assert problem["status_code"] == answer.status_code
    detail = str(problem["detail"])
    assert detail.endswith((".", ")")), detail
    assert len(detail) < 600
    leak = re.search(
        r"Traceback|Error\b|Exception|_exception|site-packages|/tmp|127\.0\.0\.1|msgspec|dense_vector", detail
    )
    assert leak is None, detail
    return detail


SEARCHED = [
    "\x00\x01\x7f\u200b\ufeff", "x" * 10_000, "fyr " * 2_500, "\U0001f40b" * 3_000, "null", "NaN", "*", "*:*", "/.*/",
    '"fyr" AND (title:x OR', "caption.text:/(a+)+$/", "_exists_:title", "fyr~9999", "+-=&&||><!(){}[]^\"~*?:\\/",
    '{"match_all":{}}', "<script>alert(1)</script>", "'; DROP TABLE pictures; --", "%00%ff%", "{{7*7}}", "\u202eryf",
    "שלום עולם", "灯台の絵", "ﬁſh", "e\u0301" * 200, "-", "…", "a=b", "=", "==",
]  # fmt: skip


@pytest.mark.parametrize("typed", SEARCHED)
def test_odd_words_are_answered(web: httpx.Client, typed: str) -> None:
    for path in ("/api/search", "/"):
        assert web.get(path, params={"q": typed}).status_code == 200, path


@given(typed=st.text(max_size=300))
@BOUNDED
def test_any_words_are_answered_as_a_page_too(web: httpx.Client, typed: str) -> None:
    assert web.get("/", params={"q": typed, "size": 1}).status_code == 200


IDS = [
    "...",
    "../..",
    "a/b",
    "%",
    "%2e%2e%2f",
    "%00",
    "\x00",
    "x" * 600,
    "x" * 20_000,
    "a?b#c",
    "*",
    "_search",
    "é/ø",
    "\u202e",
]


@pytest.mark.parametrize("picture", IDS)
def test_an_id_of_no_picture_is_not_found(web: httpx.Client, picture: str) -> None:
    for path in (f"/api/pictures/{quote(picture, safe='')}", f"/pictures/{quote(picture, safe='')}"):
        answer = web.get(path)
        assert answer.status_code == 404, path
        assert "There is no" in answer.text or path.startswith("/pictures")
    answer = web.get("/api/search", params={"like": picture})
    assert answer.status_code in (400, 404)
    sentence(answer)


EDGES = {
    **{f"page={page}": status for page, status in {"1": 200, "0": 400, "-1": 400, "10000": 400, "1e3": 400}.items()},
    **{f"size={size}": status for size, status in {"1": 200, "100": 200, "0": 400, "101": 400, "9" * 30: 400}.items()},
    "page=100&size=100": 200,
    "page=101&size=100": 400,
    **{f"year_from={year}": 400 for year in ("NaN", "Infinity", "99999", "-10000", "1880.5", "0x76c", "true")},
    **{f"year_to={year}": 200 for year in ("-1", "0", "-9999", "9999")},
    "year_from=1900&year_to=1850": 200,
    "year_from=1880&year_from=1890": 200,
    "size=5&size=6": 200,
    "publisher=" + "x" * 1025: 400,
    "&".join(["label=x"] * 51): 400,
    "model=sscd&model=nothing": 400,
    "like=" + "x" * 1025: 400,
    "Q=fyr": 400,
    "utm_source=x": 400,
}


@pytest.mark.parametrize("query", EDGES)
def test_the_edges_of_each_parameter(web: httpx.Client, query: str) -> None:
    answer = web.get(f"/api/search?{query}")
    assert answer.status_code == EDGES[query], answer.text
    if answer.status_code == 400:
        sentence(answer)


def test_a_page_passes_over_what_mail_programs_add_to_its_address(web: httpx.Client) -> None:
    assert web.get("/?q=puffin&utm_source=newsletter&fbclid=1").status_code == 200


def packed(name: str, raw: bytes) -> str:
    return f"{name}.{base64.urlsafe_b64encode(raw).rstrip(b'=').decode()}"


VECTORS = [
    "x", "~", "sscd.", ".AAAA", "sscd.AAAA", "sscd.A", packed("sscd", bytes(516)),
    packed("sscd", b"abcd" + b"\x01" * 512),
    packed("sscd", b"\x7f" * 5_000), packed("vgg", b"\x01" * 100), "sscd." + "A" * 30_000, "../../etc",
    "[1,2,3]", "null",
    "sscd.AAAA~sscd.AAAA", "sscd.äöü", "~".join(["sscd.AQEBAQE"] * 500),
]  # fmt: skip


@pytest.mark.parametrize("vector", VECTORS)
def test_a_picture_that_no_upload_gave_is_refused(web: httpx.Client, vector: str) -> None:
    answer = web.get("/api/search", params={"vector": vector})
    assert answer.status_code == 400
    assert "pload" in sentence(answer)
    assert web.get("/", params={"vector": vector}).status_code == 400


@given(vector=st.one_of(st.text(max_size=80), st.binary(max_size=600).map(lambda raw: packed("sscd", raw))))
@BOUNDED
def test_no_vector_breaks_the_service(web: httpx.Client, vector: str) -> None:
    assert web.get("/api/search", params={"vector": vector, "size": 1}).status_code in (200, 400)


def test_a_picture_of_the_index_is_found_by_its_own_id(web: httpx.Client) -> None:
    answer = web.get(f"/api/pictures/{quote(picture_id(3), safe='')}")
    assert answer.json()["id"] == picture_id(3)
