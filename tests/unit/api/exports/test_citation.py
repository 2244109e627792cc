"""What every format says of a picture."""

from tests.made_hits import export, picture


def test_a_urn_is_found_among_other_identifiers() -> None:
    (of_book,) = export(picture()).citations
    (of_page,) = export(picture(page_id="urn:nbn:no-nb_digibok_1_0012")).citations
    (none,) = export(picture(identifiers="hdl:20.500/1")).citations
    assert (of_book.urn, of_page.urn, none.urn) == ("URN:NBN:no-nb_digibok_1", "urn:nbn:no-nb_digibok_1_0012", "")


def test_a_picture_without_caption_and_printed_number_still_has_a_title_and_a_page() -> None:
    (citation,) = export(picture(caption=None, page_label="")).citations
    assert (citation.title, citation.page) == ("Map on page 12", "12")


def test_page_region_and_identifiers_stand_in_one_line() -> None:
    (citation,) = export(picture()).citations
    assert citation.where == (
        "urn=URN:NBN:no-nb_digibok_1; page=iv; image=12; xywh=10,20,300,400; "
        "identifiers=isbn:82-0001 URN:NBN:no-nb_digibok_1"
    )


def test_only_an_export_that_holds_less_than_was_found_says_so() -> None:
    assert export(picture()).capped == ""
    assert "first 1 of 5,000" in export(picture(), total=5000).capped
