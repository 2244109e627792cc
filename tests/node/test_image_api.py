"""The Image API over the specimen books: the requests of the official validator, with a look at the pixels."""

import asyncio
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from httpx import Response
from litestar.testing import TestClient
from PIL import Image

from api.app import create_app
from core.image_api import read_size
from tests.event_loops import run_coroutine
from tests.iiif_rules import resource_ids
from tests.library import ServedLibrary
from tests.paths import SPECIMEN

SCAN = SPECIMEN / "companion-1843" / "scans"
LD_JSON = 'application/ld+json;profile="http://iiif.io/api/image/3/context.json"'


@pytest.fixture(scope="module")
def picture_source(specimen: ServedLibrary) -> tuple[str, dict[str, Any]]:
    """Return id and document of the largest picture of a book with scans."""
    documents = specimen.documents().items()
    pictures = [(id_, source) for id_, source in documents if "companion-1843" in source["scan"]["file"]]
    return max(pictures, key=lambda item: item[1]["box"]["width"] * item[1]["box"]["height"])


@pytest.fixture(scope="module")
def page_service(specimen: ServedLibrary, picture_source: tuple[str, dict[str, Any]]) -> str:
    """Return the path of the image service of the page that the picture is on."""
    _, source = picture_source
    manifest = specimen.api_client.get(f"/iiif/books/{source['book_id']}/manifest").json()
    canvas = next(item for item in manifest["items"] if item["id"].endswith(f"/{source['page']}"))
    body = canvas["items"][0]["items"][0]["body"]
    assert (body["width"], body["height"]) == (canvas["width"], canvas["height"])
    return str(body["service"][0]["id"]).removeprefix(str(specimen.api_client.base_url).rstrip("/"))


@pytest.fixture(scope="module")
def scan(picture_source: tuple[str, dict[str, Any]]) -> Image.Image:
    return Image.open(SPECIMEN.parent / picture_source[1]["scan"]["file"]).convert("RGB")


def open_image(response: Response) -> Image.Image:
    assert response.status_code == 200, response.text
    return Image.open(BytesIO(response.content))


def mean_difference(image: Image.Image, expected: Image.Image) -> float:
    assert image.size == expected.size
    first, second = (np.asarray(picture.convert("RGB"), dtype=np.int16) for picture in (image, expected))
    return float(np.abs(first - second).mean())


def test_info_json_describes_the_scan(specimen: ServedLibrary, page_service: str, scan: Image.Image) -> None:
    response = specimen.api_client.get(f"{page_service}/info.json", headers={"Origin": "https://viewer.example.org"})
    information = response.json()
    assert response.headers["content-type"] == LD_JSON
    assert response.headers["access-control-allow-origin"] == "*"
    assert read_size(information, "") == scan.size
    assert information["id"].endswith(page_service)
    assert information["@context"] == "http://iiif.io/api/image/3/context.json"
    assert [information[name] for name in ("type", "protocol", "profile")] == [
        "ImageService3",
        "http://iiif.io/api/image",
        "level2",
    ]
    assert information["extraFormats"] == ["webp"]
    assert information["maxArea"] == specimen.settings.max_served_pixels
    as_json = specimen.api_client.get(f"{page_service}/info.json", headers={"Accept": "application/json"})
    assert as_json.headers["content-type"] == "application/json"
    assert as_json.json() == information


def test_the_base_uri_leads_to_info_json(specimen: ServedLibrary, page_service: str) -> None:
    response = specimen.api_client.get(page_service, follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["location"].endswith(f"{page_service}/info.json")


def test_every_size_and_tile_of_info_json_can_be_had(
    specimen: ServedLibrary, page_service: str, scan: Image.Image
) -> None:
    information = specimen.api_client.get(f"{page_service}/info.json").json()
    for size in information["sizes"]:
        image = open_image(
            specimen.api_client.get(f"{page_service}/full/{size['width']},{size['height']}/0/default.jpg")
        )
        assert image.size == (size["width"], size["height"])
    (tiles,) = information["tiles"]
    whole = Image.new("RGB", scan.size)
    for x in range(0, scan.width, tiles["width"]):
        for y in range(0, scan.height, tiles["height"]):
            width, height = min(tiles["width"], scan.width - x), min(tiles["height"], scan.height - y)
            address = f"{page_service}/{x},{y},{width},{height}/{width},{height}/0/default.png"
            whole.paste(open_image(specimen.api_client.get(address)), (x, y))
    assert mean_difference(whole, scan) < 1


@pytest.mark.parametrize(
    ("request_path", "box"),
    [
        ("full/max/0/default.jpg", (0, 0, 1, 1)),
        ("pct:25,50,50,25/!200,200/0/default.png", (0.25, 0.5, 0.75, 0.75)),
        ("full/300,/0/color.webp", (0, 0, 1, 1)),
        ("full/pct:40/0/default.jpg", (0, 0, 1, 1)),
    ],
)
def test_regions_have_the_pixels_of_the_scan(
    specimen: ServedLibrary, page_service: str, scan: Image.Image, request_path: str, box: tuple[float, ...]
) -> None:
    image = open_image(specimen.api_client.get(f"{page_service}/{request_path}"))
    left, top, right, bottom = (round(share * side) for share, side in zip(box, scan.size * 2, strict=True))
    expected = scan.resize(image.size, Image.Resampling.LANCZOS, box=(left, top, right, bottom))
    assert mean_difference(image, expected) < 4


@pytest.mark.parametrize(
    ("request_path", "status"),
    [
        ("nonsense/max/0/default.jpg", 400),
        ("full/nonsense/0/default.jpg", 400),
        ("full/max/nonsense/default.jpg", 400),
        ("full/max/0/nonsense.jpg", 400),
        ("full/max/0/default.nonsense", 400),
        ("full/full/0/default.jpg", 400),
        ("99999,0,10,10/max/0/default.jpg", 400),
        ("full/99999,/0/default.jpg", 400),
        ("full/max/22.5/default.jpg", 400),
        ("full/^max/0/default.jpg", 501),
        ("full/^99999,/0/default.jpg", 501),
        ("full/max/0/default.jpg?size=3", 400),
        ("full/max/0", 404),
        ("full/max/0/default.jpg/more", 404),
    ],
)
def test_errors_are_sentences_in_json(
    specimen: ServedLibrary, page_service: str, request_path: str, status: int
) -> None:
    response = specimen.api_client.get(f"{page_service}/{request_path}")
    assert response.status_code == status
    assert response.json()["detail"].endswith(".")


@pytest.mark.parametrize(
    "identifier",
    [
        "nothing",
        "..",
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "companion-1843%2Fscans%2F0001.jpg",
        "books",
        "a" * 3000,
        "%00",
        "é",
    ],
)
def test_an_identifier_is_looked_up_and_never_a_path(specimen: ServedLibrary, identifier: str) -> None:
    for end in ("info.json", "full/max/0/default.jpg"):
        response = specimen.api_client.get(f"/iiif/image/{identifier}/{end}")
        assert response.status_code in (400, 404), response.text
        assert "root:" not in response.text


def test_headers_for_caches_and_the_canonical_address(specimen: ServedLibrary, page_service: str) -> None:
    address = f"{page_service}/pct:0,0,100,100/,100/360/default.jpg"
    response = specimen.api_client.get(address)
    assert '/0/default.jpg>;rel="canonical"' in response.headers["link"]
    assert '<http://iiif.io/api/image/3/level2.json>;rel="profile"' in response.headers["link"]
    assert "max-age=604800" in response.headers["cache-control"]
    assert "content-encoding" not in response.headers
    etag = response.headers["etag"]
    unchanged = specimen.api_client.get(address, headers={"If-None-Match": etag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    canonical = response.headers["link"].partition(">")[0].removeprefix("<")
    assert specimen.api_client.get(canonical).headers["etag"] == etag
    assert "immutable" not in specimen.api_client.get(f"{address}?v=1").headers["cache-control"], "no such version"
    [hit] = specimen.api_client.get("/api/search", params={"size": 1}).json()["hits"]
    crop = f"/iiif/image/{hit['id']}/full/!90,90/0/default.webp"
    assert "immutable" in specimen.api_client.get(f"{crop}?v={hit['version']}").headers["cache-control"]


def test_a_picture_is_a_part_of_its_scan(
    specimen: ServedLibrary, picture_source: tuple[str, dict[str, Any]], scan: Image.Image
) -> None:
    picture_id, source = picture_source
    box = source["box"]
    edges = (box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"])
    information = specimen.api_client.get(f"/iiif/image/{picture_id}/info.json").json()
    assert read_size(information, "") == (box["width"], box["height"])
    full = open_image(specimen.api_client.get(f"/iiif/image/{picture_id}/full/max/0/default.png"))
    assert mean_difference(full, scan.crop(edges)) < 1
    small = open_image(specimen.api_client.get(f"/iiif/image/{picture_id}/full/!120,120/0/default.png"))
    assert max(small.size) == 120
    assert mean_difference(small, scan.resize(small.size, Image.Resampling.LANCZOS, box=edges)) < 5


def test_without_the_setting_only_crops_are_sent(
    specimen: ServedLibrary, picture_source: tuple[str, dict[str, Any]], page_service: str
) -> None:
    picture_id, source = picture_source
    settings = specimen.settings.model_copy(update={"scans": ""})
    with TestClient(create_app(settings, elasticsearch_url=specimen.url, encoder_loaders={})) as client:
        assert client.get(f"{page_service}/info.json").status_code == 404
        assert client.get(f"{page_service}/full/max/0/default.jpg").status_code == 404
        crop = open_image(client.get(f"/iiif/image/{picture_id}/full/max/0/default.jpg"))
        with Image.open(settings.crops_folder / source["image"].get("large", source["image"]["crop"])) as largest_crop:
            assert crop.size == largest_crop.size
        manifest = client.get(f"/iiif/books/{source['book_id']}/manifest").json()
        bodies = [page["body"] for canvas in manifest["items"] for page in canvas["items"][0]["items"]]
        assert bodies
        assert all("/crops/" in body["id"] for body in bodies)


def test_no_response_tells_where_a_scan_is(
    specimen: ServedLibrary, picture_source: tuple[str, dict[str, Any]], page_service: str
) -> None:
    picture_id, source = picture_source
    addresses = [
        f"/api/pictures/{picture_id}",
        f"/iiif/books/{source['book_id']}/manifest",
        f"/iiif/pictures/{picture_id}/manifest",
        f"{page_service}/info.json",
        f"/api/search?book={source['book_id']}&document=page&document=picture",
        f"/pictures/{picture_id}",
    ]
    for address in addresses:
        text = specimen.api_client.get(address).text
        assert str(SPECIMEN) not in text
        assert source["scan"]["file"] not in text


def test_a_manifest_paints_every_page_of_a_book_from_disk(
    specimen: ServedLibrary, picture_source: tuple[str, dict[str, Any]]
) -> None:
    manifest = specimen.api_client.get(f"/iiif/books/{picture_source[1]['book_id']}/manifest").json()
    assert len(manifest["items"]) == len(list(SCAN.iterdir()))
    assert len(set(resource_ids(manifest))) == len(list(resource_ids(manifest)))
    for canvas in manifest["items"]:
        (painting,) = canvas["items"][0]["items"]
        (service,) = painting["body"]["service"]
        information = specimen.api_client.get(f"{service['id']}/info.json").json()
        assert (information["width"], information["height"]) == (canvas["width"], canvas["height"])
        assert painting["target"] == canvas["id"]
        assert open_image(specimen.api_client.get(canvas["thumbnail"][0]["id"])).height == 200


def test_many_requests_at_once_are_answered(specimen: ServedLibrary, page_service: str) -> None:
    addresses = [f"{page_service}/{x},0,64,64/max/0/default.jpg" for x in range(0, 640, 64)] * 2

    async def get_all() -> list[int]:
        requests = (asyncio.to_thread(specimen.api_client.get, address) for address in addresses)
        return [response.status_code for response in await asyncio.gather(*requests)]

    assert set(run_coroutine(get_all)) == {200}
