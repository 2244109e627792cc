"""BibTeX exports."""

import re

import pytest

from api.exports.bibtex import bibtex, citation_key
from tests.hit_factory import make_export, make_hit

HOSTILE_TITLES = [
    "} @article{x, title={y}",
    "{unclosed",
    "100 % of $5 & more_#1",
    "back\\slash ~ ^ \\",
    'quote " in it',
    "two\nlines\r\n% no comment",
]


def test_a_picture_is_cited_within_its_book() -> None:
    assert bibtex(make_export(make_hit())) == (
        "@incollection{moe1885-1c033fc9693c,\n"
        "  author = {Moe, Anna and {Grøndahl and Søn}},\n"
        "  title = {{Et fyr}},\n"
        "  booktitle = {{Norges kyst}},\n"
        "  publisher = {Aschehoug},\n"
        "  address = {Kristiania},\n"
        "  year = {1885},\n"
        "  pages = {iv},\n"
        "  language = {nob, dan},\n"
        "  note = {URN:NBN:no-nb\\_digibok\\_1},\n"
        "  annote = {urn=URN:NBN:no-nb\\_digibok\\_1; page=iv; image=12; xywh=10,20,300,400; "
        "identifiers=isbn:82-0001 URN:NBN:no-nb\\_digibok\\_1},\n"
        "  url = {https://pictures.example.org/pictures/0},\n"
        "}\n"
    )


def test_a_range_of_years_is_written_with_an_en_dash() -> None:
    assert "  year = {1867--1869},\n" in bibtex(make_export(make_hit(year=1867, last_year=1869)))


@pytest.mark.parametrize("title", HOSTILE_TITLES)
def test_special_characters_stay_inside_their_field(title: str) -> None:
    """Braces are balanced, because BibTeX counts them even after a backslash, and each field is one line."""
    text = bibtex(make_export(make_hit(title=title, caption={"text": title}, authors=[title], publisher=title)))
    for line in text.splitlines():
        field = re.fullmatch(r"  \w+ = \{(.*)\},", line)
        if field is None:
            assert line == "}" or re.fullmatch(r"@incollection\{[a-z0-9-]+,", line)
            continue
        depth = 0
        for character in field[1]:
            depth += {"{": 1, "}": -1}.get(character, 0)
            assert depth >= 0
        assert depth == 0
        assert not re.search(r"(?<!\\)[%$&#_^~]", field[1])


@pytest.mark.parametrize(
    ("changes", "prefix"),
    [
        ({"authors": ["Ærø, Åse"]}, "r1885-"),
        ({"authors": ["北斎"]}, "picture1885-"),
        ({"authors": [], "title": "The {Book}"}, "the1885-"),
        ({"authors": ["Homer"], "year": -700}, "homerbc700-"),
        ({"authors": [""], "title": "", "year": None}, "picture-"),
    ],
)
def test_a_key_has_only_characters_that_bibtex_accepts(changes: dict[str, object], prefix: str) -> None:
    (citation,) = make_export(make_hit(**changes)).citations
    assert citation_key(citation).startswith(prefix)
    assert re.fullmatch("[a-z0-9-]+", citation_key(citation))


def test_keys_differ_if_only_the_ids_differ() -> None:
    first_citation, second_citation = make_export(make_hit("a"), make_hit("b")).citations
    assert citation_key(first_citation) != citation_key(second_citation)


def test_a_truncated_export_has_a_comment() -> None:
    assert bibtex(make_export(make_hit(), total=5000)).startswith("% These are the first 1 of 5,000 pictures")
    assert "@" not in bibtex(make_export(make_hit(), total=5000)).splitlines()[0]
