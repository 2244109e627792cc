"""Several methods at once: in the order of the service, and with a difference that says whether it helps."""

import numpy as np
import pytest

from evaluation.retrieval.fusion import EVERY, WAYS, Seen, compared, figures, fused, table, verdict

NAMES = [str(number) for number in range(40)]
PICTURES = np.eye(40, 64, dtype=np.float32)


def noisy(strength: float, seed: int) -> np.ndarray:
    """Questions that lie near their pictures, or not."""
    rows = PICTURES + strength * np.random.default_rng(seed).normal(size=PICTURES.shape)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def seen(**strengths: float) -> Seen:
    return Seen(PICTURES, {kind: noisy(strength, seed) for seed, (kind, strength) in enumerate(strengths.items())})


@pytest.mark.parametrize("way", WAYS)
def test_one_method_alone_keeps_its_order(way: str) -> None:
    one = seen(paper=0.2)
    rows = fused(way, {"one": one}, "paper", 0, 40)
    assert np.array_equal(rows.argmax(axis=1), (one.queries["paper"] @ PICTURES.T).argmax(axis=1))


@pytest.mark.parametrize("way", WAYS)
def test_what_no_method_has_among_its_nearest_is_not_there(way: str) -> None:
    """Of 150 pictures a method brings 100: the last 50 of both are none of the answer."""
    gallery = np.linspace(1, -1, 150, dtype=np.float32)[:, None]
    one = Seen(gallery, {"paper": np.ones((1, 1), dtype=np.float32)})
    (row,) = fused(way, {"one": one, "twin": one}, "paper", 0, 1)
    assert np.isfinite(row[:100]).all()
    assert np.isneginf(row[100:]).all()


def test_two_that_err_independently_are_better_together_and_one_that_knows_nothing_spoils() -> None:
    rng = np.random.default_rng(7)
    pictures = rng.normal(size=(400, 64)).astype(np.float32)
    pictures /= np.linalg.norm(pictures, axis=1, keepdims=True)
    names = [str(number) for number in range(400)]

    def method(strength: float) -> Seen:
        rows = pictures + strength * rng.normal(size=pictures.shape).astype(np.float32)
        return Seen(pictures, {"paper": rows / np.linalg.norm(rows, axis=1, keepdims=True)})

    better = compared({"one": method(0.35), "other": method(0.35)}, names, ["paper"])
    assert better[0].gain("sum")[1] > 0
    assert "find more than the best alone on paper (sum" in verdict(better)
    worse = compared({"one": method(0.2), "blind": method(5.0)}, names, ["paper"])
    assert worse[0].alone == "one"
    assert worse[0].gain("rrf")[2] < 0
    assert verdict(worse) == "one + blind nowhere find more than the best alone."


def test_every_kind_is_the_mean_of_the_kinds_and_the_table_says_what_json_says() -> None:
    measured = compared(
        {"one": seen(paper=0.1, half=0.6), "other": seen(paper=0.5, half=0.5)}, NAMES, ["paper", "half"]
    )
    assert [each.queries for each in measured] == ["paper", "half", EVERY]
    paper, half, every = measured
    assert every.found["sum"].mean() == pytest.approx((paper.found["sum"].mean() + half.found["sum"].mean()) / 2)
    said = figures(measured)["one + other"]
    for row in table(measured).rows:
        assert str(row[5]).startswith(f"{100 * said[row[1]]['sum']['difference']:+.1f} (")
