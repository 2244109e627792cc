"""What the judgements say: what scholars would have lost, how good search results are, and whether judges agree."""

from collections.abc import Iterator, Sequence

import numpy as np

from evaluation.reporting.intervals import share_interval, wilson_interval
from evaluation.reporting.tables import Cell, ReportTable, percent
from evaluation.study.agreement import alpha_interval, grade_array, krippendorff_alpha, mean_grades, pair_agreements
from evaluation.study.items import DRAWN, SERVED, SHOWN, Part, StudyItem, StudyKey
from evaluation.study.judgements import Answers, grades_by_item

WANTED, ALSO_PARTLY = 1.5, 1.0
"""Mean grades from which a picture counts as wanted, or as wanted at least partly; a plain yes has 2."""
EVERY_REASON = "all that is left out"
MAX_LOST_SHOWN = 30


def tables(key: StudyKey, answers: Answers) -> list[ReportTable]:
    means = mean_grades(grades_by_item(answers, key.items))
    blocks = [_lost_table(key, means), _wanted_table(key, answers, means), _results_table(key, means)]
    return [table for table in (*blocks, _agreement_table(key, answers)) if table.rows]


def items_of(key: StudyKey, part: Part) -> dict[str, StudyItem]:
    return {name: item for name, item in key.items.items() if item.part == part}


def _lost_table(key: StudyKey, means: dict[str, float]) -> ReportTable:
    """Show for each reason how many of the judged pictures readers would have wanted."""
    items = items_of(key, "pictures")
    reasons = sorted({item.reason for item in items.values()} - {SHOWN})
    rows = [_lost_row(key, items, reason, means) for reason in reasons]
    if len(reasons) > 1:
        rows.append(_lost_sum_row(key, items, reasons, means))
    if any(item.reason == SHOWN for item in items.values()):
        rows.append(_lost_row(key, items, SHOWN, means))
    note = (
        f"Yes is 2, partly 1, no 0: wanted has a mean grade of {WANTED} or more, wanted or partly of {ALSO_PARTLY:.0f} "
        "or more. Brackets contain 95 % intervals (Wilson), with which the last column multiplies the number in the "
        f"index. “{SHOWN}” are pictures that nothing hides: they show what these judges call wanted."
    )
    columns = ["left out because", "in the index", "judged", "wanted", "wanted or partly", "wanted pictures lost"]
    return ReportTable(title="What scholars would have lost", columns=columns, rows=rows, note=note)


def _grades_of(items: dict[str, StudyItem], reason: str, means: dict[str, float]) -> list[float]:
    return [means[name] for name, item in items.items() if item.reason == reason and name in means]


def _lost_row(key: StudyKey, items: dict[str, StudyItem], reason: str, means: dict[str, float]) -> list[Cell]:
    grades, total = _grades_of(items, reason, means), key.totals.get(reason, 0)
    wanted = sum(grade >= WANTED for grade in grades)
    low, high = wilson_interval(wanted, len(grades))
    estimate = f"{wanted / len(grades) * total:,.0f} ({low * total:,.0f}–{high * total:,.0f})" if grades else ""
    return [
        reason,
        total,
        len(grades),
        _share(wanted, len(grades)),
        _share(sum(grade >= ALSO_PARTLY for grade in grades), len(grades)),
        "" if reason == SHOWN else estimate,
    ]


def _lost_sum_row(
    key: StudyKey, items: dict[str, StudyItem], reasons: Sequence[str], means: dict[str, float]
) -> list[Cell]:
    """Weight each reason by its pictures in the index, because the sample has as many of rare reasons."""
    groups = {reason: grades for reason in reasons if (grades := _grades_of(items, reason, means))}
    total = sum(key.totals.get(reason, 0) for reason in groups)
    judged_count = sum(map(len, groups.values()))
    if not total:
        return [EVERY_REASON, total, judged_count, "", "", ""]
    shares = [
        _stratified_share([np.array(grades) >= limit for grades in groups.values()], [key.totals[r] for r in groups])
        for limit in (WANTED, ALSO_PARTLY)
    ]
    share, low, high = shares[0]
    estimate = f"{share * total:,.0f} ({low * total:,.0f}–{high * total:,.0f})"
    return [EVERY_REASON, total, judged_count, percent(*shares[0]), percent(*shares[1]), estimate]


def _stratified_share(hits: Sequence[np.ndarray], totals: Sequence[int]) -> tuple[float, float, float]:
    """Return the share over all strata with its 95 % interval.

    The interval combines Wilson's of the strata: distances to their ends, weighted and added in squares.
    """
    weights = np.array(totals) / sum(totals)
    shares = np.array([hit.mean() for hit in hits])
    ends = np.array([wilson_interval(int(hit.sum()), len(hit)) for hit in hits])
    share = float(weights @ shares)
    below, above = (float(np.sqrt(((weights * (ends[:, side] - shares)) ** 2).sum())) for side in (0, 1))
    return share, max(0.0, share - below), min(1.0, share + above)


def _share(count: int, total: int) -> str:
    return f"{count}: {percent(count / total, *wilson_interval(count, total))}" if total else ""


def _wanted_table(key: StudyKey, answers: Answers, means: dict[str, float]) -> ReportTable:
    """List the hidden pictures that judges wanted most."""
    wanted = [
        (means[name], name, item)
        for name, item in items_of(key, "pictures").items()
        if item.reason != SHOWN and means.get(name, 0.0) >= WANTED
    ]
    rows: list[list[Cell]] = [
        [item.picture, item.reason, f"{mean:.1f}", _comments(answers, name)]
        for mean, name, item in sorted(wanted, key=lambda entry: (-entry[0], entry[2].picture))[:MAX_LOST_SHOWN]
    ]
    return ReportTable(
        title="Pictures that should not have been left out",
        columns=["picture", "left out because", "mean grade", "comments"],
        rows=rows,
        note=f"{len(wanted)} pictures." if len(wanted) > len(rows) else "",
    )


def _comments(answers: Answers, name: str) -> str:
    comments = [judgements[name].comment for judgements in answers.values() if name in judgements]
    return " ".join("; ".join(filter(None, comments)).split())


def _results_table(key: StudyKey, means: dict[str, float]) -> ReportTable:
    """Show how many results are good, for each kind of query, beside pictures drawn by chance."""
    rows: list[list[Cell]] = []
    for kind in dict.fromkeys(query.kind for query in key.queries):
        for origin in (SERVED, DRAWN):
            judged = [
                (item.query, means[name])
                for name, item in items_of(key, "results").items()
                if item.origin == origin and key.queries[item.query].kind == kind and name in means
            ]
            if judged:
                rows.append(
                    [f"{kind}, {origin}", len({query for query, _ in judged}), len(judged), *_precisions(judged)]
                )
    note = (
        f"Good has a mean grade of {WANTED} or more, good or partly of {ALSO_PARTLY:.0f} or more. Brackets contain "
        "95 % intervals (bootstrap over the queries)."
    )
    columns = ["results for", "queries", "judged", "good", "good or partly"]
    return ReportTable(title="Search results", columns=columns, rows=rows, note=note)


def _precisions(judged: Sequence[tuple[int, float]]) -> Iterator[str]:
    queries, grades = [str(query) for query, _ in judged], np.array([grade for _, grade in judged])
    for limit in (WANTED, ALSO_PARTLY):
        hits = (grades >= limit).astype(np.float64)
        yield percent(float(hits.mean()), *share_interval(hits, queries))


def _agreement_table(key: StudyKey, answers: Answers) -> ReportTable:
    rows: list[list[Cell]] = [
        [
            " and ".join(agreement.judges),
            agreement.items,
            percent(agreement.equal_count / agreement.items, *wilson_interval(agreement.equal_count, agreement.items)),
            "" if agreement.kappa is None else f"{agreement.kappa:.2f}",
            "",
        ]
        for agreement in pair_agreements(answers)
    ]
    for part, title in (("pictures", "all judges, pictures"), ("results", "all judges, results")):
        grades = grade_array(answers, [name for name, item in key.items.items() if item.part == part])
        alpha = krippendorff_alpha(grades) if grades.size else None
        if alpha is not None:
            interval = alpha_interval(grades)
            text = f"{alpha:.2f}" + (f" ({interval[0]:.2f} to {interval[1]:.2f})" if interval else "")
            rows.append([title, int((~np.isnan(grades)).any(axis=0).sum()), "", "", text])
    note = (
        "Kappa is Cohen's with linear weights; alpha is Krippendorff's for ordered grades, with its 95 % interval "
        "(bootstrap over the items). 1 is full agreement, 0 what chance gives; Krippendorff advises not to conclude "
        "from less than 0.67."
    )
    columns = ["judges", "items", "same answer", "kappa", "alpha"]
    return ReportTable(title="Do judges agree?", columns=columns, rows=rows, note=note)
