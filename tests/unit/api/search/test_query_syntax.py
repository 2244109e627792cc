"""Parsing the operators of a query text; everything else is plain words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.search.query_syntax import FIELDS, NORWEGIAN_FIELDS, QueryTerm, QueryTerms, parse_query_text
from api.search.query_text import MAX_CHARACTERS, clean_query_text


def build_query_terms(*groups: QueryTerm | tuple[QueryTerm, ...]) -> QueryTerms:
    return QueryTerms(should=tuple(group if isinstance(group, tuple) else (group,) for group in groups))


def phrase(text: str, field: str = "", weight: float = 1.0) -> QueryTerm:
    return QueryTerm(text, "phrase", field, weight)


SYNTAX_CASES: list[tuple[str, QueryTerms]] = [
    ("fyr  ved kysten", build_query_terms(QueryTerm("fyr"), QueryTerm("ved"), QueryTerm("kysten"))),
    ('"hvit stein"', build_query_terms(phrase("hvit stein"))),
    ("“white stone”", build_query_terms(phrase("white stone"))),
    ("„weißer Stein“ „hvid sten”", build_query_terms(phrase("weißer Stein"), phrase("hvid sten"))),
    ("«la mer» »die See«", build_query_terms(phrase("la mer"), phrase("die See"))),
    ('"one", "two".', build_query_terms(phrase("one"), phrase("two"))),
    ("fyr -ship", QueryTerms(should=((QueryTerm("fyr"),),), must_not=(QueryTerm("ship"),))),
    ('-"red ship" -title:kyst', QueryTerms(must_not=(phrase("red ship"), QueryTerm("kyst", field="title")))),
    ("fyr* title:ky*", build_query_terms(QueryTerm("fyr", "prefix"), QueryTerm("ky", "prefix", "title"))),
    ('Forfatter:"Anna Moe"', build_query_terms(phrase("Anna Moe", "author"))),
    ("lykt OR fyr kysten", build_query_terms((QueryTerm("lykt"), QueryTerm("fyr")), QueryTerm("kysten"))),
    (
        '(lykt OR "et fyr" OR title:ky*)',
        build_query_terms((QueryTerm("lykt"), phrase("et fyr"), QueryTerm("ky", "prefix", "title"))),
    ),
    (
        'fyr^2 "a phrase"^0.5 ky*^3',
        build_query_terms(
            QueryTerm("fyr", weight=2), phrase("a phrase", weight=0.5), QueryTerm("ky", "prefix", weight=3)
        ),
    ),
    ("harbour^-1 fyr", QueryTerms(should=((QueryTerm("fyr"),),), negative=(QueryTerm("harbour", weight=-1),))),
    ("fyr^999", build_query_terms(QueryTerm("fyr", weight=10))),
    ("fyr^0", build_query_terms(QueryTerm("fyr", weight=0))),
]


@pytest.mark.parametrize(("typed", "read"), SYNTAX_CASES)
def test_operators_are_parsed(typed: str, read: QueryTerms) -> None:
    query_terms = parse_query_text(typed)
    assert (query_terms.should, query_terms.negative, query_terms.must_not) == (
        read.should,
        read.negative,
        read.must_not,
    )


@pytest.mark.parametrize("field", FIELDS)
def test_each_field_has_an_english_and_a_norwegian_name(field: str) -> None:
    norwegian_field = next(
        norwegian_name for norwegian_name, english_name in NORWEGIAN_FIELDS.items() if english_name == field
    )
    expected = build_query_terms(QueryTerm("fyr", field=field)).should
    assert parse_query_text(f"{field}:fyr").should == parse_query_text(f"{norwegian_field}:fyr").should == expected
    assert parse_query_text(f"{field.upper()}:fyr").should == expected


PLAIN_CASES: list[tuple[str, list[str]]] = [
    ("12:30 colour:red", ["12:30", "colour:red"]),
    ("Joh. 3:16 1 Mos 1:1-3", ["Joh", "3:16", "1", "Mos", "1:1-3"]),
    ("URN:NBN:no-nb_digibok_2010", ["URN:NBN:no-nb_digibok_2010"]),
    ("https://urn.nb.no/URN:NBN:no-nb_digibok_2010", ["https://urn.nb.no/URN:NBN:no-nb_digibok_2010"]),
    ("978-82-02-12345-6", ["978-82-02-12345-6"]),
    ("1850-1900 Hand-Press", ["1850-1900", "Hand-Press"]),
    ('"fyr', ["fyr"]),
    ('fyr" ved', ["fyr", "ved"]),
    ('a"b c"d', ['a"b', 'c"d']),
    ("title: fyr", ["title", "fyr"]),
    ('title:"', ["title:"]),
    ("fyr^ fyr^x", ["fyr^", "fyr^x"]),
    ("a* *fyr", ["a", "*fyr"]),
    ("--fyr", ["--fyr"]),
    ("OR fyr OR", ["OR", "fyr", "OR"]),
    ("fyr or lykt", ["fyr", "or", "lykt"]),
    ("ſted:fyr", ["ſted:fyr"]),
    ('- -- ^ * " : «» -"" ² …', []),
    ("", []),
]


@pytest.mark.parametrize(("typed", "words"), PLAIN_CASES)
def test_other_texts_are_plain_words(typed: str, words: list[str]) -> None:
    query_terms = parse_query_text(typed)
    assert [term.text for term in query_terms.should_terms] == words
    assert query_terms.is_plain


def test_or_joins_only_terms_that_should_match() -> None:
    query_terms = parse_query_text("fyr OR -ship OR lykt^-1")
    assert [term.text for term in query_terms.should_terms] == ["fyr", "OR", "OR"]
    assert (query_terms.must_not, query_terms.negative) == ((QueryTerm("ship"),), (QueryTerm("lykt", weight=-1),))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", ""),
        ("fyr", "fyr"),
        ("fyr kysten", "most of: fyr, kysten"),
        ('fyr OR lykt "hvit stein"^2 -ship', "most of: fyr or lykt, “hvit stein” (× 2); without: ship"),
        ("title:ky* -author:moe", "ky… in the title; without: moe in the author"),
        ("harbour^-1", "less of: harbour"),
    ],
)
def test_the_explanation_describes_the_parsed_query(typed: str, sentence: str) -> None:
    assert parse_query_text(typed).explanation() == sentence


def test_the_explanation_gives_the_number_of_required_words() -> None:
    assert parse_query_text("fyr kysten").explanation("any") == "any of: fyr, kysten"


def test_plain_text_leaves_out_operators() -> None:
    assert parse_query_text('title:kyst "hvit stein"^2 fyr* -ship havn^-1').plain_text == "kyst hvit stein fyr"


SIGNS = st.sampled_from([*'"„“”«»()*^-:', " OR ", " -", "title:", "TEKST:", "^-1", "^2.5", " ", "fyr"])


@given(st.lists(st.one_of(SIGNS, st.text(max_size=5)), max_size=60).map("".join))
def test_any_text_is_parsed_without_losing_a_word(query_text: str) -> None:
    query_terms = parse_query_text(query_text)
    query_terms.explanation()
    for term in (*query_terms.should_terms, *query_terms.negative, *query_terms.must_not):
        assert term.text == " ".join(term.text.split()) != ""
        assert abs(term.weight) <= 10
    assert (
        parse_query_text(clean_query_text(query_text)).explanation()
        == parse_query_text(clean_query_text(clean_query_text(query_text))).explanation()
    )


@given(st.text(alphabet="abcæøå ", max_size=MAX_CHARACTERS))
def test_text_without_operators_is_unchanged(query_text: str) -> None:
    assert [term.text for term in parse_query_text(query_text).should_terms] == query_text.split()
