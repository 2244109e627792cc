"""Parsing image terms: an id or URL with a region and a weight."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import InvalidRequest
from api.search.image_terms import ImageRegion, ImageTerm, parse_image_term, parse_model_weights, parse_region

PICTURE = "digibok_2006082900017_0012:GE1+a,b:200,310,900,640"
ENLARGED_URL = "https://iiif.example.org/iiif/3/p#1/full/^512,/0/default.jpg"

coordinates = st.integers(0, 99_999) | st.decimals("0", "9999", places=3).map(float)
lengths = st.integers(1, 99_999) | st.decimals("0.001", "9999", places=3).map(float)
regions = st.builds(
    ImageRegion, coordinates.map(float), coordinates.map(float), lengths.map(float), lengths.map(float), st.booleans()
)
term_weights = st.floats(-100, 100).filter(lambda weight: abs(weight) > 1e-9)


@given(st.text().filter(lambda text: "#xywh=" not in text), term_weights, st.none() | regions)
def test_a_formatted_term_is_parsed_back(value: str, weight: float, image_region: ImageRegion | None) -> None:
    assert parse_image_term(str(ImageTerm(value, weight, image_region))) == ImageTerm(value, weight, image_region)


@given(st.text() | st.text("ab^#xywh=,.:0123456789-e/pct"))
def test_any_text_is_parsed_or_refused_with_a_sentence(text: str) -> None:
    with suppress(InvalidRequest):
        image_term = parse_image_term(text)
        assert parse_image_term(str(image_term)) == image_term


@pytest.mark.parametrize(
    ("text", "term"),
    [
        (PICTURE, ImageTerm(PICTURE)),
        (f"{PICTURE}^2", ImageTerm(PICTURE, 2)),
        (f"{PICTURE}^-.5", ImageTerm(PICTURE, -0.5)),
        (f"{PICTURE}^ 2", ImageTerm(PICTURE, 2)),  # `^+2` in an address
        (f"{PICTURE}#xywh=10,20,300,400", ImageTerm(PICTURE, 1, ImageRegion(10, 20, 300, 400))),
        (f"{PICTURE}#xywh=pct:10,20.5,30,40^-1", ImageTerm(PICTURE, -1, ImageRegion(10, 20.5, 30, 40, percent=True))),
        (f"{PICTURE}#xywh=percent:1,2,3,4", ImageTerm(PICTURE, 1, ImageRegion(1, 2, 3, 4, percent=True))),
        (f"{PICTURE}#xywh=pixel:1,2,3,4", ImageTerm(PICTURE, 1, ImageRegion(1, 2, 3, 4))),
        (ENLARGED_URL, ImageTerm(ENLARGED_URL)),
        (f"{ENLARGED_URL}^2", ImageTerm(ENLARGED_URL, 2)),
        ("a^b#c", ImageTerm("a^b#c")),
        ("", ImageTerm("")),
    ],
)
def test_region_and_weight_are_read_only_at_the_end(text: str, term: ImageTerm) -> None:
    assert parse_image_term(text) == term


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a^", "“” is not a number"),
        ("a^two", "“two” is not a number"),
        ("a^0,5", "“0,5” is not a number"),
        ("a^nan", "is not a number"),
        ("a^inf", "is not a number"),
        ("a^٣", "is not a number"),
        ("a^1_0", "is not a number"),
        ("a^0", "is not valid"),
        ("a^1e-999", "is not valid"),
        ("a^100.1", "between -100 and 100"),
        ("a^-101", "between -100 and 100"),
        ("a^1e999", "between -100 and 100"),
        ("a#xywh=", "cannot be read"),
        ("a#xywh=1,2,3", "cannot be read"),
        ("a#xywh=1,2,3,4,5", "cannot be read"),
        ("a#xywh=-1,2,3,4", "cannot be read"),
        ("a#xywh=1,2,3,x^2", "cannot be read"),
        ("a#xywh=em:1,2,3,4", "cannot be read"),
        ("a#xywh=1,2,0,4", "is empty"),
        ("a#xywh=pct:1,2,3,0.0", "is empty"),
    ],
)
def test_a_bad_region_or_weight_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InvalidRequest, match=sentence):
        parse_image_term(text)


def test_model_weights_are_positive_numbers() -> None:
    assert parse_model_weights([]) == {}
    assert parse_model_weights(["sscd^2", "siglip"]) == {"sscd": 2, "siglip": 1}
    with pytest.raises(InvalidRequest, match="“sscd” must be above 0"):
        parse_model_weights(["sscd^-1"])
    with pytest.raises(InvalidRequest, match="not a number"):
        parse_model_weights(["sscd^much"])


def test_a_region_is_scaled_to_the_pixels_of_the_file() -> None:
    """The file is half as large as the picture; the region is clipped to it."""
    assert str(parse_region("100,200,300,400").to_pixels((500, 500), full_size=(1000, 1000))) == "50,100,150,200"
    assert str(parse_region("100,200,300,400").to_pixels((500, 500))) == "100,200,300,300"
    assert str(parse_region("pct:50,50,50,50").to_pixels((30, 10))) == "15,5,15,5"
    with pytest.raises(InvalidRequest, match="outside the picture"):
        parse_region("500,0,10,10").to_pixels((500, 500))


@given(regions, st.integers(1, 3000), st.integers(1, 3000))
def test_a_region_lies_on_its_picture_or_is_refused(image_region: ImageRegion, width: int, height: int) -> None:
    with suppress(InvalidRequest):
        box = image_region.to_pixels((width, height))
        assert 0 <= box.x < box.x + box.width <= width
        assert 0 <= box.y < box.y + box.height <= height
