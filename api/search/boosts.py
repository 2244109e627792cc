"""The boosts of the parts of a request, which a relevance run writes to `boosts.json`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

BOOSTS_FILE = Path(__file__).with_name("boosts.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormBoosts:
    """Boosts of the forms of a word; the form as typed has the highest."""

    printed: float
    folded: float
    """The spelling of another century."""
    stem: float
    """Another ending."""
    spelling: float
    """A wide key of spelling, or a pair of words; a constant score, in the order of a common word's BM25."""
    misread: float
    """One letter different, as OCR misreads; a constant score, because a rare misreading is no better match."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Boosts:
    """The contents of `boosts.json`."""

    provenance: Mapping[str, str]
    """The relevance run that chose the numbers."""
    clauses: Mapping[str, float]
    """Clause name → boost: text nearer to the picture has a higher one. Identifiers and exact titles rank above all
    else: the other clauses together stay in the hundreds."""
    forms: FormBoosts
    balance: float
    """Share of the pictures against the words in fusions of normalised scores, 0 to 1."""
    knn_boost: float
    """Boost of the kNN clauses of pictures, together."""
    word_knn_boost: float
    """Boost of the kNN clauses of words, together."""
    meaning_boost: float
    """Boost of the kNN clause of the meaning of words: small, so that pictures with the words come first."""
    models: Mapping[str, float]
    """Model name → weight against the other models."""


def load_boosts(file: Path = BOOSTS_FILE) -> Boosts:
    """Read the boosts from a JSON file."""
    values = json.loads(file.read_text("utf-8"))
    return Boosts(**{**values, "forms": FormBoosts(**values["forms"])})


BOOSTS = load_boosts()
