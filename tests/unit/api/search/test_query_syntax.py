"""Parsing the operators of a query text; everything else is plain words."""

from math import copysign

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.search.query_fields import FIELDS, NAMES_BY_LANGUAGE
from api.search.query_syntax import parse_query_text
from api.search.query_terms import QueryTerm, QueryTerms
from api.search.query_text import MAX_WORDS, clean_query_text


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
    ('"one two","three" „four“;„five“', build_query_terms(*map(phrase, ("one two", "three", "four", "five")))),
    ("‘Pilgrim’s Progress’ fyr", build_query_terms(phrase("Pilgrim’s Progress"), QueryTerm("fyr"))),
    (
        "title:((fyr OR lykt) kyst)",
        build_query_terms(
            (QueryTerm("fyr", field="title"), QueryTerm("lykt", field="title")), QueryTerm("kyst", field="title")
        ),
    ),
    (
        "title:(kirke^-1) fyr",
        QueryTerms(should=((QueryTerm("fyr"),),), negative=(QueryTerm("kirke", field="title", weight=-1),)),
    ),
    ("红* fyr", build_query_terms(QueryTerm("红", "prefix"), QueryTerm("fyr"))),
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


@pytest.mark.parametrize("language", NAMES_BY_LANGUAGE)
@pytest.mark.parametrize("index", range(len(FIELDS)))
def test_each_field_has_a_name_in_each_language(language: str, index: int) -> None:
    name, expected = NAMES_BY_LANGUAGE[language][index], build_query_terms(QueryTerm("fyr", field=FIELDS[index]))
    for typed_name in (name, name.upper(), name.capitalize()):
        assert parse_query_text(f"{typed_name}:fyr").should == expected.should


PLAIN_CASES: list[tuple[str, list[str]]] = [
    ("12:30", ["12:30"]),
    ("1 000 kroner", ["1 000", "kroner"]),
    ("f(x) :-) Reise (1867)", ["f(x", "Reise", "1867"]),
    ("( fyr ) ))", ["fyr"]),
    ("Joh. 3:16 1 Mos 1:1-3", ["Joh", "3:16", "1", "Mos", "1:1-3"]),
    ("URN:NBN:no-nb_digibok_2010", ["URN:NBN:no-nb_digibok_2010"]),
    ("https://urn.nb.no/URN:NBN:no-nb_digibok_2010", ["https://urn.nb.no/URN:NBN:no-nb_digibok_2010"]),
    ("978-82-02-12345-6", ["978-82-02-12345-6"]),
    ("1850-1900 Hand-Press", ["1850-1900", "Hand-Press"]),
    ('"fyr', ["fyr"]),
    ('fyr" ved', ["fyr", "ved"]),
    ('a"b c"d', ['a"b', 'c"d']),
    ("title : fyr", ["title", "fyr"]),
    ("1860 –1870 C++ --fyr", ["1860", "–1870", "C++", "--fyr"]),
    ("isbn:9788200123456", ["isbn:9788200123456"]),
    ('title:"', ["title:"]),
    ("fyr^ fyr^x", ["fyr^", "fyr^x"]),
    ("fyr or lykt", ["fyr", "or", "lykt"]),
    ('- -- ^ * " : «» -"" ² …', []),
    ("", []),
]


@pytest.mark.parametrize(("typed", "words"), PLAIN_CASES)
def test_other_texts_are_plain_words(typed: str, words: list[str]) -> None:
    query_terms = parse_query_text(typed)
    assert [term.text for term in query_terms.should_terms] == words
    assert query_terms.is_plain


NOT_UNDERSTOOD_CASES: list[tuple[str, list[str], list[str]]] = [
    # typed, words, what the page names
    ("colour:red", ["colour", "red"], ["colour:red"]),
    ('colour:"red sea"', ["colour", "red sea"], ['colour:"red sea"']),
    ("page:5", ["page", "5"], ["page:5"]),
    ("fyr OR ||", ["fyr", "OR"], ["OR", "||"]),
    ("OR fyr OR", ["OR", "fyr", "OR"], ["OR"]),
    ("AND fyr", ["AND", "fyr"], ["AND"]),
    ("fyr NOT", ["fyr", "NOT"], ["NOT"]),
    ("NOT NOT fyr", ["NOT"], ["NOT"]),
    ("a* *fyr", ["a", "*fyr"], ["a*", "*fyr"]),
    ("f*r", ["f*r"], ["f*r"]),
    ("fyr~2", ["fyr"], ["fyr~2"]),
    ('"hvit stein"~3', ["hvit stein"], ['"hvit stein"~3']),
    ("/fy?r/", ["/fy?r/"], ["/fy?r/"]),
    ("fy?r", ["fy?r"], ["fy?r"]),
    ("year:then", ["year:then"], ["year:then"]),
    ("ſted:fyr", ["ſted", "fyr"], ["ſted:fyr"]),
]


@pytest.mark.parametrize(("typed", "words", "named"), NOT_UNDERSTOOD_CASES)
def test_other_syntax_is_searched_as_words_and_named(typed: str, words: list[str], named: list[str]) -> None:
    query_terms = parse_query_text(typed)
    assert [term.text for term in query_terms.should_terms] == words
    assert list(query_terms.not_understood) == named
    assert query_terms.explanation().endswith(f"as words: {', '.join(named)}")


def required(*texts: str) -> tuple[QueryTerm, ...]:
    return tuple(QueryTerm(text, required=True) for text in texts)


BOOLEAN_CASES: list[tuple[str, QueryTerms]] = [
    ("fyr AND kyst", build_query_terms(required("fyr"), required("kyst"))),
    ("fyr AND kyst havn", build_query_terms(required("fyr"), required("kyst"), QueryTerm("havn"))),
    ("(fyr OR lykt) AND kyst", build_query_terms(required("fyr", "lykt"), required("kyst"))),
    ("( fyr OR lykt ) AND kyst", build_query_terms(required("fyr", "lykt"), required("kyst"))),
    ("((fyr OR lykt)) AND (kyst)", build_query_terms(required("fyr", "lykt"), required("kyst"))),
    ("fyr OR kyst AND havn", build_query_terms(required("fyr", "kyst"), required("fyr", "havn"))),
    ("(fyr kyst) OR havn", build_query_terms(required("fyr", "havn"), required("kyst", "havn"))),
    ("(fyr kyst)", build_query_terms(QueryTerm("fyr"), QueryTerm("kyst"))),
    ("fyr NOT skip", QueryTerms(should=((QueryTerm("fyr"),),), must_not=(QueryTerm("skip"),))),
    ("fyr AND NOT skip", QueryTerms(should=(required("fyr"),), must_not=(QueryTerm("skip"),))),
    (
        "fyr NOT (skip OR bok)",
        QueryTerms(should=((QueryTerm("fyr"),),), must_not=(QueryTerm("skip"), QueryTerm("bok"))),
    ),
    ("fyr -(skip OR bok)", QueryTerms(should=((QueryTerm("fyr"),),), must_not=(QueryTerm("skip"), QueryTerm("bok")))),
    (
        "fyr NOT (skip AND bok)",
        QueryTerms(should=((QueryTerm("fyr"),),), must_not_together=(((QueryTerm("skip"),), (QueryTerm("bok"),)),)),
    ),
    (
        "fyr -(+skip +(bok OR brev))",
        QueryTerms(
            should=((QueryTerm("fyr"),),),
            must_not_together=(((QueryTerm("skip"),), (QueryTerm("bok"), QueryTerm("brev"))),),
        ),
    ),
    ('NOT "red ship"', QueryTerms(must_not=(phrase("red ship"),))),
    ("+fyr kyst", build_query_terms(required("fyr"), QueryTerm("kyst"))),
    ("fyr && kyst", build_query_terms(required("fyr"), required("kyst"))),
    ("fyr || kyst", build_query_terms((QueryTerm("fyr"), QueryTerm("kyst")))),
    *(
        (f"fyr {minus}skip", QueryTerms(should=((QueryTerm("fyr"),),), must_not=(QueryTerm("skip"),)))
        for minus in "-−–‐‑"
    ),
    ("fyr -(skip bok)", QueryTerms(should=((QueryTerm("fyr"),),), must_not=(QueryTerm("skip"), QueryTerm("bok")))),
    ("title: fyr", build_query_terms(QueryTerm("fyr", field="title"))),
    ("author:'Anna Moe'", build_query_terms(phrase("Anna Moe", "author"))),
    ("title:(fyr OR kyst)", build_query_terms((QueryTerm("fyr", field="title"), QueryTerm("kyst", field="title")))),
    ("title:(fyr text:kyst)", build_query_terms(QueryTerm("fyr", field="title"), QueryTerm("kyst", field="text"))),
    ("-title:(fyr)", QueryTerms(must_not=(QueryTerm("fyr", field="title"),))),
    ("-colour:red", QueryTerms(must_not=(QueryTerm("colour:red"),))),
]


@pytest.mark.parametrize(("typed", "read"), BOOLEAN_CASES)
def test_boolean_operators_and_parentheses_are_parsed(typed: str, read: QueryTerms) -> None:
    query_terms = parse_query_text(typed)
    assert (query_terms.should, query_terms.must_not, query_terms.not_understood) == (read.should, read.must_not, ())
    assert query_terms.must_not_together == read.must_not_together


def test_operators_in_small_letters_are_words() -> None:
    assert parse_query_text("fyr and kyst or not skip").is_plain


@pytest.mark.parametrize(
    ("typed", "years"),
    [
        ("year:1867", (1867, 1867)),
        ("år:1860-1870", (1860, 1870)),
        ("ÅR:1860–1870", (1860, 1870)),
        ('jahr:"1860 - 1870"', (1860, 1870)),
        ("année:1870-1860", (1860, 1870)),
        ("year:1860-70", (1860, 1870)),
        ("year:1860-", (1860, None)),
        ("year:-1870", (None, 1870)),
        ("year:1860..1870", (1860, 1870)),
        ("year:1860s", (1860, 1869)),
        ("year: 1867", (1867, 1867)),
        ("year:1860 - 1870", (1860, 1870)),
        ("year:1860...1870", (1860, 1870)),
        ("year:[1860 TO 1870]", (1860, 1870)),
        ("year:[1860 TO *]", (1860, None)),
        ("year:>1860", (1861, None)),
        ("year:>= 1860", (1860, None)),
        ("år:<1870", (None, 1869)),
        ("jahr:<=1870", (None, 1870)),
        ("dato:186-", (1860, 1869)),
        ("year:186?", (1860, 1869)),
        ("year:18*", (1800, 1899)),
        ("year:c1867", (1867, 1867)),
        ('jahr:"18. Jahrhundert"', (1701, 1800)),
        ("year=1867", (1867, 1867)),
        ("Year = 1867", (1867, 1867)),
        ("år=1860-1870", (1860, 1870)),
        ("year=1860s", (1860, 1869)),
        ('year="c1867"', (1867, 1867)),
        ("+year:1867", (1867, 1867)),
        ("(year:1867)", (1867, 1867)),
        ("(year:1860-1870)", (1860, 1870)),
        ("year:(1860 - 1870)", (1860, 1870)),
        ("år:(1860 TO 1870)", (1860, 1870)),
        ("year:1860 to 1870", (1860, 1870)),
        ("år:1860 til 1870", (1860, 1870)),
        ("jahr:1860 bis 1870", (1860, 1870)),
        ("year:{1860 TO 1870}", (1860, 1870)),
        ("year:≥1860", (1860, None)),
        ("year≤1870", (None, 1870)),
        ("year:*", (None, None)),
        ("year:[* TO *]", (None, None)),
    ],
)
def test_years_are_a_filter_that_does_not_rank(typed: str, years: tuple[int | None, int | None]) -> None:
    query_terms = parse_query_text(f"fyr {typed}")
    assert [term.text for term in query_terms.should_terms] == ["fyr"] == query_terms.plain_text.split()
    assert [[term.years for term in group] for group in query_terms.years] == [[years]]
    assert not query_terms.is_plain


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("title=fyr", "title:fyr"),
        ("author='Ingeborg Tveit'", 'author:"Ingeborg Tveit"'),
        ("caption=(brig OR kirke)", "caption:(brig OR kirke)"),
        ("-year=1867", "-year:1867"),
    ],
)
def test_a_field_takes_an_equals_sign_too(typed: str, same: str) -> None:
    parts = [
        [[(term.kind, term.field, term.text) for term in group] for group in (*terms.should, *terms.years)]
        for terms in (parse_query_text(typed), parse_query_text(same))
    ]
    assert parts[0] == parts[1]
    assert len(parse_query_text(typed).must_not) == len(parse_query_text(same).must_not)


@pytest.mark.parametrize("typed", ["1+1=2", "x=1867", "title=", "Titel = Title", "a title = another"])
def test_other_equals_signs_are_no_fields(typed: str) -> None:
    assert {term.field for term in parse_query_text(typed).should_terms} == {""}


def test_years_can_be_alternatives_or_excluded() -> None:
    assert [len(group) for group in parse_query_text("year:1867 OR year:1891").years] == [2]
    assert [len(group) for group in parse_query_text("year:(1867 OR 1891)").years] == [2]
    assert [len(group) for group in parse_query_text("year:(1860-1870 OR 1891)").years] == [2]
    assert [term.years for term in parse_query_text("fyr -year:1867").must_not] == [(1867, 1867)]
    assert [len(group) for group in parse_query_text("fyr OR year:1891").should] == [2]


@pytest.mark.parametrize(
    "typed",
    [
        "“a b”",
        "„a b“",
        "”a b”",
        "«a b»",
        "»a b«",
        "»a b»",
        "›a b›",
        "‹a b›",
        "›a b‹",
        "‚a b‘",
        "″a b″",
        "〝a b〟",
        "「a b」",
        "❝a b❞",
        "＂a b＂",
        "‘a b’",
        "《a b》",
    ],
)
def test_any_quotation_marks_make_a_phrase(typed: str) -> None:
    assert parse_query_text(clean_query_text(typed)).should == build_query_terms(phrase("a b")).should


@pytest.mark.parametrize("typed", ["(" * 1900 + "fyr" + ")" * 50, "(fyr OR " * 200, "(a AND b) OR " * 100 + "c"])
def test_deep_and_long_expressions_are_parsed(typed: str) -> None:
    assert parse_query_text(typed).should


def test_words_beyond_the_first_are_left_out_of_the_search_but_not_of_the_text() -> None:
    query_text = " ".join(f"ord{i}" for i in range(100))
    query_terms = parse_query_text(query_text)
    assert [term.text for term in query_terms.should_terms] == query_text.split()[:MAX_WORDS]
    assert (query_terms.query_text, query_terms.is_cut) == (query_text, True)


def test_each_sign_of_a_script_without_spaces_is_a_word() -> None:
    query_terms = parse_query_text("".join(map(chr, range(0x4E00, 0x4E00 + 100))))
    assert [len(term.text) for term in query_terms.should_terms] == [MAX_WORDS]
    assert query_terms.is_cut


def test_address_is_one_term_however_many_words_it_has() -> None:
    address = "https://example.org/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/bpt6k1110784"
    query_terms = parse_query_text(f"<{address}>, fyr")
    assert [(term.text, term.kind) for term in query_terms.should_terms] == [(address, "address"), ("fyr", "word")]


def test_or_joins_only_terms_that_should_match() -> None:
    query_terms = parse_query_text("fyr OR -ship OR lykt^-1")
    assert [term.text for term in query_terms.should_terms] == ["fyr", "OR", "OR"]
    assert (query_terms.must_not, query_terms.negative) == ((QueryTerm("ship"),), (QueryTerm("lykt", weight=-1),))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", ""),
        ("fyr", "fyr"),
        ("fyr kysten", "all of: fyr, kysten"),
        ("kirke fyr -anker", "all of: kirke, fyr; without: anker"),
        ("fyr kyst havn -anker", "most of: fyr, kyst, havn; without: anker"),
        ('fyr OR lykt "hvit stein"^2 -ship', "all of: fyr or lykt, “hvit stein” (× 2); without: ship"),
        ("title:ky* -author:moe", "ky… in the title; without: moe in the author"),
        ("harbour^-1", "less of: harbour"),
        ("fyr NOT (kirke AND (skip OR båt))", "fyr; without: all of: kirke, skip or båt"),
        ("(fyr OR lykt) AND kyst", "all of: fyr or lykt, kyst"),
        ("fyr AND kyst havn", "all of: fyr, kyst, havn"),
        ("fyr AND kyst havn skip by", "all of: fyr, kyst; most of: havn, skip, by"),
        ('"hvit stein" title:fyr kyst havn skip', "all of: “hvit stein”, fyr in the title; most of: kyst, havn, skip"),
        ("fyr år:1860-1870", "fyr; of 1860–1870"),
        ("year:1867 OR year:1890-", "of 1867 or from 1890"),
        ("fyr year:*", "fyr; of any year"),
        ("fyr year:00??", "all of: fyr, year:00??; as words: year:00??"),
        ("fyr colour:red", "most of: fyr, colour, red; as words: colour:red"),
    ],
)
def test_the_explanation_describes_the_parsed_query(typed: str, sentence: str) -> None:
    assert parse_query_text(typed).explanation() == sentence


def test_the_explanation_gives_the_number_of_required_words() -> None:
    assert parse_query_text("fyr kysten").explanation("any") == "any of: fyr, kysten"
    assert parse_query_text("fyr AND kysten havn").explanation("any") == "all of: fyr, kysten, havn"
    assert parse_query_text("fyr kyst havn").explanation("all") == "all of: fyr, kyst, havn"


def test_plain_text_leaves_out_operators() -> None:
    assert parse_query_text('title:kyst "hvit stein"^2 fyr* -ship havn^-1').plain_text == "kyst hvit stein fyr"


@pytest.mark.parametrize("text", ["fyr^-0", "title:fyr^-0", "fy*^-0.0", '"fyr brig"^-0', "(fyr OR brig)^-0"])
def test_minus_zero_is_zero(text: str) -> None:
    """Elasticsearch refuses a boost of -0."""
    assert all(copysign(1, term.weight) == 1 for term in parse_query_text(text).should_terms)


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


@given(st.lists(st.text(alphabet="abcæøå", max_size=9), max_size=MAX_WORDS).map(" ".join))
def test_text_without_operators_is_unchanged(query_text: str) -> None:
    assert [term.text for term in parse_query_text(query_text).should_terms] == query_text.split()


@pytest.mark.parametrize(
    "frame", ["{}", "<{}>", "({}).", "„{}“", "[a title]({})", "[{0}]({0})", "view-source:{}", "Se {}"]
)
def test_an_address_is_read_from_what_editors_put_around_it(frame: str) -> None:
    address = "https://archive.org/details/voyageautourdumo00arag"
    terms = parse_query_text(frame.format(address))
    assert [term.text for term in terms.addresses] == [address]


@pytest.mark.parametrize(
    ("typed", "years"), [("year>1880", (1881, None)), ("year<=1880", (None, 1880)), ("år>1880", (1881, None))]
)
def test_a_comparison_of_years_needs_no_colon(typed: str, years: tuple[int | None, int | None]) -> None:
    ((term,),) = parse_query_text(typed).years
    assert term.years == years


@pytest.mark.parametrize(
    "typed",
    ["fyr båt NOT (skip AND (a OR b))", 'fyr båt year:"18th century"', 'fyr «han sa "nei" da»', "fyr year:1860-1870"],
)
def test_a_part_of_a_text_is_read_again_as_the_same_part(typed: str) -> None:
    terms = parse_query_text(typed)
    for _, text in terms.texts_without_a_part():
        again = parse_query_text(text)
        assert {*again.years} <= {*terms.years}
        assert [group[0].kind for group in again.should] == [
            group[0].kind for group in terms.should if group[0].text.replace('"', "") in text
        ]
