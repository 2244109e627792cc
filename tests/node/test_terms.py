"""Several pictures, regions, addresses and weights in one question, on the specimen books and the real node."""

import uuid
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from litestar.testing import TestClient
from PIL import Image

from api.app import create_app
from core.settings import Settings
from tests.iiif_server import Answer, IIIFServer, iiif_server
from tests.library import Library
from tests.node.dozen import Blocks, drawing, filled, picture_id
from tests.paths import SPECIMEN

LIGHTHOUSES = "P4_CB00001", "eSc_textblock_5f161d4e"
SHIPS = "P8_CB00001", "PAG_00000014_IL000001"
"""The same drawing in two books each."""

PLATE = SPECIMEN / "companion-1843" / "scans"
FERN, FERN_BOX = "PAG_00000007_IL000003", "198,814,196,395"
"""One of four pictures on a plate, and where it stands there."""

Ids = dict[str, str]


@pytest.fixture(scope="module")
def ids(specimen: Library) -> Ids:
    """By ALTO id, of which these books have no two alike."""
    return {source["alto_id"]: id_ for id_, source in specimen.documents().items()}


@pytest.fixture(scope="module")
def plate() -> Image.Image:
    return Image.open(sorted(PLATE.iterdir())[6]).convert("RGB")


@pytest.fixture(scope="module")
def server(plate: Image.Image) -> Iterator[IIIFServer]:
    with iiif_server() as server:
        server.scans["plate"] = plate
        yield server


@pytest.fixture(scope="module")
def neighbour(specimen: Library, server: IIIFServer) -> Iterator[Library]:
    """The same books in a service that may fetch from the server."""
    settings = specimen.settings.model_copy(update={"image_hosts": server.url.removeprefix("http://")})
    with TestClient(create_app(settings, elasticsearch_url=specimen.url)) as web:
        yield Library(settings, specimen.url, specimen.report, web)


def found(answer: dict[str, Any]) -> list[str]:
    return [hit["id"] for hit in answer["hits"]]


def png(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def test_two_pictures_together_find_the_copies_of_both(specimen: Library, ids: Ids) -> None:
    answer = specimen.ask(like=[ids[LIGHTHOUSES[0]], ids[SHIPS[0]]])
    assert set(found(answer)[:2]) == {ids[LIGHTHOUSES[1]], ids[SHIPS[1]]}


def test_the_pictures_asked_with_are_no_results(specimen: Library, ids: Ids) -> None:
    asked = {ids[LIGHTHOUSES[0]], ids[SHIPS[0]]}
    assert asked.isdisjoint(found(specimen.ask(like=sorted(asked), size=100)))


def test_the_heavier_picture_has_its_copy_first(specimen: Library, ids: Ids) -> None:
    for heavy, light in ((LIGHTHOUSES, SHIPS), (SHIPS, LIGHTHOUSES)):
        assert found(specimen.ask(like=[f"{ids[heavy[0]]}^3", ids[light[0]]]))[0] == ids[heavy[1]]


def test_a_negative_weight_pushes_the_copies_of_a_picture_to_the_end(specimen: Library, ids: Ids) -> None:
    both = found(specimen.ask(like=[ids[LIGHTHOUSES[0]], ids[SHIPS[0]]], size=100))
    less = found(specimen.ask(like=[ids[LIGHTHOUSES[0]], f"{ids[SHIPS[0]]}^-1"], size=100))
    assert both.index(ids[SHIPS[1]]) < 2
    assert less.index(ids[SHIPS[1]]) == len(less) - 1
    assert less[0] == ids[LIGHTHOUSES[1]]


def test_less_of_a_picture_alone_reorders_what_words_find(specimen: Library, ids: Ids) -> None:
    """Otherwise the question would bring whatever lies farthest from that picture."""
    words = found(specimen.ask(q="fig", size=100))
    assert len(words) > 5
    less = found(specimen.ask(q="fig", like=[f"{ids[SHIPS[0]]}^-1"], size=100))
    assert set(less) == set(words) - {ids[SHIPS[0]]}
    assert less[-1] == ids[SHIPS[1]] != words[-1]


def test_a_region_of_an_upload_finds_the_picture_that_stands_there(
    specimen: Library, ids: Ids, plate: Image.Image
) -> None:
    assert found(specimen.ask_with(plate, xywh=FERN_BOX))[0] == ids[FERN]
    x, y, width, height = map(int, FERN_BOX.split(","))
    sides = (x / plate.width, y / plate.height, width / plate.width, height / plate.height)
    percent = "pct:" + ",".join(f"{100 * side:.3f}" for side in sides)
    assert found(specimen.ask_with(plate, xywh=percent))[0] == ids[FERN]


def test_the_weight_of_an_upload_stays_in_its_address(specimen: Library, ids: Ids, plate: Image.Image) -> None:
    answer = specimen.ask_with(plate, xywh=FERN_BOX, weight="-0.5", like=ids[LIGHTHOUSES[0]], size=100)
    assert answer["vector"].endswith("^-0.5")
    assert found(answer)[0] == ids[LIGHTHOUSES[1]]
    again = specimen.ask(like=ids[LIGHTHOUSES[0]], vector=answer["vector"], size=100)
    assert found(again) == found(answer)


def test_a_second_upload_joins_the_first(specimen: Library, ids: Ids, plate: Image.Image) -> None:
    first = specimen.ask_with(plate, xywh=FERN_BOX)["vector"]
    ship = specimen.crop(specimen.documents()[ids[SHIPS[0]]])
    answer = specimen.ask_with(ship, vector=first)
    assert set(found(answer)[:3]) == {ids[FERN], *(ids[each] for each in SHIPS)}


def test_a_region_of_a_picture_of_the_index_finds_that_picture_and_its_copy(specimen: Library, ids: Ids) -> None:
    """In pixels it is counted on the picture's full size, of which the file may be a smaller copy."""
    lighthouse = ids[LIGHTHOUSES[0]]
    _, _, width, height = specimen.documents()[lighthouse]["box"].values()
    middle = f"{width // 5},{height // 5},{width * 3 // 5},{height * 3 // 5}"
    orders = [found(specimen.ask(like=f"{lighthouse}#xywh={where}")) for where in (middle, "pct:20,20,60,60")]
    for order in orders:
        assert set(order[:2]) == {ids[each] for each in LIGHTHOUSES}
        assert order[0] == lighthouse


def test_a_picture_at_an_address_is_fetched_where_that_is_allowed(
    neighbour: Library, specimen: Library, ids: Ids, server: IIIFServer
) -> None:
    address = f"{server.service('plate')}/full/full/0/default.jpg#xywh={FERN_BOX}"
    assert found(neighbour.ask(image=address))[0] == ids[FERN]
    refused = specimen.web.get("/api/search", params={"image": address})
    assert refused.status_code == 400
    assert "FRONTISPIECE_IMAGE_HOSTS" in refused.json()["detail"]


@pytest.mark.parametrize("path", ["", "/info.json", "/full/500,/0/default.jpg"])
def test_an_image_service_is_asked_for_the_region(neighbour: Library, ids: Ids, server: IIIFServer, path: str) -> None:
    assert found(neighbour.ask(image=f"{server.service('plate')}{path}#xywh={FERN_BOX}"))[0] == ids[FERN]
    assert any(asked.startswith(f"/image/plate/{FERN_BOX}/") for asked in server.asked)


def test_a_file_at_an_address_is_cut_here(neighbour: Library, ids: Ids, server: IIIFServer, plate: Image.Image) -> None:
    server.documents["/plate.png"] = png(plate)
    assert found(neighbour.ask(image=f"{server.url}/plate.png#xywh={FERN_BOX}^2"))[0] == ids[FERN]


def test_paging_does_not_fetch_again(neighbour: Library, server: IIIFServer) -> None:
    address = f"{server.service('plate')}#xywh=100,100,400,400"
    neighbour.ask(image=address, size=5)
    asked = len(server.asked)
    neighbour.ask(image=f"{address}^2", size=5, page=2)
    assert len(server.asked) == asked


def test_a_redirect_to_another_host_is_refused(neighbour: Library, server: IIIFServer, plate: Image.Image) -> None:
    """The other host is the same server under a name that the operator did not give."""
    server.documents["/plate.png"] = png(plate)
    other = server.url.replace("127.0.0.1", "localhost")
    server.trouble("/moved", Answer(302, {"Location": f"{other}/plate.png"}))
    answer = neighbour.web.get("/api/search", params={"image": f"{server.url}/moved"})
    assert (answer.status_code, "localhost" in answer.json()["detail"]) == (400, True)


def test_everything_together_is_one_question(
    neighbour: Library, ids: Ids, server: IIIFServer, plate: Image.Image
) -> None:
    vector = neighbour.ask_with(plate, xywh=FERN_BOX, weight="0.5")["vector"]
    answer = neighbour.ask(
        q="brig",
        like=[f"{ids[SHIPS[0]]}^2", f"{ids[LIGHTHOUSES[0]]}#xywh=pct:0,0,50,50^-0.5"],
        image=f"{server.service('plate')}#xywh={FERN_BOX}",
        vector=vector,
        model="sscd^2",
        publisher=next(
            source["publisher"] for source in neighbour.documents().values() if source["alto_id"] == SHIPS[1]
        ),
        year_from=1800,
        year_to=1899,
    )
    assert {ids[SHIPS[1]], ids[FERN]} == set(found(answer)[:2])
    assert {hit["year"] for hit in answer["hits"]} == {1843}
    assert {"sscd", "caption"} <= set(next(hit["scores"] for hit in answer["hits"] if hit["id"] == ids[SHIPS[1]]))
    assert answer["facets"]["publisher"]


@pytest.mark.parametrize(
    ("question", "status", "sentence"),
    [
        ({"like": "{ship}^"}, 400, "not a number"),
        ({"like": "{ship}^0"}, 400, "is not 0"),
        ({"like": "{ship}^101"}, 400, "between"),
        ({"like": "{ship}#xywh=1,2,3"}, 400, "cannot be read"),
        ({"like": "{ship}#xywh=0,0,0,9"}, 400, "is empty"),
        ({"like": "{ship}#xywh=99999,0,9,9"}, 400, "outside the picture"),
        ({"like": "{ship}^-1"}, 400, "add words"),
        ({"like": ["{ship}", "{ship}^-1"]}, 400, "cancel each other out"),
        ({"like": ["{ship}#xywh=0,0,9,9"] * 9}, 400, "8 addresses and regions"),
        ({"like": ["{ship}"] * 30, "vector": ["x"] * 30}, 400, "50 pictures"),
        ({"like": "nobody"}, 404, "no picture"),
        ({"like": "nobody#xywh=0,0,9,9"}, 404, "no picture"),
        ({"vector": "rubbish^2"}, 400, "Upload the picture again"),
        ({"image": "file:///etc/passwd"}, 400, "begins with"),
        ({"image": "{server}/nothing"}, 400, "answers 404"),
        ({"image": "{server}/2/manifest"}, 400, "has no picture"),
        ({"image": "{server}/text"}, 400, "use JPEG, PNG"),
        ({"image": "{server}/image/plate#xywh=5000,0,9,9"}, 400, "outside the picture"),
        ({"like": "{ship}", "model": "sscd^-1"}, 400, "must be above 0"),
        ({"like": "{ship}", "model": "sscd^x"}, 400, "not a number"),
        ({"like": "{ship}", "model": "other^2"}, 400, "no model “other”"),
    ],
)
def test_what_cannot_be_asked_is_told_in_a_sentence(
    neighbour: Library, ids: Ids, server: IIIFServer, *, question: dict[str, Any], status: int, sentence: str
) -> None:
    server.documents["/text"] = b"hello"
    known = {"ship": ids[SHIPS[0]], "server": server.url}
    asked = {
        name: [each.format_map(known) for each in (value if isinstance(value, list) else [value])]
        for name, value in question.items()
    }
    answer = neighbour.web.get("/api/search", params=asked)
    assert (answer.status_code, sentence in answer.json()["detail"]) == (status, True), answer.text
    page = neighbour.web.get("/", params=asked)
    assert page.status_code == status


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"xywh": "1,2,3"}, "cannot be read"),
        ({"xywh": "9999,0,1,1"}, "outside the picture"),
        ({"weight": "0"}, "is not 0"),
        ({"weight": "1000"}, "between"),
        ({"weight": "-1"}, "add words"),
    ],
)
def test_an_upload_that_cannot_be_asked_so_is_told(specimen: Library, fields: dict[str, str], sentence: str) -> None:
    file = {"image": ("a.png", png(Image.new("RGB", (60, 60), "red")), "image/png")}
    answer = specimen.web.post("/api/search", files=file, data=fields)
    assert (answer.status_code, sentence in answer.json()["detail"]) == (400, True), answer.text


@pytest.fixture(scope="module")
def elsewhere(
    client: Elasticsearch, node_url: str, server: IIIFServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient[Any]]:
    """A dozen pictures whose files are not on this machine; the first is known to the server."""
    server.scans["drawing"] = drawing(0).resize((640, 640))
    given = Settings(
        alias=f"test-{uuid.uuid4().hex}",
        data=Path(tmp_path_factory.mktemp("empty")),
        image_hosts=server.url.removeprefix("http://"),
    )
    region = f"{server.service('drawing')}/0,0,640,640/full/0/default.jpg"
    known = {"image": {"region": region}, "box": {"x": 0, "y": 0, "width": 640, "height": 640}}
    with filled(client, given.alias, [Blocks()]) as indices:
        client.update(index=indices.pictures.name, id=picture_id(0), doc=known, refresh=True)
        with TestClient(create_app(given, elasticsearch_url=node_url, encoders={"sscd": Blocks})) as web:
            yield web


def test_a_region_of_a_picture_without_a_file_comes_from_its_library(
    elsewhere: TestClient[Any], server: IIIFServer
) -> None:
    asked = {"like": f"{picture_id(0)}#xywh=pct:0,0,100,100"}
    answer = elsewhere.get("/api/search", params=asked)
    assert answer.status_code == 200, answer.text
    assert found(answer.json())[0] == picture_id(0)
    assert "/image/drawing/0,0,640,640/320,320/0/default.jpg" in server.asked


def test_a_library_that_may_not_be_asked_is_told(elsewhere: TestClient[Any]) -> None:
    answer = elsewhere.get("/api/search", params={"like": f"{picture_id(1)}#xywh=0,0,32,32"})
    assert answer.status_code == 400
    assert "may not fetch pictures from iiif.example.org" in answer.json()["detail"]
