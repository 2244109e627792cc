"""How much each part of a question counts: numbers that a relevance run writes, in `boosts.json`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

BOOSTS_FILE = Path(__file__).with_name("boosts.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormBoosts:
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
    labels: Mapping[str, float]
    """Kind of picture → what is left of the scores of words beside it: ornaments illustrate nothing.

    Measured on the specimen and real books as a classifier labelled them: 69 pictures with words, 46 of them called
    ornaments. 0.8 costs next to nothing where it is wrong. Of 77 drawn questions that found both, an ornament came
    first in 42 before and in 13 after (0.5: 5); of the first ten 6.7 were ornaments before and 6.2 after, as often
    there was nothing else. NDCG@10, words → pictures: 0.883 before, 0.902 after (0.000 to 0.043 more), figures taken
    for ornaments 0.001 less; 0.65 gave 0.893 and took 0.061 from these, 0.5 gave 0.883 and took 0.123. Words and an
    altered copy: 0.004 less; words, and a picture of something else: 0.019 more.
    """
    forms: FormBoosts
    balance: float
    """Share of the pictures against the words in fusions of normalised scores, 0 to 1."""
    knn_boost: float
    word_knn_boost: float
    models: Mapping[str, float]
    """Weights of the models against each other."""


def load_boosts(file: Path = BOOSTS_FILE) -> Boosts:
    values = json.loads(file.read_text("utf-8"))
    return Boosts(**{**values, "forms": FormBoosts(**values["forms"])})


BOOSTS = load_boosts()
