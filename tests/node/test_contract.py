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
from core.settings import Settings
from tests.node.dozen import KYST, Blocks, Colours, filled, picture_id
from tests.serving import served

PROMISES = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
BOUNDED = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def address(client: Elasticsearch, node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    given = Settings(alias=f"test-{uuid.uuid4().hex}", data=tmp_path_factory.mktemp("data"), upload_bytes=200_000)
    app = create_app(given, elasticsearch_url=node_url, encoders={"sscd": Blocks, "clip": Colours})
    with filled(client, given.alias, [Blocks(), Colours()]), served(app) as address:
        yield address


@pytest.fixture(scope="module")
def web(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address) as web:
        yield web


@pytest.fixture(scope="module")
def described(address: str) -> Any:
    return schemathesis.openapi.from_url(f"{address}/schema/openapi.json")


RIGHT, WRONG = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
BOTH = (RIGHT, WRONG)

OPERATIONS: dict[tuple[str, str], tuple[GenerationMode, ...]] = {
    ("/api/search", "GET"): BOTH,
    ("/api/search", "POST"): BOTH,
    ("/api/facets", "GET"): BOTH,
    ("/api/export/{form}", "GET"): BOTH,
    ("/api/pictures/random", "GET"): BOTH,
    ("/api/pictures/{picture_id}", "GET"): (RIGHT,),
    ("/api/pictures/{picture_id}/similar", "GET"): BOTH,
    ("/api/pictures/{picture_id}/copies", "GET"): BOTH,
    ("/api/pictures/{picture_id}/neighbours", "GET"): (RIGHT,),
    ("/api/books/{book_id}", "GET"): (RIGHT,),
    ("/api/books/{book_id}/pictures", "GET"): BOTH,
    ("/iiif/search", "GET"): BOTH,
    ("/iiif/search/annotations", "GET"): BOTH,
    ("/iiif/books/{book_id}/search", "GET"): BOTH,
    ("/iiif/books/{book_id}/manifest", "GET"): (RIGHT,),
    ("/iiif/books/{book_id}/pictures", "GET"): (RIGHT,),
    ("/iiif/books/{book_id}/pages/{number}/pictures", "GET"): BOTH,
    ("/iiif/pictures/{picture_id}/manifest", "GET"): (RIGHT,),
    ("/health", "GET"): (RIGHT,),
}
"""Every operation that is described; of one that takes nothing but an id, wrong requests are other addresses."""

KNOWN = {"picture_id": picture_id(3), "book_id": KYST.id, "number": 4}


def test_every_operation_is_tried(address: str) -> None:
    paths = httpx.get(f"{address}/schema/openapi.json").json()["paths"]
    assert {(path, method.upper()) for path, several in paths.items() for method in several} == OPERATIONS.keys()


@pytest.mark.parametrize(
    ("path", "method", "mode"),
    [(path, method, mode) for (path, method), modes in OPERATIONS.items() for mode in modes],
)
@given(data=st.data())
@BOUNDED
def test_what_is_described_is_what_is_answered(
    described: Any, path: str, method: str, mode: GenerationMode, data: st.DataObject
) -> None:
    """Requests made from the description, right ones and wrong ones; every other one of a picture or book we have."""
    case = data.draw(described[path][method].as_strategy(generation_mode=mode))
    if data.draw(st.booleans()):
        case.path_parameters.update({name: each for name, each in KNOWN.items() if name in case.path_parameters})
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


OF_A_PICTURE = (
    "/api/pictures/{}",
    "/api/pictures/{}/copies",
    "/api/pictures/{}/neighbours",
    "/api/pictures/{}/similar",
    "/iiif/pictures/{}/manifest",
)
OF_A_BOOK = (
    "/api/books/{}",
    "/api/books/{}/pictures",
    "/iiif/books/{}/manifest",
    "/iiif/books/{}/pictures",
    "/iiif/books/{}/pages/1/pictures",
    "/iiif/books/{}/search",
)


@pytest.mark.parametrize("picture", IDS)
def test_an_id_of_nothing_is_not_found(web: httpx.Client, picture: str) -> None:
    name = quote(picture, safe="")
    for path in (*(form.format(name) for form in OF_A_PICTURE + OF_A_BOOK), f"/pictures/{name}", f"/books/{name}"):
        answer = web.get(path)
        assert answer.status_code == 404, path
        assert "There is no" in answer.text or path.startswith(("/pictures", "/books"))
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
    **{f"balance={share}": 200 for share in ("0", "1", "0.5", "1e-9")},
    **{f"balance={share}": 400 for share in ("-0.1", "1.1", "NaN", "Infinity", "half")},
    **{f"{name}=x": 400 for name in ("match", "fusion", "document", "group", "sort", "has_caption", "set_aside")},
    **{f"{name}=": 200 for name in ("match", "fusion", "document", "group", "sort", "has_caption", "set_aside")},
    "document=picture&document=page&document=book&document=picture": 200,
    "&".join(["document=page"] * 51): 400,
    **{f"model=sscd^{weight}": 200 for weight in ("2", "0.001", "100", "%2B1")},
    **{f"model=sscd^{weight}": 400 for weight in ("0", "-1", "101", "NaN", "1e999", "")},
    **{f"fusion={fusion}&page=201&size=50": 400 for fusion in ("sum", "convex", "rrf")},
    **{f"fusion={fusion}&page=200&size=50": 200 for fusion in ("sum", "convex", "rrf")},
    **{f"group=book&size={size}&page=100": 200 for size in (1, 100)},
    "image=file:///etc/passwd": 400,
    "image=http://169.254.169.254/": 400,
}


@pytest.mark.parametrize("query", EDGES)
def test_the_edges_of_each_parameter(web: httpx.Client, query: str) -> None:
    answer = web.get(f"/api/search?{query}")
    assert answer.status_code == EDGES[query], answer.text
    if answer.status_code == 400:
        sentence(answer)


PAGED = {
    "/api/facets?facet=publisher&page=100&size=100": 200,
    "/api/facets?facet=publisher&page=101&size=100": 400,
    "/api/facets?facet=publisher&page=10000&size=1": 200,
    "/api/pictures/random?size=100&seed=0": 200,
    "/api/pictures/random?size=101": 400,
    "/api/pictures/random?seed=2147483647": 200,
    "/api/pictures/random?seed=2147483648": 400,
    "/api/pictures/random?seed=-1": 400,
    "/api/books/{book}/pictures?page=100&size=100": 200,
    "/api/books/{book}/pictures?page=101&size=100": 400,
    "/api/pictures/{picture}/copies?page=10000&size=1": 200,
    "/api/pictures/{picture}/similar?page=100&size=100": 200,
    "/api/pictures/{picture}/similar?page=101&size=100": 400,
    "/api/export/csv?page=9999&size=1": 200,
    "/api/export/xlsx": 400,
    "/iiif/books/{book}/search?q=havet&page=500": 200,
    "/iiif/books/{book}/search?q=havet&page=501": 400,
    "/iiif/books/{book}/pages/2147483647/pictures": 200,
    "/iiif/books/{book}/pages/9223372036854775808/pictures": 200,
    "/iiif/books/{book}/pages/-1/pictures": 200,
    "/iiif/search?page=100&size=100": 200,
    "/iiif/search?page=101&size=100": 400,
}


@pytest.mark.parametrize("address_of", PAGED)
def test_the_edges_of_each_list(web: httpx.Client, address_of: str) -> None:
    known = {"book": quote(KYST.id, safe=""), "picture": quote(picture_id(3), safe="")}
    answer = web.get(address_of.format_map(known))
    assert answer.status_code == PAGED[address_of], answer.text
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
