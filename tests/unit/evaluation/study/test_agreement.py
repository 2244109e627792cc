"""Agreement equals published examples."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from evaluation.study.agreement import (
    alpha_interval,
    grade_array,
    krippendorff_alpha,
    nominal_distances,
    pair_agreements,
    weighted_kappa,
)
from evaluation.study.judgements import Judgement

X = np.nan
KRIPPENDORFF_2011 = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, X, X, X],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, X, 3],
        [X, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, X],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, X],
    ]
)
"""Four observers and twelve units: Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), example D."""


def test_alpha_equals_the_published_example() -> None:
    assert krippendorff_alpha(KRIPPENDORFF_2011, nominal_distances) == pytest.approx(0.743, abs=0.0005)
    assert krippendorff_alpha(KRIPPENDORFF_2011) == pytest.approx(0.815, abs=0.0005)


def test_alpha_interval_contains_alpha() -> None:
    interval = alpha_interval(KRIPPENDORFF_2011)
    assert interval is not None
    assert interval[0] < 0.815 < interval[1] <= 1


def test_alpha_of_full_agreement_is_one_and_of_nothing_is_unknown() -> None:
    assert krippendorff_alpha(np.array([[0, 1, 2], [0, 1, 2.0]])) == 1.0
    assert krippendorff_alpha(np.array([[2, 2, 2], [2, 2, 2.0]])) is None, "one grade shows no agreement"
    assert krippendorff_alpha(np.array([[0, X], [X, 2.0]])) is None, "no item has two grades"
    assert krippendorff_alpha(np.array([[X, X]])) is None


@given(st_numpy.arrays(np.float64, (3, 8), elements=st.sampled_from([0.0, 1.0, 2.0, np.nan])))
def test_alpha_is_at_most_one_and_does_not_depend_on_the_order_of_judges(grades: np.ndarray) -> None:
    alpha = krippendorff_alpha(grades)
    assert alpha is None or alpha <= 1 + 1e-12
    assert krippendorff_alpha(grades[::-1]) == (None if alpha is None else pytest.approx(alpha))


def test_kappa_without_weights_between_two_grades_equals_cohens_formula() -> None:
    """Twenty yes of both, five and ten of one alone, fifteen no of both: 0.4 (Cohen's example, as in Wikipedia)."""
    first = [1] * 25 + [0] * 25
    second = [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15
    assert weighted_kappa(first, second) == pytest.approx(0.4)
    assert weighted_kappa([2, 2], [2, 2]) is None


def test_pairs_are_compared_on_what_both_could_judge() -> None:
    def judge(name: str, **answers: str) -> dict[str, Judgement]:
        return {item: Judgement(judge=name, item=item, answer=answer) for item, answer in answers.items()}

    answers = {
        "anna": judge("anna", a="yes", b="no", c="unsure", d="partly"),
        "berit": judge("berit", a="yes", b="partly", c="no"),
        "carl": judge("carl", z="no"),
    }
    (agreement,) = pair_agreements(answers)
    assert (agreement.judges, agreement.items, agreement.equal_count) == (("anna", "berit"), 2, 1)
    assert np.nan_to_num(grade_array(answers, ["a", "b", "c"]), nan=-1).tolist() == [
        [2, 0, -1],
        [2, 1, 0],
        [-1, -1, -1],
    ]
