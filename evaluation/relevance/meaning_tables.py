"""The results of `evaluate meaning` as a table."""

from collections.abc import Sequence

import numpy as np

from api.elasticsearch.queries.meaning import MIN_SIMILARITY, K
from core.languages import language_name
from evaluation.relevance.meaning import HALVES, METRICS, SEVERAL, SWITCHES, MeaningResult
from evaluation.reporting.intervals import bootstrap_interval
from evaluation.reporting.tables import Cell, ReportTable, format_interval, percent

COLUMNS = ("captions", "half", "meaning", *METRICS, "queries")


def meaning_table(result: MeaningResult) -> ReportTable:
    """Return rows without and with meaning for each language, for each half and for all queries."""
    languages = sorted({query.language for query in result.queries} - {SEVERAL})
    names = {language: language_name(language) for language in languages} | {SEVERAL: "of several languages"}
    groups = [
        *((name, "both", [query.language == language for query in result.queries]) for language, name in names.items()),
        *(("all", half, [query.half == half for query in result.queries]) for half in HALVES),
        ("all", "both", [True] * len(result.queries)),
    ]
    rows = [row for name, half, mask in groups if any(mask) for row in _rows(result, name, half, mask)]
    note = (
        f"English words in a collection of {result.captions} captions and titles in other languages. Encoding takes "
        f"{result.milliseconds_per_query:.0f} ms per query and {result.milliseconds_per_passage:.0f} ms per picture "
        "(medians on this machine). Brackets contain 95 % intervals (bootstrap over the queries)."
    )
    return ReportTable(title="Meaning", columns=COLUMNS, rows=rows, note=note)


def _rows(result: MeaningResult, name: str, half: str, mask: Sequence[bool]) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for switch in SWITCHES:
        columns = [result.scores[switch][metric][np.array(mask)] for metric in METRICS]
        figures = [format_interval(scores.mean(), *bootstrap_interval(scores)) for scores in columns]
        rows.append([name, half, switch, *figures, sum(mask)])
    return rows


def vectors_table(result: MeaningResult) -> ReportTable:
    """Return a row for the centred vectors and one for those that the model is published with."""
    thresholds = list(result.rankings[0].passing)
    columns = ["vectors", METRICS[0]]
    columns += [column for threshold in thresholds for column in (f"relevant above {threshold:g}", "others per query")]
    rows: list[list[Cell]] = [
        [
            ranking.name,
            format_interval(ranking.scores.mean(), *bootstrap_interval(ranking.scores)),
            *(
                cell
                for threshold in thresholds
                for cell in (percent(ranking.passing[threshold][0]), f"{ranking.passing[threshold][1]:.1f}")
            ),
        ]
        for ranking in result.rankings
    ]
    note = (
        f"The vectors alone, without words, on the tuning half. The service finds pictures above {MIN_SIMILARITY:g}, "
        f"and at most {K} of them."
    )
    return ReportTable(title="Vectors of meaning", columns=columns, rows=rows, note=note)
