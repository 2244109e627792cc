"""Citations, which all export formats share."""

import pytest

from api.exports.citation import collapse_to_one_line
from tests.hit_factory import make_export, make_hit


def test_the_urn_is_picked_from_the_identifiers() -> None:
    (with_book_urn,) = make_export(make_hit()).citations
    (with_page_urn,) = make_export(make_hit(page_id="urn:nbn:no-nb_digibok_1_0012")).citations
    (without_urn,) = make_export(make_hit(identifiers="hdl:20.500/1")).citations
    assert (with_book_urn.urn, with_page_urn.urn, without_urn.urn) == (
        "URN:NBN:no-nb_digibok_1",
        "urn:nbn:no-nb_digibok_1_0012",
        "",
    )


def test_a_position_never_poses_as_a_page_number() -> None:
    (citation,) = make_export(make_hit(caption=None, page_label="")).citations
    assert (citation.title, citation.page) == ("Map, image 12", "")
    assert "; image=12; " in citation.location


def test_a_picture_without_caption_is_cited_by_the_printed_page_number() -> None:
    (citation,) = make_export(make_hit(caption=None, label=None)).citations
    assert (citation.title, citation.page) == ("Picture, p. iv", "iv")


def test_location_is_page_region_and_identifiers_on_one_line() -> None:
    (citation,) = make_export(make_hit()).citations
    assert citation.location == (
        "urn=URN:NBN:no-nb_digibok_1; page=iv; image=12; xywh=10,20,300,400; "
        "identifiers=isbn:82-0001 URN:NBN:no-nb_digibok_1"
    )


def test_only_a_truncated_export_has_a_note() -> None:
    assert make_export(make_hit()).truncation_note == ""
    assert "first 1 of 5,000" in make_export(make_hit(), total=5000).truncation_note


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Norges\nkyst\x00 \t1", "Norges kyst 1"),
        ("Norges\u2028kyst\u00a01", "Norges kyst 1"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("ක්\u200dර", "ක්\u200dර"),
        ("\ue5dc", "\ue5dc"),
    ],
)
def test_a_line_keeps_the_joiners_and_letters_of_its_words(text: str, line: str) -> None:
    assert collapse_to_one_line(text) == line
