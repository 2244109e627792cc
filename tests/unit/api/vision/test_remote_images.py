"""Images at a URL: only from allowed hosts, as plain files or through the Image API."""

from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

import pytest
from PIL import Image

from api.errors import InvalidImage, InvalidRequest, UploadTooLarge, UserFacingError
from api.search.image_terms import ImageRegion, parse_region
from api.vision.remote_images import RemoteImages, create_image_client
from core.settings import Settings
from tests.event_loops import run_coroutine
from tests.iiif_server import CannedResponse, IIIFServer, run_iiif_server

pytestmark = pytest.mark.network

LEFT_HALF = parse_region("pct:0,0,50,100")


def encode_image(image: Image.Image, image_format: str = "PNG") -> bytes:
    file = BytesIO()
    image.save(file, image_format)
    return file.getvalue()


def red_and_blue_image() -> Image.Image:
    """Return a picture that is red on the left and blue on the right, larger than the models' input."""
    image = Image.new("RGB", (1400, 1100), "blue")
    image.paste("red", (0, 0, 700, 1100))
    return image


class FetchedImage(NamedTuple):
    image: Image.Image
    remaining_region: ImageRegion | None
    """The region that remains to be cropped."""


@pytest.fixture
def library() -> Iterator[IIIFServer]:
    with run_iiif_server() as server:
        server.scans["page"] = red_and_blue_image()
        server.documents["/file.png"] = encode_image(red_and_blue_image())
        yield server


def fetch_image(
    address: str, image_region: ImageRegion | None = None, *, hosts: str, **other_settings: int
) -> FetchedImage:
    settings = Settings(allowed_image_hosts=hosts, **other_settings)  # type: ignore[arg-type]

    async def fetch() -> tuple[bytes, ImageRegion | None]:
        async with create_image_client(settings) as client:
            return await RemoteImages(client, settings).fetch(address, image_region)

    data, remaining_region = run_coroutine(fetch)
    return FetchedImage(Image.open(BytesIO(data)).convert("RGB"), remaining_region)


def host_of(library: IIIFServer) -> str:
    return library.url.removeprefix("http://")


def test_plain_file_is_returned_whole_with_its_region(library: IIIFServer) -> None:
    fetched_image = fetch_image(f"{library.url}/file.png", LEFT_HALF, hosts=host_of(library))
    assert (fetched_image.image.size, fetched_image.remaining_region) == ((1400, 1100), LEFT_HALF)


@pytest.mark.parametrize("path", ["", "/", "/info.json", "/full/300,/0/default.jpg"])
def test_image_service_crops_the_region(library: IIIFServer, path: str) -> None:
    """This holds for every form of the service's URL; the size is that of the indexed pictures."""
    fetched_image = fetch_image(f"{library.service_url('page')}{path}", LEFT_HALF, hosts=host_of(library))
    assert (fetched_image.image.size, fetched_image.remaining_region) == ((350, 550), None)
    assert library.requested_paths[-1] == "/image/page/0,0,700,1100/350,/0/default.jpg"
    red, _, blue = fetched_image.image.getpixel((fetched_image.image.width - 5, 5))  # type: ignore[misc]
    assert red > 200
    assert blue < 50


def test_pixel_region_refers_to_the_full_image(library: IIIFServer) -> None:
    fetch_image(
        f"{library.service_url('page')}/full/300,/0/default.jpg", parse_region("700,0,300,200"), hosts=host_of(library)
    )
    assert library.requested_paths[-1] == "/image/page/700,0,300,200/300,200/0/default.jpg"


def test_image_service_without_region_returns_the_full_image(library: IIIFServer) -> None:
    assert fetch_image(library.service_url("page"), hosts=host_of(library)).image.size == (350, 275)


def test_level_1_server_is_requested_by_width(library: IIIFServer) -> None:
    library.accepts_width_only = True
    assert fetch_image(library.service_url("page"), hosts=host_of(library)).image.width == 350


def test_image_request_url_is_fetched_unchanged(library: IIIFServer) -> None:
    fetched_image = fetch_image(
        f"{library.service_url('page')}/0,0,700,1100/100,/0/default.jpg", LEFT_HALF, hosts=host_of(library)
    )
    assert (fetched_image.image.width, fetched_image.remaining_region) == (100, LEFT_HALF)
    assert library.requested_paths == ["/image/page/0,0,700,1100/100,/0/default.jpg"]


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
def test_host_that_is_not_allowed_is_refused(hosts: str, address: str) -> None:
    with pytest.raises(InvalidRequest, match="FRONTISPIECE_ALLOWED_IMAGE_HOSTS"):
        fetch_image(address, hosts=hosts)


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
def test_other_url_schemes_are_refused(address: str) -> None:
    with pytest.raises(InvalidRequest, match=r"URL of (a|the) picture"):
        fetch_image(address, hosts="iiif.example.org")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_to_a_host_that_is_not_allowed_is_refused(library: IIIFServer, status: int) -> None:
    """The other host is the same server under another name, so it would respond; readers do not learn its name."""
    other_url = library.url.replace("127.0.0.1", "localhost")
    library.queue_responses("/file.png", CannedResponse(status, {"Location": f"{other_url}/file.png"}))
    with pytest.raises(InvalidImage, match="redirects to an address from which") as error:
        fetch_image(f"{library.url}/file.png", hosts=host_of(library))
    assert "localhost" not in str(error.value)
    assert library.requested_paths == ["/file.png"]


def test_redirect_on_the_same_host_is_followed(library: IIIFServer) -> None:
    library.queue_responses("/old", CannedResponse(303, {"Location": "/file.png"}))
    assert fetch_image(f"{library.url}/old", hosts=host_of(library)).image.size == (1400, 1100)


def test_circular_redirects_end(library: IIIFServer) -> None:
    library.queue_responses("/old", *(CannedResponse(302, {"Location": "/old"}) for _ in range(9)))
    with pytest.raises(InvalidImage, match="redirects too often"):
        fetch_image(f"{library.url}/old", hosts=host_of(library))
    assert len(library.requested_paths) <= 4


@pytest.mark.parametrize(
    ("said", "error", "sentence"),
    [
        (CannedResponse(404), InvalidImage, "answers 404"),
        (CannedResponse(403), InvalidImage, "answers 403"),
        (CannedResponse(500), InvalidImage, "answers 500"),
        (CannedResponse(200, {"Content-Type": "text/html"}, b"<h1>Viewer</h1>"), InvalidImage, "has no picture"),
        (CannedResponse(200, {"Content-Type": "application/json"}, b"[" * 20_000), InvalidImage, "has no picture"),
        (CannedResponse(200, {"Content-Type": "image/jpeg"}, bytes(50_001)), UploadTooLarge, "larger than"),
        (CannedResponse(302, {"Location": "http://[::1/"}), UserFacingError, "at the moment|is not valid"),
    ],
)
def test_response_without_a_picture_is_refused(
    library: IIIFServer, said: CannedResponse, error: type[UserFacingError], sentence: str
) -> None:
    library.queue_responses("/elsewhere", said)
    with pytest.raises(error, match=sentence):
        fetch_image(f"{library.url}/elsewhere", hosts=host_of(library), max_upload_bytes=50_000)


@pytest.mark.parametrize(
    "info", [b"", b"[]", b"{}", b'{"width": 0, "height": 9}', b"\xff", b"[" * 20_000, b'{"width": 1e400}']
)
def test_info_json_without_size_is_refused(library: IIIFServer, info: bytes) -> None:
    library.documents["/odd/info.json"] = info
    with pytest.raises(InvalidImage, match=r"no picture|how large|answers"):
        fetch_image(f"{library.url}/odd/info.json", hosts=host_of(library))


def test_unreachable_server_is_an_error() -> None:
    with run_iiif_server() as stopped_server:
        pass
    with pytest.raises(InvalidImage, match="at the moment"):
        fetch_image(f"{stopped_server.url}/file.png", hosts=host_of(stopped_server))


def test_request_has_the_user_agent_of_the_settings(library: IIIFServer) -> None:
    fetch_image(f"{library.url}/file.png", hosts=host_of(library))
    assert all(agent.startswith("Frontispiece/") for agent in library.user_agents)
