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

from core.console import track
from core.encoders import Encoder
from core.settings import Settings
from evaluation.families.pairs import PairDistances, PictureSignatures, paired_distances
from evaluation.families.reprints import OTHER_STATE, SAME_PRINT
from evaluation.options import images_option, json_option, labels_option, models_option
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.inputs import load_inputs
from evaluation.pictures.transformations import SEED, ImageTransform, draw_paper_alterations, seeded_alterations
from evaluation.pictures.vectors import LazyImage, encode, encode_pictures
from evaluation.reporting.report import Section
from evaluation.reporting.tables import Cell, Table, percent, print_tables
from indexer.families.clustering import Link, PicturePair, cluster_pictures, ordered_pair
from indexer.families.copy_detection import CopyDetector, CopyThreshold, copy_detector
from indexer.images.perceptual_hashes import EMPTY_HASH, perceptual_hash

SAMPLE_SIZE = 200
"""Pictures that altered copies are made of, spread over all; pairs of different pictures are taken all."""

LIMIT_GRID = [
    CopyThreshold(cosine, bits) for cosine in (0.6, 0.7, 0.8, 0.9, 0.92, 0.94) for bits in (6, 8, 10, 12, 14, 16)
]
LOOSEST_LIMITS, MAX_BEST_LIMITS = CopyThreshold(0.6, 16), 5

PAPER = "paper"
"""Its queries, turned and cut: nothing that a printer does, and told for comparison."""


CACHE_KEYS = {transformation.name: transformation.key for transformation in (*SAME_PRINT, *OTHER_STATE)} | {
    PAPER: PAPER
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyMeasurement:
    """What one model and the hashes make of a folder."""

    judge: CopyDetector
    copies: Mapping[str, PairDistances]
    """By what was done to them."""
    different_pairs: PairDistances
    """Different pictures, as far as they are within `LOOSEST`."""
    pair_count: int
    """All that were compared."""
    linked_pairs: Sequence[tuple[str, str]]
    """Those of `others` that count as copies: prints that are there twice, and mistakes."""
    families: Sequence[Sequence[str]]
    flat_count: int


def measure_families(pictures: Sequence[LabelledPicture], encoder: Encoder, settings: Settings) -> FamilyMeasurement:
    """Altered copies with their originals, and every two pictures with each other."""
    hashes = [perceptual_hash(picture.open()) for picture in track(pictures, "hashes")]
    usable_rows = [row for row, hash_ in enumerate(hashes) if hash_ != EMPTY_HASH]
    usable_pictures = [pictures[row] for row in usable_rows]
    signatures = PictureSignatures(
        encode_pictures(encoder, usable_pictures, settings), [hashes[row] for row in usable_rows]
    )
    sample_rows = np.arange(0, len(usable_pictures), max(1, len(usable_pictures) // SAMPLE_SIZE))[:SAMPLE_SIZE]
    copies = {
        name: paired_distances(
            signatures.select(sample_rows),
            _copy_signatures(name, [usable_pictures[row] for row in sample_rows], alterations, encoder, settings),
        )
        for name, alterations in _copy_alterations(len(sample_rows)).items()
    }
    different_pairs, links = _compare_pairs(usable_pictures, signatures, copy_detector(encoder.name))
    digests = {picture.name: picture.digest for picture in usable_pictures}
    return FamilyMeasurement(
        judge=copy_detector(encoder.name),
        copies=copies,
        different_pairs=different_pairs,
        pair_count=len(usable_pictures) * (len(usable_pictures) - 1) // 2,
        linked_pairs=sorted(linked_pair for linked_pair in links if digests[linked_pair[0]] != digests[linked_pair[1]]),
        families=[sorted(family) for family in cluster_pictures(links, [])],
        flat_count=len(pictures) - len(usable_rows),
    )


def _copy_alterations(count: int) -> dict[str, Sequence[ImageTransform]]:
    alterations = {
        transformation.name: seeded_alterations(transformation, count) for transformation in (*SAME_PRINT, *OTHER_STATE)
    }
    return {**alterations, PAPER: list(draw_paper_alterations(count))}


def _copy_signatures(
    kind: str,
    pictures: Sequence[LabelledPicture],
    alterations: Sequence[ImageTransform],
    encoder: Encoder,
    settings: Settings,
) -> PictureSignatures:
    """As they would be indexed; each is made twice rather than all be kept in memory."""
    copy_openers = [
        partial(_open_altered, picture, alter) for picture, alter in zip(pictures, alterations, strict=True)
    ]
    keys = (f"{picture.digest} reprint {CACHE_KEYS[kind]} {SEED} {row}" for row, picture in enumerate(pictures))
    lazy_images = [LazyImage(key, open_copy) for key, open_copy in zip(keys, copy_openers, strict=True)]
    vectors = encode(encoder, lazy_images, settings, title=f"{encoder.name}: {kind}")
    return PictureSignatures(
        vectors, [perceptual_hash(open_copy()) for open_copy in track(copy_openers, f"hashes: {kind}")]
    )


def _open_altered(picture: LabelledPicture, alter: ImageTransform) -> Image:
    return alter(picture.open())


def _compare_pairs(
    pictures: Sequence[LabelledPicture], signatures: PictureSignatures, copy_judge: CopyDetector
) -> tuple[PairDistances, dict[PicturePair, Link]]:
    """Every two pictures: what lies between different ones, and who are copies."""
    hash_bits = signatures.hash_bits
    cosines, bit_distances = [np.empty(0, np.float32)], [np.empty(0, np.uint8)]
    links: dict[PicturePair, Link] = {}
    for row, picture in enumerate(pictures):
        row_cosines = signatures.vectors[:row] @ signatures.vectors[row]
        row_distances = np.bitwise_count(hash_bits[:row] ^ hash_bits[row])
        near_rows = np.flatnonzero(row_distances <= LOOSEST_LIMITS.max_bits)
        for other_row in near_rows.tolist():
            if tier := copy_judge.tier(
                float(row_cosines[other_row]), signatures.hashes[row], signatures.hashes[other_row]
            ):
                links[ordered_pair(picture.name, pictures[other_row].name)] = Link(tier, float(row_cosines[other_row]))
        # Of millions of pairs only those are kept that some limit could take.
        kept_rows = (
            near_rows[[pictures[other_row].digest != picture.digest for other_row in near_rows.tolist()]]
            if len(near_rows)
            else near_rows
        )
        kept_rows = kept_rows[row_cosines[kept_rows] >= LOOSEST_LIMITS.min_cosine]
        cosines.append(row_cosines[kept_rows])
        bit_distances.append(row_distances[kept_rows])
    return PairDistances(np.concatenate(cosines), np.concatenate(bit_distances)), links


def tables(measurement: FamilyMeasurement) -> list[Table]:
    return [
        _copies_table(measurement),
        _limits_table(measurement),
        boundary_table(measurement),
        _linked_pairs_table(measurement),
    ]


def _copies_table(measurement: FamilyMeasurement) -> Table:
    copy_judge = measurement.judge
    rows: list[list[Cell]] = [
        [
            name,
            len(pairs.bit_distances),
            percent(pairs.share_within(copy_judge.exact_threshold)),
            percent(pairs.recall(copy_judge)),
            percent(1 - pairs.recall(copy_judge)),
        ]
        for name, pairs in measurement.copies.items()
    ]
    note = (
        f"At {copy_judge.name}. Pictures that are flat or a line ({measurement.flat_count}) are left out. "
        + "; ".join(
            f"{transformation.name}: {transformation.meaning}" for transformation in (*SAME_PRINT, *OTHER_STATE)
        )
        + "; paper: the paper's queries, turned by up to 10 degrees and cut by up to 15 % a side."
    )
    return Table(
        title=f"Families: altered copies, {copy_judge}",
        columns=["copy", "n", "exact", "exact or near", "missed"],
        rows=rows,
        note=note,
    )


def _limits_table(measurement: FamilyMeasurement) -> Table:
    """Recall of what should be found, and what else is taken for it."""
    copy_kinds = [transformation.name for transformation in (*SAME_PRINT, *OTHER_STATE)]
    rows: list[list[Cell]] = [
        [
            f"{limits.min_cosine:g}",
            limits.max_bits,
            *(percent(measurement.copies[name].share_within(limits)) for name in copy_kinds),
            int(measurement.different_pairs.is_within(limits).sum()),
        ]
        for limits in LIMIT_GRID
    ]
    note = (
        f"Copies found at a cosine of at least, with at most so many of 64 bits different; and how many of the "
        f"{measurement.pair_count:,} pairs of different files are taken for copies, of which some are."
    )
    return Table(
        title=f"Families: limits, {measurement.judge.model}",
        columns=["cosine", "bits", *copy_kinds, "others"],
        rows=rows,
        note=note,
    )


def boundary_table(measurement: FamilyMeasurement) -> Table:
    """Where `exact` should end: of what is one print again as much as can be, of other states as little."""
    best_limits = sorted(LIMIT_GRID, key=lambda limits: sum(_exact_shares(measurement, limits) * (-1, 1)))[
        :MAX_BEST_LIMITS
    ]
    rows: list[list[Cell]] = []
    for limits in (measurement.judge.exact_threshold, *best_limits):
        same_share, other_share = _exact_shares(measurement, limits).tolist()
        mark = "" if rows else " (in use)"
        difference = f"{100 * (same_share - other_share):.1f}"
        rows.append(
            [f"{limits.min_cosine:g}{mark}", limits.max_bits, percent(same_share), percent(other_share), difference]
        )
    note = (
        "Share that is called exact, the mean over the kinds of copy: of the same print again it should be, of another "
        f"state or colouring it should not. The {MAX_BEST_LIMITS} limits with the largest difference; all copies "
        "are made by "
        "program, so the figures say which limit is better and not how many real reprints are told rightly."
    )
    columns = ["cosine", "bits", "same print", "other state", "difference"]
    return Table(title=f"Families: where exact ends, {measurement.judge.model}", columns=columns, rows=rows, note=note)


def _exact_shares(measurement: FamilyMeasurement, limits: CopyThreshold) -> npt.NDArray[np.float64]:
    """Of the same print and of other states."""
    copies, transformation_groups = measurement.copies, (SAME_PRINT, OTHER_STATE)
    return np.array(
        [
            np.mean([copies[transformation.name].share_within(limits) for transformation in group])
            for group in transformation_groups
        ]
    )


def _linked_pairs_table(measurement: FamilyMeasurement) -> Table:
    sizes = sorted(map(len, measurement.families), reverse=True)
    note = (
        f"{len(sizes)} families, of {', '.join(map(str, sizes)) or 'no'} pictures. A person must see which are copies."
    )
    return Table(
        title=f"Families: different files that are taken for copies, {measurement.judge.model}",
        columns=["one", "other"],
        rows=[list(linked_pair) for linked_pair in measurement.linked_pairs],
        note=note,
    )


def figures(measurements: Sequence[FamilyMeasurement]) -> dict[str, Any]:
    return {
        "models": {
            measurement.judge.model: {
                "judge": measurement.judge.name,
                "pairs": measurement.pair_count,
                "taken": len(measurement.linked_pairs),
                "flat": measurement.flat_count,
                "families": len(measurement.families),
                "copies": {
                    name: {
                        "n": len(pairs.bit_distances),
                        "exact": pairs.share_within(measurement.judge.exact_threshold),
                        "found": pairs.recall(measurement.judge),
                    }
                    for name, pairs in measurement.copies.items()
                },
            }
            for measurement in measurements
        }
    }


def section(pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings) -> Section:
    """The report's part."""
    return Section(
        "Families", [table for encoder in encoders for table in tables(measure_families(pictures, encoder, settings))]
    )


@click.command("families")
@images_option
@labels_option
@models_option
@json_option
def command(images: Path, labels: Path | None, models: str, *, as_json: bool) -> None:
    """Measure which copies of a print are known as such, and which other pictures are taken for one."""
    pictures, encoders, settings = load_inputs(images, labels, models)
    measurements = [measure_families(pictures, encoder, settings) for encoder in encoders]
    print_tables(
        [table for measurement in measurements for table in tables(measurement)], figures(measurements), as_json=as_json
    )
