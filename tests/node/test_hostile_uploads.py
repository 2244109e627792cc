"""Files that are no pictures, pretend to be, or hold more than they seem; and pictures of every kind, all welcome."""

import struct
import uuid
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from elasticsearch import Elasticsearch
from litestar.testing import TestClient
from PIL import Image

from api.app import create_app
from core.settings import Settings
from tests.node.dozen import Blocks, drawing, filled, picture_id

Web = TestClient[Any]


@pytest.fixture(scope="module")
def web(client: Elasticsearch, node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    given = Settings(alias=f"test-{uuid.uuid4().hex}", data=tmp_path_factory.mktemp("data"), upload_bytes=2_000_000)
    with (
        filled(client, given.alias, [Blocks()]),
        TestClient(create_app(given, elasticsearch_url=node_url, encoders={"sscd": Blocks})) as web,
    ):
        yield web


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of 70 bytes that says it is larger than any memory."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    )


LARGE = drawing(4).resize((900, 900))
REFUSED: dict[str, tuple[bytes, int, str]] = {
    "truncated JPEG": (saved(LARGE, "JPEG")[:2_000], 400, "use JPEG, PNG"),
    "truncated PNG": (saved(LARGE, "PNG")[:300], 400, "use JPEG, PNG"),
    "bomb": (png_claiming(50_000, 50_000), 413, "million pixels"),
    "bomb of one row": (png_claiming(2**31 - 1, 1), 413, "million pixels"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 400, "use JPEG, PNG"),
    "HTML": (b"<!doctype html><script>alert(1)</script>", 400, "use JPEG, PNG"),
    "PDF": (b"%PDF-1.7\n1 0 obj", 400, "use JPEG, PNG"),
    "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", 400, "use JPEG, PNG"),
    "nothing but a JPEG's beginning": (b"\xff\xd8\xff\xe0", 400, "use JPEG, PNG"),
    "zeros": (bytes(5_000), 400, "use JPEG, PNG"),
    "no bytes": (b"", 400, "choose a file first"),
    "over the limit": (b"\xff\xd8\xff" + bytes(2_000_001), 413, "smaller"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_picture_is_refused_on_both_ways(web: Web, case: str) -> None:
    data, status, sentence = REFUSED[case]
    answer = web.post("/api/search", files={"image": ("photo.jpg", data, "image/jpeg")})
    assert (answer.status_code, sentence in answer.json()["detail"]) == (status, True), answer.text
    page = web.post("/", files={"image": ("photo.jpg", data, "image/jpeg")}, data={"q": "puffin"})
    assert (page.status_code, sentence in page.text) == (status, True)
    assert "Traceback" not in page.text


def sixteen_bit(image: Image.Image) -> Image.Image:
    return Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257)


def turned(image: Image.Image) -> bytes:
    """As a telephone saves it: the pixels lie on their side, and EXIF says so."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return saved(image.rotate(90, expand=True), "JPEG", exif=exif, quality=95)


ORIGINAL = drawing(8).resize((160, 160))
WELCOME: dict[str, bytes] = {
    "animated WebP": saved(ORIGINAL, "WEBP", save_all=True, append_images=[drawing(9).resize((160, 160))], quality=95),
    "animated GIF": saved(ORIGINAL.quantize(), "GIF", save_all=True, append_images=[drawing(9).resize((160, 160))]),
    "16-bit PNG": saved(sixteen_bit(ORIGINAL), "PNG"),
    "CMYK JPEG": saved(ORIGINAL.convert("CMYK"), "JPEG", quality=95),
    "turned by EXIF": turned(ORIGINAL),
    "one bit": saved(ORIGINAL.convert("1"), "TIFF"),
    "palette with transparency": saved(ORIGINAL.quantize(), "PNG", transparency=0),
    "one pixel": saved(Image.new("RGB", (1, 1), "red"), "PNG"),
    "a line": saved(Image.new("L", (2_000, 1)), "PNG"),
}
COLOURED = {"animated WebP", "animated GIF", "CMYK JPEG", "turned by EXIF"}


@pytest.mark.parametrize("case", WELCOME)
def test_a_picture_of_any_kind_is_seen(web: Web, case: str) -> None:
    answer = web.post("/api/search", files={"image": ("photo", WELCOME[case], "application/octet-stream")})
    assert answer.status_code == 200, answer.text
    if case in COLOURED:
        assert answer.json()["hits"][0]["id"] == picture_id(8)


def part(value: bytes, *, headers: bytes = b'; name="q"', count: int = 1, end: bytes = b"--b--\r\n") -> bytes:
    return (b"--b\r\nContent-Disposition: form-data" + headers + b"\r\n\r\n" + value + b"\r\n") * count + end


FILE = b'; name="image"; filename="a.jpg"'
FORM = "multipart/form-data; boundary=b"
BROKEN: dict[str, tuple[bytes, str]] = {
    "no boundary": (part(b"x", headers=FILE), "multipart/form-data"),
    "never ends": (part(b"x", headers=FILE, end=b""), FORM),
    "empty body": (b"", FORM),
    "another boundary": (part(b"x", headers=FILE), "multipart/form-data; boundary=c"),
    "no name": (part(b"x", headers=b""), FORM),
    "no headers": (b"--b\r\n\r\nx\r\n--b--\r\n", FORM),
    "binary text": (part(b"\x89\xff"), FORM),
    "no such encoding": (part(b"x", headers=b'; name="q"\r\nContent-Type: text/plain; charset=martian'), FORM),
    "ten thousand parts": (part(b"x", count=10_000), FORM),
    "urlencoded": (b"image=x", "application/x-www-form-urlencoded"),
    "JSON": (b'{"image": "x"}', "application/json"),
    "a bare picture": (saved(ORIGINAL, "JPEG"), "image/jpeg"),
    "no type that exists": (b"x", ";;;"),
}


@pytest.mark.parametrize("case", BROKEN)
@pytest.mark.parametrize("path", ["/api/search", "/"])
def test_a_broken_form_is_told_what_to_send(web: Web, path: str, case: str) -> None:
    body, kind = BROKEN[case]
    answer = web.post(path, content=body, headers={"Content-Type": kind})
    assert answer.status_code in (400, 413), answer.text
    assert "form" in answer.text
    assert "Traceback" not in answer.text


def test_two_pictures_are_one_too_many(web: Web) -> None:
    files = [("image", ("a.jpg", saved(drawing(number), "PNG"), "image/png")) for number in (8, 9)]
    answer = web.post("/api/search", files=files)
    assert answer.status_code == 400
    assert "only one" in answer.json()["detail"]


@pytest.mark.parametrize(
    "fields",
    [
        {"forlag": "x"},
        {"page": "2"},
        {"year_from": "NaN"},
        {"size": "0"},
        {"label": "x" * 2_000},
        {"balance": "1.5"},
        {"fusion": "max"},
        {"document": "film"},
        {"weight": "heavy"},
        {"has_caption": "perhaps"},
    ],
)
def test_a_field_that_cannot_be_used_is_named(web: Web, fields: dict[str, str]) -> None:
    answer = web.post("/api/search", files={"image": ("a.png", saved(ORIGINAL, "PNG"), "image/png")}, data=fields)
    assert answer.status_code == 400
    assert f"`{next(iter(fields))}`" in answer.json()["detail"]


def test_filters_of_an_upload_stand_in_its_form(web: Web) -> None:
    answer = web.post("/api/search?year_from=1880", files={"image": ("a.png", saved(ORIGINAL, "PNG"), "image/png")})
    assert (answer.status_code, "fields of the form" in answer.json()["detail"]) == (400, True)
