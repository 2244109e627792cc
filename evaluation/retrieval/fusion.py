"""Do several methods that are asked at once find a picture better than the best of them alone?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import isnan
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from api.elasticsearch.queries.pictures import K
from api.search.fusion import FUSIONS, Candidate, Weights
from core.encoders import Vectors
from evaluation.reporting.intervals import bootstrap
from evaluation.reporting.tables import Cell, Table, percent
from evaluation.retrieval.scores import ranks

SUM, CONVEX = "sum", "convex"
WAYS = (SUM, *FUSIONS)
"""The fusions that a reader can choose; the first is the service's default."""

EVERY = "every kind"
EQUAL = Weights(balance=1.0, models={})

Rows = npt.NDArray[np.floating]


class Seen(NamedTuple):
    """What one method makes of the pictures."""

    gallery: Vectors
    queries: Mapping[str, Vectors]
    """By kind of query."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Some methods on one kind of query, or on every kind: the best alone, and all of them at once."""

    methods: Sequence[str]
    queries: str
    alone: str
    found_alone: npt.NDArray[np.float64]
    """By picture, the share of its queries that found it first; with one kind 0 or 1."""
    found: Mapping[str, npt.NDArray[np.float64]]
    """The same by fusion."""

    @property
    def name(self) -> str:
        return " + ".join(self.methods)

    def gain(self, way: str) -> tuple[float, float, float]:
        """How much more is found first than by the best alone, and the difference's interval over pictures."""
        differences = self.found[way] - self.found_alone
        return (float(differences.mean()), *bootstrap(differences))


def likenesses(one: Seen, kind: str, start: int, end: int) -> Rows:
    """Cosines of some queries with the gallery."""
    rows: Rows = one.queries[kind][start:end] @ one.gallery.T
    return rows


def fused(way: str, methods: Mapping[str, Seen], kind: str, start: int, end: int) -> Rows:
    """Scores as the service gives them; a picture that is among no method's nearest gets none (minus infinity)."""
    looks = {name: likenesses(one, kind, start, end) for name, one in methods.items()}
    near = {name: _nearest(rows) for name, rows in looks.items()}
    candidates = np.any(list(near.values()), axis=0)
    if way == SUM:
        # A kNN clause scores what is among its own nearest alone, by (1 + cosine) / 2.
        scores = np.sum([np.where(near[name], (1 + rows) / 2, 0) for name, rows in looks.items()], axis=0)
        return np.where(candidates, scores, -np.inf)
    scores = np.full(candidates.shape, -np.inf)
    for row, chosen in enumerate(candidates):
        places = np.flatnonzero(chosen)
        # The convex fusion asks for the likenesses that are missing, the one by ranks does not.
        seen = {
            name: looks[name][row] if way == CONVEX else np.where(near[name][row], looks[name][row], np.nan)
            for name in looks
        }
        scores[row, places] = _by_service(way, {name: values[places] for name, values in seen.items()})
    return scores


def _nearest(rows: Rows) -> npt.NDArray[np.bool_]:
    """The `K` best of each row."""
    chosen = np.zeros(rows.shape, dtype=bool)
    k = min(K, rows.shape[1])
    np.put_along_axis(chosen, np.argpartition(-rows, k - 1, axis=1)[:, :k], values=True, axis=1)
    return chosen


def _by_service(way: str, looks: Mapping[str, Rows]) -> list[float]:
    """The candidates of one query; a likeness that is not known is not a number."""
    rows = np.transpose(list(looks.values())).tolist()
    candidates = [
        Candidate(
            id=str(place), looks={name: value for name, value in zip(looks, row, strict=True) if not isnan(value)}
        )
        for place, row in enumerate(rows)
    ]
    scores = FUSIONS[way](candidates, EQUAL)
    return [scores[each.id] for each in candidates]


def compared(methods: Mapping[str, Seen], digests: Sequence[str], kinds: Sequence[str]) -> list[Together]:
    """Each kind of query, and every kind as one."""
    firsts = {kind: _firsts(methods, digests, kind) for kind in kinds}
    measured = [_together(list(methods), kind, [first]) for kind, first in firsts.items()]
    return [*measured, _together(list(methods), EVERY, list(firsts.values()))] if len(kinds) > 1 else measured


def _firsts(methods: Mapping[str, Seen], digests: Sequence[str], kind: str) -> dict[str, npt.NDArray[np.float64]]:
    """Method or fusion → whether each picture was found first."""
    alone = {name: partial(likenesses, one, kind) for name, one in methods.items()}
    ways = {way: partial(fused, way, methods, kind) for way in WAYS}
    return {name: (ranks(rows, digests, digests) <= 1).astype(float) for name, rows in (alone | ways).items()}


def _together(methods: Sequence[str], kind: str, firsts: Sequence[Mapping[str, npt.NDArray[np.float64]]]) -> Together:
    found = {name: np.mean([each[name] for each in firsts], axis=0) for name in (*methods, *WAYS)}
    best = max(methods, key=lambda name: float(found[name].mean()))
    return Together(
        methods=methods,
        queries=kind,
        alone=best,
        found_alone=found[best],
        found={way: found[way] for way in WAYS},
    )


def table(measured: Sequence[Together]) -> Table:
    """Best alone, then by fusion what is found first and the difference."""
    columns = [
        "asked together",
        "queries",
        "best alone",
        "top-1",
        *(f"{way}{what}" for way in WAYS for what in ("", ", difference")),
    ]
    rows: list[list[Cell]] = []
    for each in measured:
        cells = [cell for way in WAYS for cell in (percent(float(each.found[way].mean())), _signed(*each.gain(way)))]
        rows.append([each.name, each.queries, each.alone, percent(float(each.found_alone.mean())), *cells])
    note = (
        "Share of the queries whose picture stands first, all methods with the same weight; the difference to the best "
        "alone in percentage points, with its 95 % interval over pictures (paired bootstrap): one that holds 0 is no "
        f"difference. The best alone is chosen on the same queries, which favours it. {verdict(measured)}"
    )
    return Table(title="Asked together or alone", columns=columns, rows=rows, note=note)


def verdict(measured: Sequence[Together]) -> str:
    """In a sentence per group, where it pays to ask together."""
    groups = dict.fromkeys(each.name for each in measured)
    return " ".join(_verdict([each for each in measured if each.name == name]) for name in groups)


def _verdict(measured: Sequence[Together]) -> str:
    better = {
        each.queries: [way for way in WAYS if each.gain(way)[1] > 0] for each in measured if each.queries != EVERY
    }
    said = "; ".join(f"{kind} ({', '.join(ways)})" for kind, ways in better.items() if ways)
    answer = f"find more than the best alone on {said}" if said else "nowhere find more than the best alone"
    return f"{measured[0].name} {answer}."


def figures(measured: Sequence[Together]) -> dict[str, Any]:
    found: dict[str, dict[str, Any]] = {}
    for each in measured:
        gains = {way: dict(zip(("difference", "low", "high"), each.gain(way), strict=True)) for way in WAYS}
        found.setdefault(each.name, {})[each.queries] = {
            "alone": each.alone,
            "top_1": float(each.found_alone.mean()),
            **gains,
        }
    return found


def _signed(difference: float, low: float, high: float) -> str:
    return f"{100 * difference:+.1f} ({100 * low:+.1f} to {100 * high:+.1f})"
