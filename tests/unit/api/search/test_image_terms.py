"""A term is its text, and back; a tail that cannot be used is told in a sentence."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import BadQuestion
from api.search.image_terms import Region, Term, parse, region, weights

PICTURE = "digibok_2006082900017_0012:GE1+a,b:200,310,900,640"
ENLARGED = "https://iiif.example.org/iiif/3/p#1/full/^512,/0/default.jpg"

sides = st.integers(0, 99_999) | st.decimals("0", "9999", places=3).map(float)
lengths = st.integers(1, 99_999) | st.decimals("0.001", "9999", places=3).map(float)
regions = st.builds(Region, sides.map(float), sides.map(float), lengths.map(float), lengths.map(float), st.booleans())
weighted = st.floats(-100, 100).filter(lambda weight: abs(weight) > 1e-9)


@given(st.text().filter(lambda text: "#xywh=" not in text), weighted, st.none() | regions)
def test_a_term_reads_as_it_was_written(value: str, weight: float, where: Region | None) -> None:
    assert parse(str(Term(value, weight, where))) == Term(value, weight, where)


@given(st.text() | st.text("ab^#xywh=,.:0123456789-e/pct"))
def test_any_text_is_a_term_or_a_sentence(text: str) -> None:
    with suppress(BadQuestion):
        term = parse(text)
        assert parse(str(term)) == term


@pytest.mark.parametrize(
    ("text", "term"),
    [
        (PICTURE, Term(PICTURE)),
        (f"{PICTURE}^2", Term(PICTURE, 2)),
        (f"{PICTURE}^-.5", Term(PICTURE, -0.5)),
        (f"{PICTURE}^ 2", Term(PICTURE, 2)),  # `^+2` in an address
        (f"{PICTURE}#xywh=10,20,300,400", Term(PICTURE, 1, Region(10, 20, 300, 400))),
        (f"{PICTURE}#xywh=pct:10,20.5,30,40^-1", Term(PICTURE, -1, Region(10, 20.5, 30, 40, percent=True))),
        (f"{PICTURE}#xywh=percent:1,2,3,4", Term(PICTURE, 1, Region(1, 2, 3, 4, percent=True))),
        (f"{PICTURE}#xywh=pixel:1,2,3,4", Term(PICTURE, 1, Region(1, 2, 3, 4))),
        (ENLARGED, Term(ENLARGED)),
        (f"{ENLARGED}^2", Term(ENLARGED, 2)),
        ("a^b#c", Term("a^b#c")),
        ("", Term("")),
    ],
)
def test_only_what_stands_at_the_end_is_a_region_or_a_weight(text: str, term: Term) -> None:
    assert parse(text) == term


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
        ("a^0", "is not 0"),
        ("a^1e-999", "is not 0"),
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
def test_a_tail_that_cannot_be_used_is_told(text: str, sentence: str) -> None:
    with pytest.raises(BadQuestion, match=sentence):
        parse(text)


def test_a_model_counts_once_or_more_and_never_against() -> None:
    assert weights([]) == {}
    assert weights(["sscd^2", "siglip"]) == {"sscd": 2, "siglip": 1}
    with pytest.raises(BadQuestion, match="“sscd” must be above 0"):
        weights(["sscd^-1"])
    with pytest.raises(BadQuestion, match="not a number"):
        weights(["sscd^much"])


def test_a_region_is_cut_in_the_pixels_of_the_file_that_is_there() -> None:
    """The file is half as large as the picture; what lies outside is left out."""
    assert str(region("100,200,300,400").on((500, 500), full=(1000, 1000))) == "50,100,150,200"
    assert str(region("100,200,300,400").on((500, 500))) == "100,200,300,300"
    assert str(region("pct:50,50,50,50").on((30, 10))) == "15,5,15,5"
    with pytest.raises(BadQuestion, match="outside the picture"):
        region("500,0,10,10").on((500, 500))


@given(regions, st.integers(1, 3000), st.integers(1, 3000))
def test_a_region_lies_on_its_picture_or_is_told(where: Region, width: int, height: int) -> None:
    with suppress(BadQuestion):
        box = where.on((width, height))
        assert 0 <= box.x < box.x + box.width <= width
        assert 0 <= box.y < box.y + box.height <= height
