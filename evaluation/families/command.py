"""`evaluate families`: which copies are known as such, which other pictures are taken for one, and at which limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt
from PIL.Image import Image

from core.encoders import Encoder
from core.settings import Settings
from evaluation.families.pairs import Pairs, Side, beside
from evaluation.families.reprints import OTHER_STATE, SAME_PRINT
from evaluation.options import images_option, json_option, labels_option, models_option
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.material import gathered
from evaluation.pictures.transformations import SEED, Alter, of, paper
from evaluation.pictures.vectors import View, encode, encode_pictures, track
from evaluation.reporting.report import Section
from evaluation.reporting.tables import Cell, Table, percent, show
from indexer.families.clustering import Link, Pair, families, pair
from indexer.families.judging import Alike, Judge, judge
from indexer.images.perceptual_hashes import NOTHING, perceptual_hash

SAMPLE = 200
"""Pictures that altered copies are made of, spread over all; pairs of different pictures are taken all."""

LIMITS = [Alike(cosine, bits) for cosine in (0.6, 0.7, 0.8, 0.9, 0.92, 0.94) for bits in (6, 8, 10, 12, 14, 16)]
LOOSEST, BEST = Alike(0.6, 16), 5

PAPER = "paper"
"""Its queries, turned and cut: nothing that a printer does, and told for comparison."""


KEYS = {each.name: each.key for each in (*SAME_PRINT, *OTHER_STATE)} | {PAPER: PAPER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one model and the hashes make of a folder."""

    judge: Judge
    copies: Mapping[str, Pairs]
    """By what was done to them."""
    others: Pairs
    """Different pictures, as far as they are within `LOOSEST`."""
    pairs: int
    """All that were compared."""
    taken: Sequence[tuple[str, str]]
    """Those of `others` that count as copies: prints that are there twice, and mistakes."""
    families: Sequence[Sequence[str]]
    flat: int


def measure(pictures: Sequence[LabelledPicture], encoder: Encoder, settings: Settings) -> Measured:
    """Altered copies with their originals, and every two pictures with each other."""
    hashes = [perceptual_hash(picture.open()) for picture in track(pictures, "hashes")]
    told = [row for row, hash_ in enumerate(hashes) if hash_ != NOTHING]
    known = [pictures[row] for row in told]
    side = Side(encode_pictures(encoder, known, settings), [hashes[row] for row in told])
    every = np.arange(0, len(known), max(1, len(known) // SAMPLE))[:SAMPLE]
    copies = {
        name: beside(side.of(every), _altered(name, [known[row] for row in every], alters, encoder, settings))
        for name, alters in _kinds(len(every)).items()
    }
    others, links = _compared(known, side, judge(encoder.name))
    digests = {picture.name: picture.digest for picture in known}
    return Measured(
        judge=judge(encoder.name),
        copies=copies,
        others=others,
        pairs=len(known) * (len(known) - 1) // 2,
        taken=sorted(each for each in links if digests[each[0]] != digests[each[1]]),
        families=[sorted(each) for each in families(links, [])],
        flat=len(pictures) - len(told),
    )


def _kinds(count: int) -> dict[str, Sequence[Alter]]:
    drawn = {each.name: of(each, count) for each in (*SAME_PRINT, *OTHER_STATE)}
    return {**drawn, PAPER: list(paper(count))}


def _altered(
    kind: str, pictures: Sequence[LabelledPicture], alters: Sequence[Alter], encoder: Encoder, settings: Settings
) -> Side:
    """As they would be indexed; each is made twice rather than all be kept in memory."""
    made = [partial(_made, picture, alter) for picture, alter in zip(pictures, alters, strict=True)]
    keys = (f"{picture.digest} reprint {KEYS[kind]} {SEED} {row}" for row, picture in enumerate(pictures))
    views = [View(key, make) for key, make in zip(keys, made, strict=True)]
    vectors = encode(encoder, views, settings, title=f"{encoder.name}: {kind}")
    return Side(vectors, [perceptual_hash(make()) for make in track(made, f"hashes: {kind}")])


def _made(picture: LabelledPicture, alter: Alter) -> Image:
    return alter(picture.open())


def _compared(pictures: Sequence[LabelledPicture], side: Side, by: Judge) -> tuple[Pairs, dict[Pair, Link]]:
    """Every two pictures: what lies between different ones, and who are copies."""
    bits = side.bits
    cosines, differing = [np.empty(0, np.float32)], [np.empty(0, np.uint8)]
    links: dict[Pair, Link] = {}
    for row, picture in enumerate(pictures):
        cosine = side.vectors[:row] @ side.vectors[row]
        differs = np.bitwise_count(bits[:row] ^ bits[row])
        near = np.flatnonzero(differs <= LOOSEST.bits)
        for other in near.tolist():
            if tier := by.tier(float(cosine[other]), side.hashes[row], side.hashes[other]):
                links[pair(picture.name, pictures[other].name)] = Link(tier, float(cosine[other]))
        # Of millions of pairs only those are kept that some limit could take.
        kept = near[[pictures[other].digest != picture.digest for other in near.tolist()]] if len(near) else near
        kept = kept[cosine[kept] >= LOOSEST.cosine]
        cosines.append(cosine[kept])
        differing.append(differs[kept])
    return Pairs(np.concatenate(cosines), np.concatenate(differing)), links


def tables(measured: Measured) -> list[Table]:
    return [_copies(measured), _limits(measured), boundary(measured), _taken(measured)]


def _copies(measured: Measured) -> Table:
    by = measured.judge
    rows: list[list[Cell]] = [
        [
            name,
            len(pairs.bits),
            percent(pairs.share(by.exact)),
            percent(pairs.found(by)),
            percent(1 - pairs.found(by)),
        ]
        for name, pairs in measured.copies.items()
    ]
    note = (
        f"At {by.name}. Pictures that are flat or a line ({measured.flat}) are left out. "
        + "; ".join(f"{each.name}: {each.meaning}" for each in (*SAME_PRINT, *OTHER_STATE))
        + "; paper: the paper's queries, turned by up to 10 degrees and cut by up to 15 % a side."
    )
    return Table(
        title=f"Families: altered copies, {by}",
        columns=["copy", "n", "exact", "exact or near", "missed"],
        rows=rows,
        note=note,
    )


def _limits(measured: Measured) -> Table:
    """Recall of what should be found, and what else is taken for it."""
    kinds = [each.name for each in (*SAME_PRINT, *OTHER_STATE)]
    rows: list[list[Cell]] = [
        [
            f"{limits.cosine:g}",
            limits.bits,
            *(percent(measured.copies[name].share(limits)) for name in kinds),
            int(measured.others.within(limits).sum()),
        ]
        for limits in LIMITS
    ]
    note = (
        f"Copies found at a cosine of at least, with at most so many of 64 bits different; and how many of the "
        f"{measured.pairs:,} pairs of different files are taken for copies, of which some are."
    )
    return Table(
        title=f"Families: limits, {measured.judge.model}",
        columns=["cosine", "bits", *kinds, "others"],
        rows=rows,
        note=note,
    )


def boundary(measured: Measured) -> Table:
    """Where `exact` should end: of what is one print again as much as can be, of other states as little."""
    best = sorted(LIMITS, key=lambda limits: sum(_exact_shares(measured, limits) * (-1, 1)))[:BEST]
    rows: list[list[Cell]] = []
    for limits in (measured.judge.exact, *best):
        same, other = _exact_shares(measured, limits).tolist()
        mark = "" if rows else " (in use)"
        difference = f"{100 * (same - other):.1f}"
        rows.append([f"{limits.cosine:g}{mark}", limits.bits, percent(same), percent(other), difference])
    note = (
        "Share that is called exact, the mean over the kinds of copy: of the same print again it should be, of another "
        f"state or colouring it should not. The {BEST} limits with the largest difference; all copies are made by "
        "program, so the figures say which limit is better and not how many real reprints are told rightly."
    )
    columns = ["cosine", "bits", "same print", "other state", "difference"]
    return Table(title=f"Families: where exact ends, {measured.judge.model}", columns=columns, rows=rows, note=note)


def _exact_shares(measured: Measured, limits: Alike) -> npt.NDArray[np.float64]:
    """Of the same print and of other states."""
    copies, kinds = measured.copies, (SAME_PRINT, OTHER_STATE)
    return np.array([np.mean([copies[each.name].share(limits) for each in kind]) for kind in kinds])


def _taken(measured: Measured) -> Table:
    sizes = sorted(map(len, measured.families), reverse=True)
    note = (
        f"{len(sizes)} families, of {', '.join(map(str, sizes)) or 'no'} pictures. A person must see which are copies."
    )
    return Table(
        title=f"Families: different files that are taken for copies, {measured.judge.model}",
        columns=["one", "other"],
        rows=[list(each) for each in measured.taken],
        note=note,
    )


def figures(measured: Sequence[Measured]) -> dict[str, Any]:
    return {
        "models": {
            each.judge.model: {
                "judge": each.judge.name,
                "pairs": each.pairs,
                "taken": len(each.taken),
                "flat": each.flat,
                "families": len(each.families),
                "copies": {
                    name: {
                        "n": len(pairs.bits),
                        "exact": pairs.share(each.judge.exact),
                        "found": pairs.found(each.judge),
                    }
                    for name, pairs in each.copies.items()
                },
            }
            for each in measured
        }
    }


def section(pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings) -> Section:
    """The report's part."""
    return Section("Families", [table for each in encoders for table in tables(measure(pictures, each, settings))])


@click.command("families")
@images_option
@labels_option
@models_option
@json_option
def command(images: Path, labels: Path | None, models: str, *, as_json: bool) -> None:
    """Measure which copies of a print are known as such, and which other pictures are taken for one."""
    pictures, encoders, settings = gathered(images, labels, models)
    measured = [measure(pictures, encoder, settings) for encoder in encoders]
    show([table for each in measured for table in tables(each)], figures(measured), as_json=as_json)
