"""Which boosts put the right answers higher: a small search over what was answered once.

The score of a clause is proportional to its boost, so answers that say what each clause gave tell the order under any
other boosts without asking again. A change counts only if questions that it was not chosen on say so.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from api.search.boosts import Boosts
from evaluation.relevance.asking import Found
from evaluation.relevance.gains import DEPTH, interval
from evaluation.relevance.judgements import Judged

FACTORS = (0.25, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 4.0)
"""Each boost is tried at these multiples of what it is."""
ROUNDS = 2
FOLDS = 5
LEAST = 0.001
"""A gain of NDCG below it is no reason to move a number."""

DISCOUNTS = 1 / np.log2(np.arange(2, DEPTH + 2))

Figures = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Answered:
    """A judged question and all that was found for it, clause by clause."""

    judged: Judged
    clauses: Figures
    """Shape (found, clauses)."""
    gains: Figures
    best: float
    """DCG of the best order."""

    @classmethod
    def of(cls, judged: Judged, found: Found, names: Sequence[str]) -> Self:
        clauses = np.array([[scores.get(name, 0.0) for name in names] for scores in found.scores])
        # What is not named here, the clauses above all others, must weigh what it weighs.
        rest = np.array([[sum(scores.values())] for scores in found.scores]) - clauses.sum(axis=1, keepdims=True)
        gains = np.array([2.0 ** judged.grades.get(each, 0) - 1 for each in found.ids])
        best = sorted((2.0**grade - 1 for grade in judged.grades.values()), reverse=True)[:DEPTH]
        return cls(judged, np.hstack([clauses, rest]), gains, float(np.array(best) @ DISCOUNTS[: len(best)]))

    def score(self, factors: Figures) -> float:
        """NDCG under other boosts; equal scores stay as they were."""
        order = np.argsort(-(self.clauses @ factors), kind="stable")[:DEPTH]
        return float(self.gains[order] @ DISCOUNTS[: len(order)]) / self.best if self.best else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a search proposes, and what questions that it was not chosen on say to it."""

    what: str
    values: Mapping[str, float]
    gain: float
    low: float
    high: float

    @property
    def better(self) -> bool:
        """Better by more than noise; one that moves nothing is not."""
        return bool(self.values) and self.low > 0


def tuned_clauses(asked: Sequence[tuple[Judged, Found]], names: Sequence[str]) -> Change:
    """Factors for the clauses, found by coordinate descent and held against folds that they were not found on."""
    answered = [Answered.of(judged, found, names) for judged, found in asked if found.ids]
    as_it_is = np.ones(len(names) + 1)
    before = _scores(answered, as_it_is)
    after = before.copy()
    judged = [each.judged for each in answered]
    weights, folds = _weights(judged), _folds(judged)
    for fold in range(FOLDS):
        seen = folds != fold
        factors = _descended([answered[at] for at in np.flatnonzero(seen)], weights[seen], as_it_is)
        after[~seen] = _scores([answered[at] for at in np.flatnonzero(~seen)], factors)
    factors = _descended(answered, weights, as_it_is)
    values = {name: float(factor) for name, factor in zip(names, factors, strict=False) if factor != 1}
    return _change("clauses", values, (after - before) * weights * len(weights), judged)


def chosen_value(what: str, current: float, options: Mapping[float, Figures], judged: Sequence[Judged]) -> Change:
    """One number out of several that were asked with: `options` has each one's figure per question."""
    folds, after = _folds(judged), options[current].copy()
    weights = _weights(judged)
    for fold in range(FOLDS):
        seen = folds != fold
        best = _best(current, options, weights * seen)
        after[~seen] = options[best][~seen]
    best = _best(current, options, weights)
    values = {} if best == current else {what: best}
    gains = (after - options[current]) * weights * len(weights)
    return _change(what, values, gains, judged)


def with_factors(boosts: Boosts, factors: Mapping[str, float]) -> Boosts:
    """The boosts times the factors, to three figures."""
    clauses = {name: _short(boost * factors.get(name, 1.0)) for name, boost in boosts.clauses.items()}
    looks = next((factor for name, factor in factors.items() if name in boosts.models), 1.0)
    return replace(boosts, clauses=clauses, knn_boost=_short(boosts.knn_boost * looks))


def _best(current: float, options: Mapping[float, Figures], weights: Figures) -> float:
    best = max(options, key=lambda value: float(options[value] @ weights))
    return best if float((options[best] - options[current]) @ weights) > LEAST * weights.sum() else current


def _descended(answered: Sequence[Answered], weights: Figures, start: Figures) -> Figures:
    """Clause after clause takes the multiple that is best while the others stay, if that is more than noise."""
    targets = [each.judged.target for each in answered]
    factors, scores = start.copy(), _scores(answered, start)
    for _ in range(ROUNDS):
        for at in range(len(start) - 1):
            tried = [_with(factors, at, factor) for factor in FACTORS]
            found = [_scores(answered, each) for each in tried]
            best = int(np.argmax([each @ weights for each in found]))
            gains = (found[best] - scores) * weights * len(weights) / weights.sum()
            if gains.mean() > LEAST and interval(gains, targets)[0] > 0:
                factors, scores = tried[best], found[best]
    return factors


def _with(factors: Figures, at: int, factor: float) -> Figures:
    changed = factors.copy()
    changed[at] = factor
    return changed


def _scores(answered: Sequence[Answered], factors: Figures) -> Figures:
    return np.array([each.score(factors) for each in answered])


def _weights(judged: Sequence[Judged]) -> Figures:
    """Each kind of question counts the same, however many there are of it; together 1."""
    counts = Counter(each.kind for each in judged)
    return np.array([1 / counts[each.kind] / len(counts) for each in judged])


def _folds(judged: Sequence[Judged]) -> npt.NDArray[np.int_]:
    """Questions of one target lie in one fold."""
    numbers = {target: number for number, target in enumerate(sorted({each.target for each in judged}))}
    return np.array([numbers[each.target] % FOLDS for each in judged])


def _change(what: str, values: Mapping[str, float], gains: Figures, judged: Sequence[Judged]) -> Change:
    low, high = interval(gains, [each.target for each in judged])
    return Change(what=what, values=values, gain=float(gains.mean()), low=low, high=high)


def _short(number: float) -> float:
    return float(f"{number:.3g}")
