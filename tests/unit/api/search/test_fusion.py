"""Fusions: what each promises, on candidates small enough to reckon by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.search.fusion import FUSIONS, Candidate, Weights, convex, ranked, rrf

EVEN = Weights(balance=0.5, models={"sscd": 1.0, "siglip": 1.0})

scores = st.floats(0, 1000, allow_subnormal=False)
cosines = st.floats(-1, 1, allow_subnormal=False)
candidates = st.lists(
    st.builds(
        Candidate,
        id=st.uuids().map(str),
        words=scores,
        looks=st.dictionaries(st.sampled_from(["sscd", "siglip"]), cosines),
    ),
    max_size=20,
    unique_by=lambda each: each.id,
)


def test_convex_is_the_weighted_mean_of_normalised_scores() -> None:
    found = [
        Candidate(id="both", words=10, looks={"sscd": 0.8}),
        Candidate(id="words", words=20, looks={"sscd": 0.2}),
        Candidate(id="looks", words=0, looks={"sscd": 0.5}),
    ]
    assert convex(found, EVEN) == pytest.approx({"both": 0.5 * 0.5 + 0.5, "words": 0.5, "looks": 0.25})


def test_rrf_adds_the_weighted_reciprocals_of_ranks() -> None:
    found = [Candidate(id="a", words=5, looks={"sscd": 0.1}), Candidate(id="b", words=9)]
    assert rrf(found, EVEN) == pytest.approx({"a": 0.5 / 62 + 0.5 / 61, "b": 0.5 / 61})


@pytest.mark.parametrize("fusion", FUSIONS.values())
def test_balance_decides_between_words_and_looks(fusion) -> None:
    found = [Candidate(id="words", words=9, looks={"sscd": 0.1}), Candidate(id="looks", words=1, looks={"sscd": 0.9})]
    for balance, first in ((0.1, "words"), (0.9, "looks")):
        assert ranked(found, fusion(found, Weights(balance=balance, models={})))[0] == first


@pytest.mark.parametrize("fusion", FUSIONS.values())
def test_a_models_weight_decides_between_models(fusion) -> None:
    found = [
        Candidate(id="copy", looks={"sscd": 0.9, "siglip": 0.1}),
        Candidate(id="theme", looks={"sscd": 0.1, "siglip": 0.9}),
    ]
    for heavy, first in (("sscd", "copy"), ("siglip", "theme")):
        weights = Weights(balance=0.5, models={heavy: 3.0})
        assert ranked(found, fusion(found, weights))[0] == first


def test_an_exact_identifier_stands_above_any_fusion() -> None:
    found = [Candidate(id="best", words=99, looks={"sscd": 1.0}), Candidate(id="exact", words=0, exact=True)]
    assert ranked(found, convex(found, EVEN)) == ["exact", "best"]


@pytest.mark.parametrize("fusion", FUSIONS.values())
@given(candidates)
def test_every_candidate_gets_one_place_and_no_score_is_above_one(fusion, found: list[Candidate]) -> None:
    given_scores = fusion(found, EVEN)
    assert sorted(ranked(found, given_scores)) == sorted(each.id for each in found)
    assert all(0 <= score <= 1 + 1e-9 for score in given_scores.values())


@given(candidates, st.floats(0.01, 100))
def test_convex_does_not_care_for_the_scale_of_bm25(found: list[Candidate], factor: float) -> None:
    louder = [Candidate(id=each.id, words=each.words * factor, looks=each.looks) for each in found]
    assert convex(louder, EVEN) == pytest.approx(convex(found, EVEN), abs=1e-6)
