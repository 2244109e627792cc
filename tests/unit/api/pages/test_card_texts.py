"""The texts of pictures on the pages: which one stands first, and in which language each is marked."""

import re
from typing import Any

import pytest

from api.pages.languages import use_language
from api.pages.site import create_site
from api.pages.templates import create_template_engine
from api.responses import Hit
from api.search.request import SearchRequest
from core.settings import Settings
from tests.hit_factory import make_hit

SITE = create_site(Settings())
TEMPLATES = create_template_engine(SITE).engine
UNCAPTIONED: dict[str, Any] = {"language": ["nor"], "caption": None, "page_label": "4", "label": None}


def macros(template: str) -> Any:
    return TEMPLATES.get_template(template).module


def card(hit: Hit) -> str:
    return str(macros("partials/result_cards.html.jinja").card(hit, SearchRequest(query_text="fyr"), 1))


def heading(html: str) -> str:
    return html.partition("<h3")[2].partition("</h3>")[0]


def shown_text(html: str) -> str:
    """Return the text of a heading without its tags and what only eyes see."""
    return re.sub(r"<[^>]*>", "", re.sub(r'<span class="place".*?</span></span>', "", f"<{html}")).strip()


@pytest.mark.parametrize("same_book", [True, False])
def test_a_caption_is_in_the_language_of_its_book_and_the_page_in_that_of_the_reader(*, same_book: bool) -> None:
    hit = make_hit(language=["nor"], page_label="4")
    with use_language(SITE.languages["nn"]):
        html = str(macros("partials/cards.html.jinja").plate(hit, same_book=same_book))
    place = "s.\u00a04" if same_book else "1885"
    assert re.search(r'<p dir="auto" lang="nor"><a [^>]*>Et fyr</a>', html)
    assert f'<span class="imprint" lang="nn">{place}</span>' in html


def test_a_picture_of_the_same_book_has_its_caption_first_and_without_one_its_page() -> None:
    plate = macros("partials/cards.html.jinja").plate
    with use_language(SITE.languages["en"]):
        assert re.search(
            r">Et fyr</a> <span [^>]*>p\.\u00a04</span>", str(plate(make_hit(page_label="4"), same_book=True))
        )
        assert re.search(r">p\.\u00a04</a></p>", str(plate(make_hit(**UNCAPTIONED), same_book=True)))


def test_a_sentence_of_ours_is_not_marked_as_the_language_of_the_book() -> None:
    nameless = make_hit(**{**UNCAPTIONED, "title": "", "block_type": "Image", "page": 0})
    for html in (card(nameless), str(macros("partials/cards.html.jinja").plate(nameless))):
        assert "Picture without a caption</" in html
        assert 'lang="nor"' not in html


def test_a_card_is_headed_by_its_caption_then_by_the_text_near_it_then_by_its_page() -> None:
    near = {"context": {"after": {"text": "Lygten brænder hele Natten."}}}
    with use_language(SITE.languages["en"]):
        assert shown_text(heading(card(make_hit(language=["nor"])))) == "Et fyr"
        assert shown_text(heading(card(make_hit(**{**UNCAPTIONED, **near})))) == "Lygten brænder hele Natten."
        uncaptioned = card(make_hit(**UNCAPTIONED))
    assert shown_text(heading(uncaptioned)) == "Page 4"
    assert "lang=" not in heading(uncaptioned)
    assert '<span class="title" dir="auto" lang="nor">Norges kyst</span>' in uncaptioned


def test_the_year_on_the_second_line_of_a_card_is_read_once() -> None:
    with use_language(SITE.languages["en"]):
        html = card(make_hit(language=["nor"], label=None))
    assert html.count(">1885<") == 2
    assert '<span class="place" dir="auto" lang="en" aria-hidden="true">' in html


def test_the_title_of_a_book_on_a_chip_is_in_the_language_of_the_book() -> None:
    chips = macros("partials/request_chips.html.jinja").filter_chips
    html = str(chips(SearchRequest().with_changes(book=("URN:NBN:no-nb_digibok_1",)), [make_hit(language=["nor"])]))
    assert '<bdi dir="auto" lang="nor">Norges kyst</bdi>' in html


def test_a_reader_tells_of_an_error_even_if_no_program_said_anything() -> None:
    wrong_link = macros("picture/machine.html.jinja").wrong_link
    hit = make_hit()
    assert "Wrong? Tell us" in wrong_link(hit, None, "A program takes it for a map.")
    assert "Tell us about an error" in wrong_link(hit, None, "")
    with use_language(SITE.languages["nb"]):
        assert "Si fra om en feil" in wrong_link(hit, None, "")


@pytest.mark.parametrize(("hosts", "words"), [((), "collection."), (("iiif.example.org",), "at iiif.example.org.")])
def test_the_panel_says_which_addresses_it_takes(hosts: tuple[str, ...], words: str) -> None:
    engine = create_template_engine(SITE, hosts).engine
    with use_language(SITE.languages["en"]):
        panel: Any = engine.get_template("partials/search_field.html.jinja").module
        html = str(panel.picture_panel(None))
    assert 'name="address"' in html
    assert "Of a picture or IIIF image of this collection" in html
    assert words in html
