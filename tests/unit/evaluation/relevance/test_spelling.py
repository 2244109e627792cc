"""The judged pairs of words, and what `evaluate spelling` measures on them."""

import re
from collections import Counter

import pytest

from core.languages import language_name
from core.words.pairs import read_pairs
from core.words.spelling import lower
from evaluation.relevance.spelling import (
    HALVES,
    LANGUAGES,
    SpellingResult,
    find_kind,
    measure_spelling,
    read_judged_pairs,
)
from evaluation.relevance.spelling_tables import spelling_table
from tests.paths import ROOT

MIN_RECALL, MAX_WRONG = 0.9, 0.1


@pytest.fixture(scope="module")
def results() -> list[SpellingResult]:
    return measure_spelling()


def test_judged_pairs_are_complete_and_different() -> None:
    pairs = read_judged_pairs()
    counts = Counter((pair.typed, pair.printed, pair.language) for pair in pairs)
    assert [pair for pair, count in counts.items() if count > 1] == []
    assert all(pair.typed and pair.printed and pair.source for pair in pairs)
    assert {pair.language for pair in pairs} == set(LANGUAGES)
    assert {pair.half for pair in pairs} == set(HALVES)


def test_there_are_enough_judged_pairs() -> None:
    same_words = [pair for pair in read_judged_pairs() if pair.same_word]
    assert len(same_words) >= 200
    assert min(Counter(pair.language for pair in same_words).values()) >= 35
    assert len(read_judged_pairs()) - len(same_words) >= 150


@pytest.mark.parametrize("half", HALVES)
def test_old_and_new_spelling_find_each_other(half: str, results: list[SpellingResult]) -> None:
    same_words = sum(result.same_words for result in results if result.half == half)
    missed = [pair for result in results if result.half == half for pair in result.missed]
    assert 1 - len(missed) / same_words >= MIN_RECALL, missed


@pytest.mark.parametrize("half", HALVES)
def test_words_that_only_look_alike_are_rarely_found(half: str, results: list[SpellingResult]) -> None:
    other_words = sum(result.other_words for result in results if result.half == half)
    wrong = [pair for result in results if result.half == half for pair in result.wrong]
    assert len(wrong) / other_words <= MAX_WRONG, wrong


def test_the_table_of_pairs_is_not_made_of_the_held_out_words() -> None:
    table = {(pair.modern, pair.old) for pair in read_pairs()}
    held_out = [pair for pair in read_judged_pairs() if pair.same_word and pair.half == "held out"]
    both = [pair for pair in held_out if (lower(pair.typed), lower(pair.printed)) in table]
    assert len(both) < len(held_out) / 10, both


@pytest.mark.parametrize(
    ("typed", "printed", "language", "kind"),
    [
        ("måned", "Maaned", "no", "folded"),
        ("useful", "usefully", "en", "stem"),
        ("bok", "Bog", "no", "spelling"),
        ("skog", "Skov", "no", "pair"),
        ("hund", "hun", "no", None),
    ],
)
def test_kind_is_the_nearest_form_that_matches(typed: str, printed: str, language: str, kind: str | None) -> None:
    assert find_kind(typed, printed, language) == kind


def test_words_along_are_those_that_only_wide_keys_find() -> None:
    vocabulary = ["Bog", "Bogen", "bok", "bøk", "Hus"]
    measured = {(result.language, result.half): result.words_along for result in measure_spelling(vocabulary)}
    norwegian = [pair for pair in read_judged_pairs() if pair.language == "no" and pair.same_word]
    assert any(pair.typed == "bok" for pair in norwegian)
    assert sum(count or 0 for (language, _), count in measured.items() if language == "no") > 0
    assert all(count is not None for count in measured.values())


def test_documentation_has_the_figures(results: list[SpellingResult]) -> None:
    """All but those about the words of real texts, which take a minute."""
    section = (
        (ROOT / "docs" / "evaluation.md")
        .read_text("utf-8")
        .partition("## Old and new spelling")[2]
        .partition("\n## ")[0]
    )
    names = "|".join([*map(language_name, LANGUAGES), "all"])
    printed_rows = re.findall(rf"^\| (?:{names}) \| .* \|$", section, re.MULTILINE)
    expected_rows = [f"| {' | '.join(map(str, row[:-1]))} |" for row in spelling_table(results).rows]
    assert [row.rpartition(" | ")[0] + " |" for row in printed_rows] == expected_rows
