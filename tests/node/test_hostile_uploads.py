"""Uploads that must be refused, and image formats that must work."""

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
from tests.node.twelve_pictures import ColourGridEncoder, drawing, picture_id, temporary_collection

ApiClient = TestClient[Any]


@pytest.fixture(scope="module")
def api_client(client: Elasticsearch, node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiClient]:
    settings = Settings(
        alias=f"test-{uuid.uuid4().hex}", data=tmp_path_factory.mktemp("data"), max_upload_bytes=2_000_000
    )
    with (
        temporary_collection(client, settings.alias, [ColourGridEncoder()]),
        TestClient(
            create_app(settings, elasticsearch_url=node_url, encoder_loaders={"sscd": ColourGridEncoder})
        ) as api_client,
    ):
        yield api_client


def image_bytes(image: Image.Image, image_format: str, **options: Any) -> bytes:
    buffer = BytesIO()
    image.save(buffer, image_format, **options)
    return buffer.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """Return a PNG of 70 bytes whose header gives dimensions larger than any memory."""

    def chunk(chunk_type: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + chunk_type + data + struct.pack(">I", zlib.crc32(chunk_type + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    )


LARGE_PICTURE = drawing(4).resize((900, 900))
REFUSED_UPLOADS: dict[str, tuple[bytes, int, str]] = {
    "truncated JPEG": (image_bytes(LARGE_PICTURE, "JPEG")[:2_000], 400, "Use JPEG, PNG"),
    "truncated PNG": (image_bytes(LARGE_PICTURE, "PNG")[:300], 400, "Use JPEG, PNG"),
    "bomb": (png_claiming(50_000, 50_000), 413, "million pixels"),
    "bomb of one row": (png_claiming(2**31 - 1, 1), 413, "million pixels"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 400, "Use JPEG, PNG"),
    "HTML": (b"<!doctype html><script>alert(1)</script>", 400, "Use JPEG, PNG"),
    "PDF": (b"%PDF-1.7\n1 0 obj", 400, "Use JPEG, PNG"),
    "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", 400, "Use JPEG, PNG"),
    "nothing but a JPEG's beginning": (b"\xff\xd8\xff\xe0", 400, "Use JPEG, PNG"),
    "zeros": (bytes(5_000), 400, "Use JPEG, PNG"),
    "no bytes": (b"", 400, "choose a file first"),
    "over the limit": (b"\xff\xd8\xff" + bytes(2_000_001), 413, "smaller"),
}


@pytest.mark.parametrize("case", REFUSED_UPLOADS)
def test_invalid_files_are_refused_by_page_and_api(api_client: ApiClient, case: str) -> None:
    data, status, sentence = REFUSED_UPLOADS[case]
    response = api_client.post("/api/search", files={"image": ("photo.jpg", data, "image/jpeg")})
    assert (response.status_code, sentence in response.json()["detail"]) == (status, True), response.text
    page = api_client.post("/", files={"image": ("photo.jpg", data, "image/jpeg")}, data={"q": "puffin"})
    assert (page.status_code, sentence in page.text) == (status, True)
    assert "Traceback" not in page.text


def sixteen_bit_image(image: Image.Image) -> Image.Image:
    return Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257)


def exif_rotated_jpeg(image: Image.Image) -> bytes:
    """Return a JPEG as a phone saves it: stored sideways, with the orientation in EXIF."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return image_bytes(image.rotate(90, expand=True), "JPEG", exif=exif, quality=95)


ORIGINAL = drawing(8).resize((160, 160))
ACCEPTED_UPLOADS: dict[str, bytes] = {
    "animated WebP": image_bytes(
        ORIGINAL, "WEBP", save_all=True, append_images=[drawing(9).resize((160, 160))], quality=95
    ),
    "animated GIF": image_bytes(
        ORIGINAL.quantize(), "GIF", save_all=True, append_images=[drawing(9).resize((160, 160))]
    ),
    "16-bit PNG": image_bytes(sixteen_bit_image(ORIGINAL), "PNG"),
    "CMYK JPEG": image_bytes(ORIGINAL.convert("CMYK"), "JPEG", quality=95),
    "turned by EXIF": exif_rotated_jpeg(ORIGINAL),
    "one bit": image_bytes(ORIGINAL.convert("1"), "TIFF"),
    "palette with transparency": image_bytes(ORIGINAL.quantize(), "PNG", transparency=0),
    "one pixel": image_bytes(Image.new("RGB", (1, 1), "red"), "PNG"),
    "a line": image_bytes(Image.new("L", (2_000, 1)), "PNG"),
}
CASES_WITH_COLOUR = {"animated WebP", "animated GIF", "CMYK JPEG", "turned by EXIF"}


@pytest.mark.parametrize("case", ACCEPTED_UPLOADS)
def test_every_image_format_is_accepted(api_client: ApiClient, case: str) -> None:
    response = api_client.post(
        "/api/search", files={"image": ("photo", ACCEPTED_UPLOADS[case], "application/octet-stream")}
    )
    assert response.status_code == 200, response.text
    if case in CASES_WITH_COLOUR:
        assert response.json()["hits"][0]["id"] == picture_id(8)


def form_data(value: bytes, *, headers: bytes = b'; name="q"', count: int = 1, closing: bytes = b"--b--\r\n") -> bytes:
    return (b"--b\r\nContent-Disposition: form-data" + headers + b"\r\n\r\n" + value + b"\r\n") * count + closing


FILE_HEADERS = b'; name="image"; filename="a.jpg"'
FORM_CONTENT_TYPE = "multipart/form-data; boundary=b"
BROKEN_FORMS: dict[str, tuple[bytes, str]] = {
    "no boundary": (form_data(b"x", headers=FILE_HEADERS), "multipart/form-data"),
    "never ends": (form_data(b"x", headers=FILE_HEADERS, closing=b""), FORM_CONTENT_TYPE),
    "empty body": (b"", FORM_CONTENT_TYPE),
    "another boundary": (form_data(b"x", headers=FILE_HEADERS), "multipart/form-data; boundary=c"),
    "no name": (form_data(b"x", headers=b""), FORM_CONTENT_TYPE),
    "no headers": (b"--b\r\n\r\nx\r\n--b--\r\n", FORM_CONTENT_TYPE),
    "binary text": (form_data(b"\x89\xff"), FORM_CONTENT_TYPE),
    "no such encoding": (
        form_data(b"x", headers=b'; name="q"\r\nContent-Type: text/plain; charset=martian'),
        FORM_CONTENT_TYPE,
    ),
    "ten thousand parts": (form_data(b"x", count=10_000), FORM_CONTENT_TYPE),
    "urlencoded": (b"image=x", "application/x-www-form-urlencoded"),
    "JSON": (b'{"image": "x"}', "application/json"),
    "a bare picture": (image_bytes(ORIGINAL, "JPEG"), "image/jpeg"),
    "no type that exists": (b"x", ";;;"),
}


@pytest.mark.parametrize("case", BROKEN_FORMS)
@pytest.mark.parametrize("path", ["/api/search", "/"])
def test_error_for_a_malformed_form_describes_the_expected_fields(api_client: ApiClient, path: str, case: str) -> None:
    body, content_type = BROKEN_FORMS[case]
    response = api_client.post(path, content=body, headers={"Content-Type": content_type})
    assert response.status_code in (400, 413), response.text
    assert "form" in response.text
    assert "Traceback" not in response.text


def test_second_image_file_is_refused(api_client: ApiClient) -> None:
    files = [("image", ("a.jpg", image_bytes(drawing(number), "PNG"), "image/png")) for number in (8, 9)]
    response = api_client.post("/api/search", files=files)
    assert response.status_code == 400
    assert "only one" in response.json()["detail"]


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
def test_error_names_the_invalid_form_field(api_client: ApiClient, fields: dict[str, str]) -> None:
    response = api_client.post(
        "/api/search", files={"image": ("a.png", image_bytes(ORIGINAL, "PNG"), "image/png")}, data=fields
    )
    assert response.status_code == 400
    assert f"`{next(iter(fields))}`" in response.json()["detail"]


def test_filters_of_an_upload_come_from_its_form(api_client: ApiClient) -> None:
    response = api_client.post(
        "/api/search?year_from=1880", files={"image": ("a.png", image_bytes(ORIGINAL, "PNG"), "image/png")}
    )
    assert (response.status_code, "as form fields" in response.json()["detail"]) == (400, True)
