"""Tables of the classifier in the paper's form, with the paper's figures beside ours."""

from collections.abc import Sequence

import numpy as np

from evaluation.classification.learning_curve import DRAWS, FOLDS, INNER, spread
from evaluation.classification.nested import BY_BOOK, Nested, Outcome
from evaluation.reporting.tables import Cell, Table, between, percent
from indexer.classification.fitting import STRENGTHS

PAPER = (
    "the paper: SigLIP, pictures of one book on both sides",
    2000,
    0.930,
    0.919,
    "0.916 ± 0.051",
    0.959,
    "4.4 %",
    "up to 40 %",
    None,
)
"""arXiv 2410.14969, table 4 and section 5; what it does not say is from its confusion matrix, see `evaluate paper`."""


def tables(measured: Nested) -> list[Table]:
    by_book = [each for each in measured.outcomes if each.split == BY_BOOK] or measured.outcomes
    return [
        overview(measured),
        *(_classes(each) for each in by_book),
        *(_parts(measured, model) for model in measured.bought),
        *_curves(measured),
        _sweep(measured.outcomes),
        _calibration(measured.outcomes),
    ]


def overview(measured: Nested) -> Table:
    set_aside = measured.naming.class_set.set_aside
    irrelevant = (
        f"Irrelevant are the classes that are set aside: {', '.join(set_aside)}; hidden, they would take with them the "
        "given share of all other pictures, and save the given share of the storage: of the files' bytes on disk."
    )
    note = [
        f"{len(np.unique(measured.outcomes[0].found.folds))} outer folds, C chosen on 10 inner ones (fewer where there "
        "are fewer books). Macro-F1 is of all predictions together; the mean of the folds ± their standard deviation, "
        "each over the classes it has, is the paper's figure. In brackets 95 % intervals: whole books are drawn again, "
        "or pictures where they are mixed.",
        irrelevant if set_aside else "No class is set aside.",
        *measured.notes,
    ]
    return Table(
        title="Classification",
        columns=[
            "model and split",
            "n",
            "accuracy",
            "macro-F1",
            "mean of the folds",
            "irrelevant or not, F1",
            "content lost",
            "storage saved",
            "calibration error",
        ],
        rows=[PAPER, *map(_row, measured.outcomes)],
        note=" ".join(note),
    )


def _row(each: Outcome) -> list[Cell]:
    found, irrelevant = each.found, each.irrelevant()
    mean, deviation = found.by_fold()
    return [
        each.name,
        found.n,
        found.accuracy,
        between(found.f1(), *found.f1_interval()),
        f"{mean:.3f} ± {deviation:.3f}",
        between(*irrelevant) if irrelevant else None,
        percent(found.confusion.lost_share(each.set_aside)) if each.set_aside else None,
        percent(each.storage_saved) if each.set_aside else None,
        each.ece,
    ]


def _classes(each: Outcome) -> Table:
    """Per class its F1, and what hiding the set-aside classes would take from it."""
    lost = each.found.confusion.lost(each.set_aside)
    rows: list[Sequence[Cell]] = []
    for name in each.found.confusion.classes:
        there = each.found.true == name
        hidden, of = lost.get(name, (0, int(there.sum())))
        share = "set aside" if name in each.set_aside else percent(hidden / of) if of else ""
        rows.append([name, of, len(np.unique(each.found.books[there])), each.found.f1(name), share])
    return Table(
        title=f"{each.model}, class by class, {each.split}",
        columns=["class", "n", "books", "F1", "would be hidden wrongly"],
        rows=rows,
    )


def _parts(measured: Nested, model: str) -> Table:
    set_aside = measured.naming.class_set.set_aside
    rows: list[Sequence[Cell]] = [
        [
            each.learnt_from,
            each.numbers,
            between(each.found.f1(), *each.found.f1_interval()),
            each.found.confusion.binary_f1(set_aside) if set_aside else None,
            f"{each.milliseconds:.0f}",
        ]
        for each in measured.bought[model]
    ]
    return Table(
        title=f"{model}: what is learnt from, what it buys and what it costs",
        columns=["learnt from", "numbers", "macro-F1", "irrelevant or not, F1", "ms per picture"],
        rows=rows,
        note="No book on both sides, folds as above. The vector is made for the search anyway. The parts of the traits "
        "come on top of it: in each row one more, with those of the rows above.",
    )


def _curves(measured: Nested) -> list[Table]:
    """None where books are too few."""
    if not measured.curves:
        return []
    models = list(measured.curves)
    points = zip(*measured.curves.values(), strict=True)
    rows: list[Sequence[Cell]] = [
        [percent(each[0].share), round(each[0].books), round(each[0].pictures), *(spread(one.f1) for one in each)]
        for each in points
    ]
    note = (
        f"Macro-F1 on the books left out; {DRAWS} draws, each with {FOLDS} folds and C chosen on {INNER} inner ones; "
        "in brackets the lowest and the highest draw."
    )
    columns = ["share of the other books", "books", "pictures", *models]
    return [Table(title="What is learnt from some of the books", columns=columns, rows=rows, note=note)]


def _sweep(outcomes: Sequence[Outcome]) -> Table:
    rows: list[Sequence[Cell]] = [
        [f"{strength:.3g}", *(each.swept[place] for each in outcomes)] for place, strength in enumerate(STRENGTHS)
    ]
    return Table(
        title="What the regularisation does",
        columns=["C", *(each.name for each in outcomes)],
        rows=rows,
        note="Macro-F1 on what was left out; the less C, the more regularisation.",
    )


def _calibration(outcomes: Sequence[Outcome]) -> Table:
    rows: list[Sequence[Cell]] = [
        [each.name, float(each.found.confidence.mean()), each.found.accuracy, each.ece_before, each.ece]
        for each in outcomes
    ]
    return Table(
        title="How sure it says to be",
        columns=["model and split", "how sure", "right", "calibration error before", "after"],
        rows=rows,
        note="The expected calibration error in 15 bins of equal width, before and after its temperature was set "
        "on the inner folds.",
    )
