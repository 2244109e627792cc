"""Requests to the Image API 3: the kinds of requests of the official validator, and laws of the arithmetic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.geometry import PixelBox
from core.image_requests import (
    FORMATS,
    QUALITIES,
    InvalidImageRequest,
    OutputLimits,
    parse_image_request,
    prepared_sizes,
    scale_factors,
)

SIZE = (1000, 600)
NO_LIMITS = OutputLimits(width=100_000, area=10**10)
sides = st.integers(1, 20_000)


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("full", (0, 0, 1000, 600)),
        ("square", (200, 0, 600, 600)),
        ("100,200,300,50", (100, 200, 300, 50)),
        ("900,500,300,300", (900, 500, 100, 100)),
        ("999,599,1,1", (999, 599, 1, 1)),
        ("pct:10,50,20,25", (100, 300, 200, 150)),
        ("pct:0,0,100,100", (0, 0, 1000, 600)),
        ("pct:33.3333,.5,33.3333,10.25", (333, 3, 334, 61)),
        ("pct:99.99,99.99,50,50", (999, 599, 1, 1)),
    ],
)
def test_a_region_in_pixels(region: str, expected: tuple[int, int, int, int]) -> None:
    assert parse_image_request(f"{region}/max/0/default.jpg", SIZE, NO_LIMITS).region == PixelBox(*expected)


@pytest.mark.parametrize(
    "region",
    [
        "",
        "ful",
        "Full",
        "1,2,3",
        "1,2,3,4,5",
        "-1,0,10,10",
        "0,0,0,10",
        "0,0,10,0",
        "1000,0,10,10",
        "0,600,5,5",
        "pct:0,0,0,5",
        "pct:100,0,5,5",
        "1.5,0,10,10",
        "a,b,c,d",
        "pct:",
        "١,٢,٣,٤",
        "0,0,99999999999,1",
        " full",
    ],
)
def test_a_region_that_is_not_valid_empty_or_outside_is_refused(region: str) -> None:
    with pytest.raises(InvalidImageRequest) as error:
        parse_image_request(f"{region}/max/0/default.jpg", SIZE, NO_LIMITS)
    assert error.value.status == 400


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ("max", (1000, 600)),
        ("500,", (500, 300)),
        (",300", (500, 300)),
        ("333,", (333, 200)),
        ("1000,", (1000, 600)),
        ("200,300", (200, 300)),
        ("!200,300", (200, 120)),
        ("!900,60", (100, 60)),
        ("!5000,5000", (1000, 600)),
        ("pct:50", (500, 300)),
        ("pct:100", (1000, 600)),
        ("pct:12.5", (125, 75)),
        ("pct:0.01", (1, 1)),
        ("1,", (1, 1)),
    ],
)
def test_the_size_of_the_whole_image(size: str, expected: tuple[int, int]) -> None:
    cut = parse_image_request(f"full/{size}/0/default.jpg", SIZE, NO_LIMITS)
    assert (cut.width, cut.height) == expected


@pytest.mark.parametrize(
    ("size", "status"),
    [
        (size, 400)
        for size in ("", "full", ",", "!,", "!5,", "!,5", "0,", ",0", "0,0", "pct:0", "pct:101", "1001,", ",601")
    ]
    + [
        (size, 400)
        for size in ("1001,10", "10,601", "a,", "-5,", "5", "1.5,", "pct:a", "5,5,5", "!0,5", "max ", "99999999999,")
    ]
    + [(size, 501) for size in ("^max", "^2000,", "^,1200", "^2000,1200", "^!2000,2000", "^pct:200")],
)
def test_a_size_that_is_not_valid_or_larger_than_the_region_is_refused(size: str, status: int) -> None:
    with pytest.raises(InvalidImageRequest) as error:
        parse_image_request(f"full/{size}/0/default.jpg", SIZE, NO_LIMITS)
    assert error.value.status == status


@pytest.mark.parametrize(
    ("rotation", "is_mirrored", "degrees"),
    [
        ("0", False, 0),
        ("90", False, 90),
        ("180", False, 180),
        ("270", False, 270),
        ("360", False, 0),
        ("!0", True, 0),
        ("!90", True, 90),
        ("90.0", False, 90),
    ],
)
def test_rotation_by_quarter_turns_and_mirroring(rotation: str, is_mirrored: bool, degrees: int) -> None:  # noqa: FBT001
    cut = parse_image_request(f"full/max/{rotation}/default.jpg", SIZE, NO_LIMITS)
    assert (cut.is_mirrored, cut.rotation) == (is_mirrored, degrees)


@pytest.mark.parametrize("rotation", ["", "45", "22.5", "361", "-90", "!", "!!90", "90!", "a", "0 ", "1e2", "٩٠"])
def test_another_rotation_is_refused(rotation: str) -> None:
    with pytest.raises(InvalidImageRequest):
        parse_image_request(f"full/max/{rotation}/default.jpg", SIZE, NO_LIMITS)


def test_every_quality_and_format_is_read() -> None:
    for quality in QUALITIES:
        for image_format in FORMATS:
            cut = parse_image_request(f"full/max/0/{quality}.{image_format}", SIZE, NO_LIMITS)
            assert (cut.quality, cut.format) == (quality, image_format)


@pytest.mark.parametrize(
    "file", ["", "default", "default.", ".jpg", "native.jpg", "default.gif", "default.jpg.png", "Default.jpg"]
)
def test_another_quality_or_format_is_refused(file: str) -> None:
    with pytest.raises(InvalidImageRequest):
        parse_image_request(f"full/max/0/{file}", SIZE, NO_LIMITS)


def test_a_path_with_other_parts_is_refused() -> None:
    for path in ("", "full/max/0", "full/max/0/default.jpg/x"):
        with pytest.raises(InvalidImageRequest):
            parse_image_request(path, SIZE, NO_LIMITS)


def test_the_largest_image_that_is_sent() -> None:
    limits = OutputLimits(width=500, area=90_000)
    assert limits.fit(1000, 600) == (387, 232)
    cut = parse_image_request("full/max/0/default.jpg", SIZE, limits)
    assert (cut.width, cut.height) == (387, 232)
    assert cut.canonical_request(*SIZE) == "full/max/0/default.jpg"
    assert parse_image_request("full/!999,999/0/default.jpg", SIZE, limits).width == 387
    for size in ("500,", "501,10", "pct:90"):
        with pytest.raises(InvalidImageRequest, match="larger than this service sends"):
            parse_image_request(f"full/{size}/0/default.jpg", SIZE, limits)


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("0,0,1000,600/1000,/0/default.jpg", "full/max/0/default.jpg"),
        ("pct:0,0,50,50/pct:50/360/color.png", "0,0,500,300/250,150/0/color.png"),
        ("square/,300/!90.0/gray.webp", "200,0,600,600/300,300/!90/gray.webp"),
        ("full/!500,500/0/bitonal.jpg", "full/500,300/0/bitonal.jpg"),
    ],
)
def test_the_canonical_form_of_a_request(path: str, canonical: str) -> None:
    cut = parse_image_request(path, SIZE, NO_LIMITS)
    assert cut.canonical_request(*SIZE) == canonical
    assert parse_image_request(canonical, SIZE, NO_LIMITS) == cut


@given(width=sides, height=sides, frame=sides, tile=st.integers(1, 600))
def test_confined_sizes_keep_the_shape_and_the_frame(width: int, height: int, frame: int, tile: int) -> None:
    cut = parse_image_request(f"full/!{frame},{frame}/0/default.jpg", (width, height), NO_LIMITS)
    assert max(cut.width, cut.height) == min(frame, max(width, height))
    assert abs(cut.width * height - cut.height * width) <= max(width, height)


@given(width=sides, height=sides)
def test_the_sizes_and_tiles_of_an_info_json_can_be_asked_for(width: int, height: int) -> None:
    limits = OutputLimits(width=12_000, area=25_000_000)
    for size in prepared_sizes(width, height, 512, limits):
        cut = parse_image_request(f"full/{size[0]},{size[1]}/0/default.jpg", (width, height), limits)
        assert (cut.width, cut.height) == size
    factors = scale_factors(width, height, 512)
    assert max(width, height) <= 512 * factors[-1]
    assert len(factors) == 1 or max(width, height) > 512 * factors[-2]


@given(path=st.text(max_size=40) | st.from_regex(r"[0-9a-z:,.!^%]{1,20}/[0-9a-z:,.!^]{1,20}/[0-9!.]{1,5}/[a-z.]{1,12}"))
def test_any_path_is_answered_or_refused(path: str) -> None:
    try:
        cut = parse_image_request(path, SIZE, NO_LIMITS)
    except InvalidImageRequest:
        return
    assert 1 <= cut.width <= cut.region.width <= 1000
    assert 1 <= cut.height <= cut.region.height <= 600
