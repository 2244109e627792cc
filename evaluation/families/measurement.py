"""Detection of copies: which altered copies are recognised, and which different pictures are taken for copies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from core.console import track
from core.encoders import Encoder
from core.settings import Settings
from evaluation.families.pairs import PairDistances, PictureSignatures, paired_distances
from evaluation.families.reprints import OTHER_STATE, SAME_PRINT
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.queries import open_altered
from evaluation.pictures.transformations import SEED, ImageTransform, draw_paper_alterations, seeded_alterations
from evaluation.pictures.vectors import LazyImage, encode, encode_pictures
from indexer.families.clustering import Link, PicturePair, cluster_pictures, ordered_pair
from indexer.families.copy_detection import CopyDetector, CopyThreshold, copy_detector
from indexer.images.perceptual_hashes import EMPTY_HASH, perceptual_hash

SAMPLE_SIZE = 200
"""Pictures that altered copies are made from, spread over the folder; pairs use all pictures."""

LOOSEST_LIMITS = CopyThreshold(0.6, 16)

PAPER = "paper"
"""The paper's queries (rotated and cropped), for comparison; no printer alters pictures in this way."""


CACHE_KEYS = {transformation.name: transformation.key for transformation in (*SAME_PRINT, *OTHER_STATE)} | {
    PAPER: PAPER
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyMeasurement:
    """The results of one model together with perceptual hashes."""

    detector: CopyDetector
    copies: Mapping[str, PairDistances]
    """Kind of alteration → distances of copies and originals."""
    different_pairs: PairDistances
    """Distances of different pictures, if they are within `LOOSEST_LIMITS`."""
    pair_count: int
    """The number of pairs that were compared."""
    linked_pairs: Sequence[tuple[str, str]]
    """Names of different files that count as copies: second copies of a print, and mistakes."""
    families: Sequence[Sequence[str]]
    flat_count: int


def measure_families(pictures: Sequence[LabelledPicture], encoder: Encoder, settings: Settings) -> FamilyMeasurement:
    """Compare altered copies with their originals, and every two pictures with each other."""
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
        detector=copy_detector(encoder.name),
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
    """Return vectors and hashes of the altered copies; each copy is made twice, so that memory holds one at a time."""
    copy_openers = [partial(open_altered, picture, alter) for picture, alter in zip(pictures, alterations, strict=True)]
    keys = (f"{picture.digest} reprint {CACHE_KEYS[kind]} {SEED} {row}" for row, picture in enumerate(pictures))
    lazy_images = [LazyImage(key, open_copy) for key, open_copy in zip(keys, copy_openers, strict=True)]
    vectors = encode(encoder, lazy_images, settings, title=f"{encoder.name}: {kind}")
    return PictureSignatures(
        vectors, [perceptual_hash(open_copy()) for open_copy in track(copy_openers, f"hashes: {kind}")]
    )


def _compare_pairs(
    pictures: Sequence[LabelledPicture], signatures: PictureSignatures, detector: CopyDetector
) -> tuple[PairDistances, dict[PicturePair, Link]]:
    """Compare every two pictures; return the distances of different ones, and the links between copies."""
    hash_bits = signatures.hash_bits
    cosines, bit_distances = [np.empty(0, np.float32)], [np.empty(0, np.uint8)]
    links: dict[PicturePair, Link] = {}
    for row, picture in enumerate(pictures):
        row_cosines = signatures.vectors[:row] @ signatures.vectors[row]
        row_distances = np.bitwise_count(hash_bits[:row] ^ hash_bits[row])
        near_rows = np.flatnonzero(row_distances <= LOOSEST_LIMITS.max_bits)
        for other_row in near_rows.tolist():
            if tier := detector.tier(
                float(row_cosines[other_row]), signatures.hashes[row], signatures.hashes[other_row]
            ):
                links[ordered_pair(picture.name, pictures[other_row].name)] = Link(tier, float(row_cosines[other_row]))
        # Millions of pairs do not fit into memory; only those within the loosest limits are kept.
        kept_rows = (
            near_rows[[pictures[other_row].digest != picture.digest for other_row in near_rows.tolist()]]
            if len(near_rows)
            else near_rows
        )
        kept_rows = kept_rows[row_cosines[kept_rows] >= LOOSEST_LIMITS.min_cosine]
        cosines.append(row_cosines[kept_rows])
        bit_distances.append(row_distances[kept_rows])
    return PairDistances(np.concatenate(cosines), np.concatenate(bit_distances)), links
