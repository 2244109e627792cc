"""The sizes of a picture that browsers may choose from."""

import re

from hypothesis import given
from hypothesis import strategies as st

from api.picture_images import PictureImage, image_path, picture_image
from core.image_api import crop_size
from core.image_requests import OutputLimits, parse_image_request
from tests.hit_factory import make_hit

LIMITS = OutputLimits(width=12_000, area=25_000_000)
PICTURE_ID = "digibok_1_0012:GE1:10,20,300,400"


def hit_image(width: int, height: int) -> PictureImage:
    box = {"x": 0, "y": 0, "width": width, "height": height}
    return picture_image(make_hit(PICTURE_ID, box=box, fingerprint="0123456789abcdef"), side=220, narrow_side=75)


def test_a_card_has_the_sizes_that_its_frame_needs() -> None:
    image = hit_image(1200, 900)
    path = f"/iiif/image/{PICTURE_ID}/full"
    assert image.src == f"{path}/!220,220/0/default.webp?v=01234567"
    assert f"{path}/!260,260/0/default.webp?v=01234567 260w" in image.srcset.split(", ")
    assert image.srcset.endswith("!600,600/0/default.webp?v=01234567 600w")
    assert image.sizes == "(max-width: 40em) min(75vw, 600px), 220px"
    assert (image.width, image.height) == (1200, 900)


def test_a_tall_picture_is_as_wide_as_its_shape_in_the_frame() -> None:
    assert hit_image(300, 600).sizes == "(max-width: 40em) min(38vw, 300px), 110px"


def test_a_picture_of_another_server_is_shown_as_it_is() -> None:
    hit = make_hit(image={"region": "https://iiif.example.org/1/0,0,9,9/full/0/default.jpg"})
    image = picture_image(hit, side=220, narrow_side=75)
    assert (image.src, image.srcset) == (hit.region, "")


def test_an_identifier_is_escaped() -> None:
    assert image_path("Å?#/1") == "/iiif/image/%C3%85%3F%23%2F1"


@given(width=st.integers(1, 9000), height=st.integers(1, 9000))
def test_every_size_can_be_cut_from_the_crop_and_has_the_width_that_it_tells(width: int, height: int) -> None:
    image = hit_image(width, height)
    crop_width, crop_height = crop_size(width, height)
    for candidate in image.srcset.split(", "):
        match = re.fullmatch(r".*/(full/!\d+,\d+/0/default\.webp)\?v=\w+ (\d+)w", candidate)
        assert match
        cut = parse_image_request(match[1], (width, height), LIMITS)
        assert abs(cut.width - int(match[2])) <= 1
        assert cut.width <= crop_width + 1
        assert cut.height <= crop_height + 1
    widths = [int(candidate.rpartition(" ")[2][:-1]) for candidate in image.srcset.split(", ")]
    assert widths == sorted(set(widths))
