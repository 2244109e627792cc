"""The results of `evaluate spelling` as a table."""

from collections.abc import Sequence

from core.languages import language_name
from evaluation.relevance.spelling import FORM_KINDS, HALVES, SpellingResult
from evaluation.reporting.intervals import wilson_interval
from evaluation.reporting.tables import Cell, ReportTable, percent

COLUMNS = (
    "language",
    "half",
    "words",
    "found",
    "by letters",
    "by ending",
    "by wide key",
    "by pair",
    "others found",
    "words along",
)


def spelling_table(results: Sequence[SpellingResult], vocabulary_size: int = 0) -> ReportTable:
    """Return a row for each language and half, and one for each half as a whole."""
    rows = [_row(language_name(result.language), [result]) for result in results]
    rows += [_row("all", [result for result in results if result.half == half]) for half in HALVES]
    vocabulary = f" among {vocabulary_size:,} different words of the texts" if vocabulary_size else ""
    note = (
        "Words as typed today, and as printed in old books. Others are words that only look alike, of those judged. "
        f"Words along is the mean number of other words{vocabulary} that a query finds by wide keys and pairs only. "
        "Brackets contain 95 % intervals (Wilson)."
    )
    return ReportTable(title="Old and new spelling", columns=COLUMNS, rows=rows, note=note)


def _row(name: str, results: Sequence[SpellingResult]) -> list[Cell]:
    found = sum(sum(result.found_kinds.values()) for result in results)
    same_words = sum(result.same_words for result in results)
    wrong, other_words = (
        sum(len(result.wrong) for result in results),
        sum(result.other_words for result in results),
    )
    words_along = [result.words_along * result.same_words for result in results if result.words_along is not None]
    return [
        name,
        results[0].half,
        same_words,
        percent(found / same_words, *wilson_interval(found, same_words)),
        *(sum(result.found_kinds[kind] for result in results) for kind in FORM_KINDS),
        f"{wrong} of {other_words}",
        f"{sum(words_along) / same_words:.2f}" if words_along else None,
    ]
