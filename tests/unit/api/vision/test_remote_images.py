"""Pictures at an address: only from hosts that the operator named, as files or through the Image API."""

from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

import pytest
from PIL import Image

from api.errors import BadPicture, BadQuestion, ReaderError, TooLarge
from api.search.image_terms import Region, region
from api.vision.remote_images import RemotePictures, remote_client
from core.settings import Settings
from tests.iiif_server import Answer, IIIFServer, iiif_server
from tests.loops import run

LEFT_HALF = region("pct:0,0,50,100")


def encoded(image: Image.Image, kind: str = "PNG") -> bytes:
    file = BytesIO()
    image.save(file, kind)
    return file.getvalue()


def halves() -> Image.Image:
    """Red to the left, blue to the right, larger than what the models see."""
    image = Image.new("RGB", (1400, 1100), "blue")
    image.paste("red", (0, 0, 700, 1100))
    return image


class Got(NamedTuple):
    image: Image.Image
    left: Region | None
    """What is still to be cut."""


@pytest.fixture
def library() -> Iterator[IIIFServer]:
    with iiif_server() as server:
        server.scans["page"] = halves()
        server.documents["/file.png"] = encoded(halves())
        yield server


def fetched(address: str, where: Region | None = None, *, hosts: str, **given: int) -> Got:
    settings = Settings(image_hosts=hosts, **given)  # type: ignore[arg-type]

    async def fetch() -> tuple[bytes, Region | None]:
        async with remote_client(settings) as client:
            return await RemotePictures(client, settings).fetch(address, where)

    data, left = run(fetch)
    return Got(Image.open(BytesIO(data)).convert("RGB"), left)


def host(library: IIIFServer) -> str:
    return library.url.removeprefix("http://")


def test_a_file_comes_whole_and_its_region_is_left_to_cut(library: IIIFServer) -> None:
    got = fetched(f"{library.url}/file.png", LEFT_HALF, hosts=host(library))
    assert (got.image.size, got.left) == ((1400, 1100), LEFT_HALF)


@pytest.mark.parametrize("path", ["", "/", "/info.json", "/full/300,/0/default.jpg"])
def test_a_region_of_an_image_service_is_cut_by_it(library: IIIFServer, path: str) -> None:
    """However the service is named; the size is that at which the index's own pictures were seen."""
    got = fetched(f"{library.service('page')}{path}", LEFT_HALF, hosts=host(library))
    assert (got.image.size, got.left) == ((350, 550), None)
    assert library.asked[-1] == "/image/page/0,0,700,1100/350,/0/default.jpg"
    red, _, blue = got.image.getpixel((got.image.width - 5, 5))  # type: ignore[misc]
    assert red > 200
    assert blue < 50


def test_a_region_in_pixels_is_one_of_the_full_size_picture(library: IIIFServer) -> None:
    fetched(f"{library.service('page')}/full/300,/0/default.jpg", region("700,0,300,200"), hosts=host(library))
    assert library.asked[-1] == "/image/page/700,0,300,200/300,200/0/default.jpg"


def test_a_whole_service_is_asked_for_the_whole_picture(library: IIIFServer) -> None:
    assert fetched(library.service("page"), hosts=host(library)).image.size == (350, 275)


def test_a_server_of_level_1_is_asked_by_width(library: IIIFServer) -> None:
    library.only_widths = True
    assert fetched(library.service("page"), hosts=host(library)).image.width == 350


def test_a_request_for_an_image_is_answered_as_it_stands(library: IIIFServer) -> None:
    got = fetched(f"{library.service('page')}/0,0,700,1100/100,/0/default.jpg", LEFT_HALF, hosts=host(library))
    assert (got.image.width, got.left) == (100, LEFT_HALF)
    assert library.asked == ["/image/page/0,0,700,1100/100,/0/default.jpg"]


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/a.jpg",
        "http://127.0.0.1:9/a.jpg",
        "http://127.0.0.1/a.jpg",
        "http://localhost/a.jpg",
        "http://2130706433/a.jpg",
        "http://[::1]/a.jpg",
        "http://iiif.example.org.evil.example/a.jpg",
        "https://iiif.example.org:8443/a.jpg",
        "https://iiif.example.org:99999999/a.jpg",
    ],
)
@pytest.mark.parametrize("hosts", ["", "iiif.example.org, 127.0.0.1:8000"])
def test_a_host_that_was_not_named_is_not_asked(hosts: str, address: str) -> None:
    with pytest.raises(BadQuestion, match="FRONTISPIECE_IMAGE_HOSTS"):
        fetched(address, hosts=hosts)


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://iiif.example.org/a.jpg",
        "//iiif.example.org/a.jpg",
        "a.jpg",
        "",
        "https://",
        "https://me:secret@iiif.example.org/a.jpg",
        "https://iiif.example.org@evil.example/a.jpg",
        "http://[::1/a.jpg",
        "https://iiif.example.org/\0",
        "https://" + "a" * 70_000,
    ],
)
def test_what_is_no_address_of_the_web_is_told(address: str) -> None:
    with pytest.raises(BadQuestion, match="address"):
        fetched(address, hosts="iiif.example.org")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_a_host_that_was_not_named_is_not_followed(library: IIIFServer, status: int) -> None:
    """The other host is the same server under another name: it would have answered."""
    other = library.url.replace("127.0.0.1", "localhost")
    library.trouble("/file.png", Answer(status, {"Location": f"{other}/file.png"}))
    with pytest.raises(BadQuestion, match="may not fetch pictures from localhost"):
        fetched(f"{library.url}/file.png", hosts=host(library))
    assert library.asked == ["/file.png"]


def test_a_redirect_on_the_same_host_is_followed(library: IIIFServer) -> None:
    library.trouble("/old", Answer(303, {"Location": "/file.png"}))
    assert fetched(f"{library.url}/old", hosts=host(library)).image.size == (1400, 1100)


def test_redirects_in_a_circle_end(library: IIIFServer) -> None:
    library.trouble("/old", *(Answer(302, {"Location": "/old"}) for _ in range(9)))
    with pytest.raises(BadPicture, match="from one address to another"):
        fetched(f"{library.url}/old", hosts=host(library))
    assert len(library.asked) <= 4


@pytest.mark.parametrize(
    ("said", "error", "sentence"),
    [
        (Answer(404), BadPicture, "answers 404"),
        (Answer(403), BadPicture, "answers 403"),
        (Answer(500), BadPicture, "answers 500"),
        (Answer(200, {"Content-Type": "text/html"}, b"<h1>Viewer</h1>"), BadPicture, "has no picture"),
        (Answer(200, {"Content-Type": "application/json"}, b"[" * 20_000), BadPicture, "has no picture"),
        (Answer(200, {"Content-Type": "image/jpeg"}, bytes(50_001)), TooLarge, "larger than"),
        (Answer(302, {"Location": "http://[::1/"}), ReaderError, "at the moment|cannot be read"),
    ],
)
def test_what_is_no_picture_there_is_told(
    library: IIIFServer, said: Answer, error: type[ReaderError], sentence: str
) -> None:
    library.trouble("/elsewhere", said)
    with pytest.raises(error, match=sentence):
        fetched(f"{library.url}/elsewhere", hosts=host(library), upload_bytes=50_000)


@pytest.mark.parametrize(
    "info", [b"", b"[]", b"{}", b'{"width": 0, "height": 9}', b"\xff", b"[" * 20_000, b'{"width": 1e400}']
)
def test_an_info_json_that_says_nothing_is_told(library: IIIFServer, info: bytes) -> None:
    library.documents["/odd/info.json"] = info
    with pytest.raises(BadPicture, match=r"no picture|how large|answers"):
        fetched(f"{library.url}/odd/info.json", hosts=host(library))


def test_a_server_that_is_away_is_told() -> None:
    with iiif_server() as gone:
        pass
    with pytest.raises(BadPicture, match="at the moment"):
        fetched(f"{gone.url}/file.png", hosts=host(gone))


def test_the_server_sees_who_asks(library: IIIFServer) -> None:
    fetched(f"{library.url}/file.png", hosts=host(library))
    assert all(agent.startswith("Frontispiece/") for agent in library.agents)
