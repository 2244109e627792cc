"""How much each part of a question counts: numbers that a relevance run writes, in `boosts.json`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("boosts.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """A word as the reader wrote it counts a little more than its other forms."""

    printed: float
    folded: float
    """The same in another century's spelling."""
    stem: float
    """Another ending."""
    misread: float
    """A letter apart, as OCR misreads; a constant, as a rare misreading says no more than a frequent one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Boosts:
    """What `boosts.json` says."""

    provenance: Mapping[str, str]
    """The run that found the numbers."""
    clauses: Mapping[str, float]
    """Name of the clause → boost: the nearer to the picture, the more a word says about it. Identifiers and exact
    titles stand above all other scores: BM25 and kNN together stay in the hundreds."""
    forms: Forms
    balance: float
    """Share of the pictures against the words in fusions of normalised scores, 0 to 1."""
    knn_boost: float
    word_knn_boost: float
    models: Mapping[str, float]
    """Weights of the models against each other."""


def load(file: Path = FILE) -> Boosts:
    given = json.loads(file.read_text("utf-8"))
    return Boosts(**{**given, "forms": Forms(**given["forms"])})


BOOSTS = load()
