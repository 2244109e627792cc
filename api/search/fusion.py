"""Scores of several clauses → one order: pure functions over the candidates that one request brought.

`sum` needs none of this: Elasticsearch adds the scores of its clauses itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

RANK_CONSTANT = 60
"""k of reciprocal rank fusion: Cormack, Clarke and Büttcher 2009, section 2."""

Scores = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One document and what each part of the question thinks of it."""

    id: str
    words: float = 0.0
    """The sum of its BM25 clauses."""
    looks: Scores = field(default_factory=dict)
    """Model's name → cosine to the question's vector; a model that did not see it is absent."""
    exact: bool = False
    """Found by an identifier or its exact title: stands above any fusion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much each part counts; `models` need not sum to 1."""

    balance: float
    """Share of the pictures against the words, 0 to 1."""
    models: Scores

    def of(self, candidates: Sequence[Candidate]) -> dict[str, float]:
        """Part of the question → weight, all of them together 1; parts that nobody has a score for are left out."""
        asked = {name: self.models.get(name, 1.0) for each in candidates for name in each.looks}
        parts = {name: self.balance * weight / sum(asked.values()) for name, weight in asked.items()}
        if any(each.words > 0 for each in candidates):
            parts[WORDS] = 1 - self.balance if asked else 1.0
        whole = sum(parts.values()) or 1.0
        return {name: weight / whole for name, weight in parts.items()}


WORDS = "words"


def convex(candidates: Sequence[Candidate], weights: Weights) -> dict[str, float]:
    """Weighted mean of scores that were brought to 0…1, as in Bruch, Gai and Ingber 2023 (TM2C2).

    Words are divided by their best, because BM25 begins at 0; a cosine is stretched over the candidates' own range.
    """
    parts = weights.of(candidates)
    normalised = {name: _stretched(_column(name, candidates), from_zero=name == WORDS) for name in parts}
    return {
        each.id: sum(weight * normalised[name].get(each.id, 0.0) for name, weight in parts.items())
        for each in candidates
    }


def rrf(candidates: Sequence[Candidate], weights: Weights) -> dict[str, float]:
    """Reciprocal rank fusion: each part gives weight / (60 + rank) to what it found."""
    total = {each.id: 0.0 for each in candidates}
    for name, weight in weights.of(candidates).items():
        column = _column(name, candidates)
        found = sorted(column, key=lambda each: -column[each])
        for rank, each in enumerate(found, start=1):
            total[each] += weight / (RANK_CONSTANT + rank)
    return total


FUSIONS = {"convex": convex, "rrf": rrf}


def ranked(candidates: Sequence[Candidate], scores: Scores) -> list[str]:
    """Ids, best first, the exact ones before all others; ties stay in the candidates' order."""
    exact = {each.id for each in candidates if each.exact}
    return sorted((each.id for each in candidates), key=lambda each: (each not in exact, -scores[each]))


def _column(name: str, candidates: Iterable[Candidate]) -> dict[str, float]:
    """What one part of the question says, by id."""
    if name == WORDS:
        return {each.id: each.words for each in candidates if each.words > 0}
    return {each.id: each.looks[name] for each in candidates if name in each.looks}


def _stretched(column: Scores, *, from_zero: bool) -> dict[str, float]:
    low = 0.0 if from_zero else min(column.values(), default=0.0)
    width = max(column.values(), default=0.0) - low
    # One candidate, or several that are equal, are all the best there is.
    return {each: (score - low) / width if width > 0 else 1.0 for each, score in column.items()}
