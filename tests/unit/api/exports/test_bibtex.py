"""BibTeX that BibTeX can read, whatever is in a title."""

import re

import pytest

from api.exports.bibtex import bibtex, key
from tests.made_hits import export, picture

HOSTILE = [
    "} @article{x, title={y}",
    "{unclosed",
    "100 % of $5 & more_#1",
    "back\\slash ~ ^ \\",
    'quote " in it',
    "two\nlines\r\n% no comment",
]


def test_a_picture_is_cited_within_its_book() -> None:
    assert bibtex(export(picture())) == (
        "@incollection{moe1885-1c033fc9693c,\n"
        "  author = {Moe, Anna and {Grøndahl and Søn}},\n"
        "  title = {{Et fyr}},\n"
        "  booktitle = {{Norges kyst}},\n"
        "  publisher = {Aschehoug},\n"
        "  address = {Kristiania},\n"
        "  year = {1885},\n"
        "  pages = {iv},\n"
        "  language = {nob, dan},\n"
        "  note = {urn=URN:NBN:no-nb\\_digibok\\_1; page=iv; image=12; xywh=10,20,300,400; "
        "identifiers=isbn:82-0001 URN:NBN:no-nb\\_digibok\\_1},\n"
        "  url = {https://pictures.example.org/pictures/0},\n"
        "}\n"
    )


@pytest.mark.parametrize("title", HOSTILE)
def test_braces_are_balanced_and_nothing_leaves_its_field(title: str) -> None:
    """BibTeX counts braces even behind a backslash; each field is one line."""
    text = bibtex(export(picture(title=title, caption={"text": title}, authors=[title], publisher=title)))
    for line in text.splitlines():
        field = re.fullmatch(r"  \w+ = \{(.*)\},", line)
        if field is None:
            assert line == "}" or re.fullmatch(r"@incollection\{[a-z0-9-]+,", line)
            continue
        depth = 0
        for sign in field[1]:
            depth += {"{": 1, "}": -1}.get(sign, 0)
            assert depth >= 0
        assert depth == 0
        assert not re.search(r"(?<!\\)[%$&#_^~]", field[1])


@pytest.mark.parametrize(
    ("changes", "starts"),
    [
        ({"authors": ["Ærø, Åse"]}, "r1885-"),
        ({"authors": ["北斎"]}, "picture1885-"),
        ({"authors": [], "title": "The {Book}"}, "the1885-"),
        ({"authors": ["Homer"], "year": -700}, "homerbc700-"),
        ({"authors": [""], "title": "", "year": None}, "picture-"),
    ],
)
def test_a_key_has_nothing_that_bibtex_refuses(changes: dict[str, object], starts: str) -> None:
    (citation,) = export(picture(**changes)).citations
    assert key(citation).startswith(starts)
    assert re.fullmatch("[a-z0-9-]+", key(citation))


def test_keys_differ_where_everything_but_the_id_is_equal() -> None:
    one, other = export(picture("a"), picture("b")).citations
    assert key(one) != key(other)


def test_a_comment_says_that_it_is_capped() -> None:
    assert bibtex(export(picture(), total=5000)).startswith("% These are the first 1 of 5,000 pictures")
    assert "@" not in bibtex(export(picture(), total=5000)).splitlines()[0]
