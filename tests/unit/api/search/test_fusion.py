"""The fusions, on candidates small enough to compute by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.search.fusion import FUSIONS, Candidate, FusionWeights, fuse_convex, fuse_rrf, rank_candidates

EQUAL_WEIGHTS = FusionWeights(balance=0.5, models={"sscd": 1.0, "siglip": 1.0})

text_scores = st.floats(0, 1000, allow_subnormal=False)
similarities = st.floats(-1, 1, allow_subnormal=False)
candidate_lists = st.lists(
    st.builds(
        Candidate,
        id=st.uuids().map(str),
        text_score=text_scores,
        similarities=st.dictionaries(st.sampled_from(["sscd", "siglip"]), similarities),
    ),
    max_size=20,
    unique_by=lambda candidate: candidate.id,
)


def test_convex_is_the_weighted_mean_of_normalised_scores() -> None:
    candidates = [
        Candidate(id="both", text_score=10, similarities={"sscd": 0.8}),
        Candidate(id="words", text_score=20, similarities={"sscd": 0.2}),
        Candidate(id="looks", text_score=0, similarities={"sscd": 0.5}),
    ]
    assert fuse_convex(candidates, EQUAL_WEIGHTS) == pytest.approx(
        {"both": 0.5 * 0.5 + 0.5, "words": 0.5, "looks": 0.25}
    )


def test_rrf_adds_the_weighted_reciprocals_of_ranks() -> None:
    candidates = [Candidate(id="a", text_score=5, similarities={"sscd": 0.1}), Candidate(id="b", text_score=9)]
    assert fuse_rrf(candidates, EQUAL_WEIGHTS) == pytest.approx({"a": 0.5 / 62 + 0.5 / 61, "b": 0.5 / 61})


@pytest.mark.parametrize("fusion", FUSIONS.values())
def test_balance_weighs_text_against_similarity(fusion) -> None:
    candidates = [
        Candidate(id="words", text_score=9, similarities={"sscd": 0.1}),
        Candidate(id="looks", text_score=1, similarities={"sscd": 0.9}),
    ]
    for balance, best_id in ((0.1, "words"), (0.9, "looks")):
        assert rank_candidates(candidates, fusion(candidates, FusionWeights(balance=balance, models={})))[0] == best_id


@pytest.mark.parametrize("fusion", FUSIONS.values())
def test_model_weights_decide_between_models(fusion) -> None:
    candidates = [
        Candidate(id="copy", similarities={"sscd": 0.9, "siglip": 0.1}),
        Candidate(id="theme", similarities={"sscd": 0.1, "siglip": 0.9}),
    ]
    for heavy_model, best_id in (("sscd", "copy"), ("siglip", "theme")):
        weights = FusionWeights(balance=0.5, models={heavy_model: 3.0})
        assert rank_candidates(candidates, fusion(candidates, weights))[0] == best_id


def test_an_exact_identifier_ranks_first_in_every_fusion() -> None:
    candidates = [
        Candidate(id="best", text_score=99, similarities={"sscd": 1.0}),
        Candidate(id="exact", text_score=0, is_exact=True),
    ]
    assert rank_candidates(candidates, fuse_convex(candidates, EQUAL_WEIGHTS)) == ["exact", "best"]


@pytest.mark.parametrize("fusion", FUSIONS.values())
@given(candidate_lists)
def test_every_candidate_is_ranked_once_with_a_score_up_to_one(fusion, candidates: list[Candidate]) -> None:
    fused_scores = fusion(candidates, EQUAL_WEIGHTS)
    assert sorted(rank_candidates(candidates, fused_scores)) == sorted(candidate.id for candidate in candidates)
    assert all(0 <= score <= 1 + 1e-9 for score in fused_scores.values())


@given(candidate_lists, st.floats(0.01, 100))
def test_convex_does_not_depend_on_the_scale_of_bm25(candidates: list[Candidate], factor: float) -> None:
    scaled_candidates = [
        Candidate(id=candidate.id, text_score=candidate.text_score * factor, similarities=candidate.similarities)
        for candidate in candidates
    ]
    assert fuse_convex(scaled_candidates, EQUAL_WEIGHTS) == pytest.approx(
        fuse_convex(candidates, EQUAL_WEIGHTS), abs=1e-6
    )
