"""Search requests with several pictures, regions, URLs and weights, on the specimen books and a real node."""

import uuid
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from elasticsearch import Elasticsearch
from litestar.testing import TestClient
from PIL import Image

from api.app import create_app
from core.settings import Settings
from tests.iiif_server import CannedResponse, IIIFServer, run_iiif_server
from tests.library import ServedLibrary
from tests.node.twelve_pictures import ColourGridEncoder, drawing, picture_id, temporary_collection
from tests.paths import SPECIMEN

LIGHTHOUSES = "P4_CB00001", "eSc_textblock_5f161d4e"
SHIPS = "P8_CB00001", "PAG_00000014_IL000001"
"""The same drawing in two books each."""

SCAN_FOLDER = SPECIMEN / "companion-1843" / "scans"
FERN_ALTO_ID, FERN_BOX = "PAG_00000007_IL000003", "198,814,196,395"
"""One of four pictures on a plate, and where it stands there."""

IdsByAltoId = dict[str, str]


@pytest.fixture(scope="module")
def ids_by_alto_id(specimen: ServedLibrary) -> IdsByAltoId:
    """Return ALTO id → picture id; ALTO ids are unique in these books."""
    return {source["alto_id"]: id_ for id_, source in specimen.documents().items()}


@pytest.fixture(scope="module")
def plate_scan() -> Image.Image:
    return Image.open(sorted(SCAN_FOLDER.iterdir())[6]).convert("RGB")


@pytest.fixture(scope="module")
def image_server(plate_scan: Image.Image) -> Iterator[IIIFServer]:
    with run_iiif_server() as image_server:
        image_server.scans["plate"] = plate_scan
        yield image_server


@pytest.fixture(scope="module")
def fetching_library(specimen: ServedLibrary, image_server: IIIFServer) -> Iterator[ServedLibrary]:
    """Yield the same books in a service that may fetch images from the server."""
    settings = specimen.settings.model_copy(update={"allowed_image_hosts": image_server.url.removeprefix("http://")})
    with TestClient(create_app(settings, elasticsearch_url=specimen.url)) as api_client:
        yield ServedLibrary(settings, specimen.url, specimen.report, api_client)


def hit_ids(response: dict[str, Any]) -> list[str]:
    return [hit["id"] for hit in response["hits"]]


def png_bytes(image: Image.Image) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def test_two_pictures_find_the_copies_of_both(specimen: ServedLibrary, ids_by_alto_id: IdsByAltoId) -> None:
    response = specimen.search(like=[ids_by_alto_id[LIGHTHOUSES[0]], ids_by_alto_id[SHIPS[0]]])
    assert set(hit_ids(response)[:2]) == {ids_by_alto_id[LIGHTHOUSES[1]], ids_by_alto_id[SHIPS[1]]}


def test_pictures_of_the_request_are_not_results(specimen: ServedLibrary, ids_by_alto_id: IdsByAltoId) -> None:
    query_ids = {ids_by_alto_id[LIGHTHOUSES[0]], ids_by_alto_id[SHIPS[0]]}
    assert query_ids.isdisjoint(hit_ids(specimen.search(like=sorted(query_ids), size=100)))


def test_copy_of_the_heavier_picture_ranks_first(specimen: ServedLibrary, ids_by_alto_id: IdsByAltoId) -> None:
    for heavier, lighter in ((LIGHTHOUSES, SHIPS), (SHIPS, LIGHTHOUSES)):
        assert (
            hit_ids(specimen.search(like=[f"{ids_by_alto_id[heavier[0]]}^3", ids_by_alto_id[lighter[0]]]))[0]
            == ids_by_alto_id[heavier[1]]
        )


def test_negative_weight_ranks_copies_last(specimen: ServedLibrary, ids_by_alto_id: IdsByAltoId) -> None:
    ids_for_both = hit_ids(specimen.search(like=[ids_by_alto_id[LIGHTHOUSES[0]], ids_by_alto_id[SHIPS[0]]], size=100))
    ids_with_negative = hit_ids(
        specimen.search(like=[ids_by_alto_id[LIGHTHOUSES[0]], f"{ids_by_alto_id[SHIPS[0]]}^-1"], size=100)
    )
    assert ids_for_both.index(ids_by_alto_id[SHIPS[1]]) < 2
    assert ids_with_negative.index(ids_by_alto_id[SHIPS[1]]) == len(ids_with_negative) - 1
    assert ids_with_negative[0] == ids_by_alto_id[LIGHTHOUSES[1]]


def test_negative_picture_alone_reorders_results_of_words(specimen: ServedLibrary, ids_by_alto_id: IdsByAltoId) -> None:
    """Otherwise the search would return the pictures that are farthest from this one."""
    ids_for_words = hit_ids(specimen.search(q="fig", size=100))
    assert len(ids_for_words) > 5
    ids_with_negative = hit_ids(specimen.search(q="fig", like=[f"{ids_by_alto_id[SHIPS[0]]}^-1"], size=100))
    assert set(ids_with_negative) == set(ids_for_words) - {ids_by_alto_id[SHIPS[0]]}
    assert ids_with_negative[-1] == ids_by_alto_id[SHIPS[1]] != ids_for_words[-1]


def test_region_of_an_upload_finds_its_picture(
    specimen: ServedLibrary, ids_by_alto_id: IdsByAltoId, plate_scan: Image.Image
) -> None:
    assert hit_ids(specimen.search_by_image(plate_scan, xywh=FERN_BOX))[0] == ids_by_alto_id[FERN_ALTO_ID]
    x, y, width, height = map(int, FERN_BOX.split(","))
    sides = (x / plate_scan.width, y / plate_scan.height, width / plate_scan.width, height / plate_scan.height)
    percent = "pct:" + ",".join(f"{100 * side:.3f}" for side in sides)
    assert hit_ids(specimen.search_by_image(plate_scan, xywh=percent))[0] == ids_by_alto_id[FERN_ALTO_ID]


def test_vector_parameter_contains_the_weight_of_an_upload(
    specimen: ServedLibrary, ids_by_alto_id: IdsByAltoId, plate_scan: Image.Image
) -> None:
    response = specimen.search_by_image(
        plate_scan, xywh=FERN_BOX, weight="-0.5", like=ids_by_alto_id[LIGHTHOUSES[0]], size=100
    )
    assert response["vector"].endswith("^-0.5")
    assert hit_ids(response)[0] == ids_by_alto_id[LIGHTHOUSES[1]]
    second_response = specimen.search(like=ids_by_alto_id[LIGHTHOUSES[0]], vector=response["vector"], size=100)
    assert hit_ids(second_response) == hit_ids(response)


def test_second_upload_is_added_to_the_first(
    specimen: ServedLibrary, ids_by_alto_id: IdsByAltoId, plate_scan: Image.Image
) -> None:
    first_vector = specimen.search_by_image(plate_scan, xywh=FERN_BOX)["vector"]
    ship = specimen.open_crop(specimen.documents()[ids_by_alto_id[SHIPS[0]]])
    response = specimen.search_by_image(ship, vector=first_vector)
    assert set(hit_ids(response)[:3]) == {ids_by_alto_id[FERN_ALTO_ID], *(ids_by_alto_id[alto_id] for alto_id in SHIPS)}


def test_region_of_an_indexed_picture_finds_its_copy_and_not_itself(
    specimen: ServedLibrary, ids_by_alto_id: IdsByAltoId
) -> None:
    """Pixel regions refer to the picture's full size, of which the file may be a smaller copy."""
    lighthouse = ids_by_alto_id[LIGHTHOUSES[0]]
    _, _, width, height = specimen.documents()[lighthouse]["box"].values()
    middle_region = f"{width // 5},{height // 5},{width * 3 // 5},{height * 3 // 5}"
    orders = [
        hit_ids(specimen.search(like=f"{lighthouse}#xywh={region}")) for region in (middle_region, "pct:20,20,60,60")
    ]
    for order in orders:
        assert order[0] == ids_by_alto_id[LIGHTHOUSES[1]]
        assert lighthouse not in order


def test_the_address_of_a_page_searches_with_its_scan(specimen: ServedLibrary, ids_by_alto_id: IdsByAltoId) -> None:
    """A IIIF viewer gives such an address; the index has no vectors of whole pages."""
    hit = specimen.api_client.get(f"/api/pictures/{quote(ids_by_alto_id['P4_CB00001'], safe='')}").json()
    page = f"/iiif/image/{quote(hit['page_id'], safe='')}"
    region = ",".join(str(hit["box"][side]) for side in ("x", "y", "width", "height"))
    assert specimen.search(image=f"{page}/{region}/max/0/default.jpg")["hits"][0]["id"] == hit["id"]
    assert specimen.search(image=page)["hits"]
    refused = specimen.api_client.get("/api/search", params={"image": f"{page}nowhere"})
    assert refused.status_code == 404
    assert "There is no picture" in refused.json()["detail"]


def test_image_is_fetched_from_an_allowed_host(
    fetching_library: ServedLibrary, specimen: ServedLibrary, ids_by_alto_id: IdsByAltoId, image_server: IIIFServer
) -> None:
    address = f"{image_server.service_url('plate')}/full/full/0/default.jpg#xywh={FERN_BOX}"
    assert hit_ids(fetching_library.search(image=address))[0] == ids_by_alto_id[FERN_ALTO_ID]
    refusal = specimen.api_client.get("/api/search", params={"image": address})
    assert refusal.status_code == 400
    assert "FRONTISPIECE_ALLOWED_IMAGE_HOSTS" in refusal.json()["detail"]


@pytest.mark.parametrize("path", ["", "/info.json", "/full/500,/0/default.jpg"])
def test_region_is_requested_from_the_image_service(
    fetching_library: ServedLibrary, ids_by_alto_id: IdsByAltoId, image_server: IIIFServer, path: str
) -> None:
    assert (
        hit_ids(fetching_library.search(image=f"{image_server.service_url('plate')}{path}#xywh={FERN_BOX}"))[0]
        == ids_by_alto_id[FERN_ALTO_ID]
    )
    assert any(
        requested_path.startswith(f"/image/plate/{FERN_BOX}/") for requested_path in image_server.requested_paths
    )


def test_region_of_a_plain_file_is_cropped_by_the_service(
    fetching_library: ServedLibrary, ids_by_alto_id: IdsByAltoId, image_server: IIIFServer, plate_scan: Image.Image
) -> None:
    image_server.documents["/plate.png"] = png_bytes(plate_scan)
    assert (
        hit_ids(fetching_library.search(image=f"{image_server.url}/plate.png#xywh={FERN_BOX}^2"))[0]
        == ids_by_alto_id[FERN_ALTO_ID]
    )


def test_paging_does_not_fetch_the_image_again(fetching_library: ServedLibrary, image_server: IIIFServer) -> None:
    address = f"{image_server.service_url('plate')}#xywh=100,100,400,400"
    fetching_library.search(image=address, size=5)
    request_count = len(image_server.requested_paths)
    fetching_library.search(image=f"{address}^2", size=5, page=2)
    assert len(image_server.requested_paths) == request_count


def test_redirect_to_another_host_is_refused(
    fetching_library: ServedLibrary, image_server: IIIFServer, plate_scan: Image.Image
) -> None:
    """The other host is the same server under a name that is not in the settings; readers do not learn the name."""
    image_server.documents["/plate.png"] = png_bytes(plate_scan)
    other_host_url = image_server.url.replace("127.0.0.1", "localhost")
    image_server.queue_responses("/moved", CannedResponse(302, {"Location": f"{other_host_url}/plate.png"}))
    response = fetching_library.api_client.get("/api/search", params={"image": f"{image_server.url}/moved"})
    detail = response.json()["detail"]
    assert (response.status_code, "redirects to an address" in detail, "localhost" in detail) == (400, True, False)


def test_all_image_parameters_work_in_one_request(
    fetching_library: ServedLibrary, ids_by_alto_id: IdsByAltoId, image_server: IIIFServer, plate_scan: Image.Image
) -> None:
    vector = fetching_library.search_by_image(plate_scan, xywh=FERN_BOX, weight="0.5")["vector"]
    response = fetching_library.search(
        q="brig",
        like=[f"{ids_by_alto_id[SHIPS[0]]}^2", f"{ids_by_alto_id[LIGHTHOUSES[0]]}#xywh=pct:0,0,50,50^-0.5"],
        image=f"{image_server.service_url('plate')}#xywh={FERN_BOX}",
        vector=vector,
        model="sscd^2",
        publisher=next(
            source["publisher"] for source in fetching_library.documents().values() if source["alto_id"] == SHIPS[1]
        ),
        year_from=1800,
        year_to=1899,
    )
    assert {ids_by_alto_id[SHIPS[1]], ids_by_alto_id[FERN_ALTO_ID]} == set(hit_ids(response)[:2])
    assert {hit["year"] for hit in response["hits"]} == {1843}
    assert {"sscd", "caption"} <= set(
        next(hit["scores"] for hit in response["hits"] if hit["id"] == ids_by_alto_id[SHIPS[1]])
    )
    assert response["facets"]["publisher"]


@pytest.mark.parametrize(
    ("query_params", "status", "sentence"),
    [
        ({"like": "{ship}^"}, 400, "not a number"),
        ({"like": "{ship}^0"}, 400, "is not valid"),
        ({"like": "{ship}^101"}, 400, "between"),
        ({"like": "{ship}#xywh=1,2,3"}, 400, "cannot be read"),
        ({"like": "{ship}#xywh=0,0,0,9"}, 400, "is empty"),
        ({"like": "{ship}#xywh=99999,0,9,9"}, 400, "outside the picture"),
        ({"like": "{ship}^-1"}, 400, "add words"),
        ({"like": ["{ship}", "{ship}^-1"]}, 400, "cancel each other out"),
        ({"like": ["{ship}#xywh=0,0,9,9"] * 9}, 400, "8 picture URLs and regions"),
        ({"like": ["{ship}"] * 30, "vector": ["x"] * 30}, 400, "50 pictures"),
        ({"like": "nobody"}, 404, "no picture"),
        ({"like": "nobody#xywh=0,0,9,9"}, 404, "no picture"),
        ({"vector": "rubbish^2"}, 400, "Upload the picture again"),
        ({"image": "file:///etc/passwd"}, 400, "must begin with"),
        ({"image": "{server}/nothing"}, 400, "answers 404"),
        ({"image": "{server}/2/manifest"}, 400, "has no picture"),
        ({"image": "{server}/text"}, 400, "Use JPEG, PNG"),
        ({"image": "{server}/image/plate#xywh=5000,0,9,9"}, 400, "outside the picture"),
        ({"like": "{ship}", "model": "sscd^-1"}, 400, "must be above 0"),
        ({"like": "{ship}", "model": "sscd^x"}, 400, "not a number"),
        ({"like": "{ship}", "model": "other^2"}, 400, "no model “other”"),
    ],
)
def test_invalid_image_terms_are_refused_with_a_sentence(
    fetching_library: ServedLibrary,
    ids_by_alto_id: IdsByAltoId,
    image_server: IIIFServer,
    *,
    query_params: dict[str, Any],
    status: int,
    sentence: str,
) -> None:
    image_server.documents["/text"] = b"hello"
    placeholders = {"ship": ids_by_alto_id[SHIPS[0]], "server": image_server.url}
    params = {
        name: [param_value.format_map(placeholders) for param_value in (value if isinstance(value, list) else [value])]
        for name, value in query_params.items()
    }
    response = fetching_library.api_client.get("/api/search", params=params)
    assert (response.status_code, sentence in response.json()["detail"]) == (status, True), response.text
    page = fetching_library.api_client.get("/", params=params)
    assert page.status_code == status


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"xywh": "1,2,3"}, "cannot be read"),
        ({"xywh": "9999,0,1,1"}, "outside the picture"),
        ({"weight": "0"}, "is not valid"),
        ({"weight": "1000"}, "between"),
        ({"weight": "-1"}, "add words"),
    ],
)
def test_invalid_uploads_are_refused_with_a_sentence(
    specimen: ServedLibrary, fields: dict[str, str], sentence: str
) -> None:
    upload = {"image": ("a.png", png_bytes(Image.new("RGB", (60, 60), "red")), "image/png")}
    response = specimen.api_client.post("/api/search", files=upload, data=fields)
    assert (response.status_code, sentence in response.json()["detail"]) == (400, True), response.text


@pytest.fixture(scope="module")
def client_without_files(
    client: Elasticsearch, node_url: str, image_server: IIIFServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient[Any]]:
    """Yield a client for twelve pictures without local files; the server has the first one."""
    image_server.scans["drawing"] = drawing(0).resize((640, 640))
    settings = Settings(
        alias=f"test-{uuid.uuid4().hex}",
        data=Path(tmp_path_factory.mktemp("empty")),
        allowed_image_hosts=image_server.url.removeprefix("http://"),
    )
    region = f"{image_server.service_url('drawing')}/0,0,640,640/full/0/default.jpg"
    image_fields = {"image": {"region": region}, "box": {"x": 0, "y": 0, "width": 640, "height": 640}}
    with temporary_collection(client, settings.alias, [ColourGridEncoder()]) as collection:
        client.update(index=collection.pictures.name, id=picture_id(0), doc=image_fields, refresh=True)
        with TestClient(
            create_app(settings, elasticsearch_url=node_url, encoder_loaders={"sscd": ColourGridEncoder})
        ) as api_client:
            yield api_client


def test_region_without_a_local_crop_is_fetched_from_the_image_service(
    client_without_files: TestClient[Any], image_server: IIIFServer
) -> None:
    params = {"like": f"{picture_id(0)}#xywh=pct:0,0,100,100"}
    response = client_without_files.get("/api/search", params=params)
    assert response.status_code == 200, response.text
    assert picture_id(0) not in hit_ids(response.json())
    assert "/image/drawing/0,0,640,640/320,320/0/default.jpg" in image_server.requested_paths


def test_region_from_a_host_that_is_not_allowed_is_refused(client_without_files: TestClient[Any]) -> None:
    response = client_without_files.get("/api/search", params={"like": f"{picture_id(1)}#xywh=0,0,32,32"})
    assert response.status_code == 400
    assert "may not fetch pictures from iiif.example.org" in response.json()["detail"]
