"""Old and new spelling: does a word as typed today find the word as printed, and what comes along?

The judged pairs are in `spelling_pairs.csv`: words of printed books, by their source, with the word that a reader
types, and words that only look alike. The rules of `core.words` were made without them; the half `held out` was not
looked at until the rules were finished.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from core.words.forms import index_forms, query_forms
from core.words.pairs import KEY_PREFIX
from core.words.spelling import lower

LANGUAGES = ("no", "da", "sv", "de", "en", "fr")

HALVES = ("tuning", "held out")

FormKind = Literal["folded", "stem", "spelling", "pair"]
FORM_KINDS: Sequence[FormKind] = ("folded", "stem", "spelling", "pair")
"""From the nearest to the widest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedPair:
    """A word as typed, a word as printed, and whether they are the same."""

    typed: str
    printed: str
    language: str
    same_word: bool
    source: str
    half: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpellingResult:
    """What was found of the pairs of one language and one half."""

    language: str
    half: str
    found_kinds: Mapping[FormKind, int]
    """By which kind of form the same words were found."""
    missed: Sequence[JudgedPair]
    wrong: Sequence[JudgedPair]
    """Other words that were found nevertheless."""
    other_words: int
    """How many words that only look alike were judged."""
    words_along: float | None
    """Mean of the different words of a vocabulary that only wide keys and pairs find, for each query."""

    @property
    def same_words(self) -> int:
        return sum(self.found_kinds.values()) + len(self.missed)

    @property
    def recall(self) -> float:
        return sum(self.found_kinds.values()) / self.same_words


def read_judged_pairs() -> tuple[JudgedPair, ...]:
    """Return all pairs."""
    with files("evaluation.relevance").joinpath("spelling_pairs.csv").open(encoding="utf-8") as file:
        return tuple(
            JudgedPair(
                typed=row["typed"],
                printed=row["printed"],
                language=row["language"],
                same_word=row["same_word"] == "yes",
                source=row["source"],
                half=row["half"],
            )
            for row in csv.DictReader(file)
        )


def measure_spelling(vocabulary: Collection[str] = ()) -> list[SpellingResult]:
    """Measure all pairs, by half and language; `vocabulary` is what else could be found."""
    pairs = read_judged_pairs()
    return [
        _measure([pair for pair in pairs if (pair.half, pair.language) == (half, language)], vocabulary)
        for half in HALVES
        for language in LANGUAGES
    ]


def _measure(pairs: Sequence[JudgedPair], vocabulary: Collection[str]) -> SpellingResult:
    kinds = {pair: find_kind(pair.typed, pair.printed, pair.language) for pair in pairs}
    same_words = [pair for pair in pairs if pair.same_word]
    counts = Counter(kind for pair in same_words if (kind := kinds[pair]))
    return SpellingResult(
        language=pairs[0].language,
        half=pairs[0].half,
        found_kinds={kind: counts[kind] for kind in FORM_KINDS},
        missed=[pair for pair in same_words if not kinds[pair]],
        wrong=[pair for pair in pairs if not pair.same_word and kinds[pair]],
        other_words=len(pairs) - len(same_words),
        words_along=_count_words_along(same_words, vocabulary) if vocabulary else None,
    )


def find_kind(typed: str, printed: str, language: str) -> FormKind | None:
    """Return the nearest kind of form by which a typed word finds a printed one; None if it does not."""
    forms = set(index_forms(printed, [language]))
    return next((kind for kind, typed_forms in _forms_by_kind(typed).items() if forms & typed_forms), None)


def _forms_by_kind(typed: str) -> Mapping[FormKind, set[str]]:
    forms = query_forms(typed)
    pair_forms = {form for form in forms.spelling if form.startswith(KEY_PREFIX)}
    kinds = (set(forms.folded), set(forms.stems), set(forms.spelling) - pair_forms, pair_forms)
    return dict(zip(FORM_KINDS, kinds, strict=True))


def _count_words_along(pairs: Sequence[JudgedPair], vocabulary: Iterable[str]) -> float:
    words_by_form: defaultdict[str, set[str]] = defaultdict(set)
    for word in vocabulary:
        for form in index_forms(word, [pairs[0].language]):
            words_by_form[form].add(lower(word))
    counts = []
    for pair in pairs:
        kinds = _forms_by_kind(pair.typed)
        near, wide = (
            {word for kind in group for form in kinds[kind] for word in words_by_form.get(form, ())}
            for group in (FORM_KINDS[:2], FORM_KINDS[2:])
        )
        counts.append(len(wide - near - {lower(pair.printed)}))
    return sum(counts) / len(counts)
