"""The effect on retrieval of squashing, padding or cropping pictures to a square, by aspect ratio."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from PIL import Image, ImageOps

from core.encoders import Encoder, Vectors
from core.encoders.queries import encode_queries
from core.encoders.vectors import normalise_vectors
from core.settings import Settings
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.queries import QueryKind, query_images
from evaluation.pictures.transformations import ImageTransform
from evaluation.pictures.vectors import BatchEncoder, LazyImage, encode
from evaluation.reporting.tables import Cell, ReportTable, percent
from evaluation.retrieval.scores import QueryRanks, compute_ranks

SQUARE_SIDE = 512
"""Pixels; at least the input size of every model."""

PADDING_COLOUR = "white"


def squash(image: Image.Image) -> Image.Image:
    """Resize the whole picture to a square."""
    return image.resize((SQUARE_SIDE, SQUARE_SIDE), Image.Resampling.BICUBIC)


def pad(image: Image.Image) -> Image.Image:
    """Put the whole picture in the middle of a white square."""
    return ImageOps.pad(image, (SQUARE_SIDE, SQUARE_SIDE), Image.Resampling.BICUBIC, color=PADDING_COLOUR)


def centre_crop(image: Image.Image) -> Image.Image:
    """Cut out the square in the middle."""
    return ImageOps.fit(image, (SQUARE_SIDE, SQUARE_SIDE), Image.Resampling.BICUBIC)


SHAPES: Mapping[str, ImageTransform] = MappingProxyType({"squash": squash, "pad": pad, "centre crop": centre_crop})
MODEL_SHAPE, NATIVE_ASPECT = "the model's own", "native aspect"

AREA_SIDE, SIDE_MULTIPLE = 320, 32
"""Native aspect: the area is that of SSCD's square input, and sides are multiples of its total stride."""

ASPECT_BINS = ((1.0, 1.25), (1.25, 2.0), (2.0, 4.0), (4.0, float("inf")))
"""Bounds of longer side / shorter side: nearly square, a page, a headpiece, a rule or a staff."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeResult:
    """The retrieval scores of one model with one way of preprocessing."""

    model: str
    shape: str
    scores: QueryRanks | None
    """None if the model accepts squares only."""


def measure_shapes(
    pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings, kind: QueryKind
) -> list[ShapeResult]:
    """Measure each model with each shape, applied to gallery and queries alike."""
    results: list[ShapeResult] = []
    for encoder in encoders:
        for shape, reshape in {MODEL_SHAPE: _keep_shape, **SHAPES}.items():
            variant = _ShapeVariant(shape, reshape, partial(encode_queries, encoder))
            results.append(_measure_shape(pictures, encoder, settings, kind, variant))
        if encode_native := native_aspect_encoder(encoder):
            results.append(
                _measure_shape(
                    pictures, encoder, settings, kind, _ShapeVariant(NATIVE_ASPECT, _keep_shape, encode_native)
                )
            )
        else:
            results.append(ShapeResult(model=encoder.name, shape=NATIVE_ASPECT, scores=None))
    return results


class _ShapeVariant(NamedTuple):
    shape: str
    reshape: ImageTransform
    encode_batch: BatchEncoder


def _measure_shape(
    pictures: Sequence[LabelledPicture], encoder: Encoder, settings: Settings, kind: QueryKind, variant: _ShapeVariant
) -> ShapeResult:
    """Encode gallery and queries from a single view, so that only the shape differs."""
    unaltered_kind = QueryKind(name="pictures", key="", alterations=[_keep_shape] * len(pictures))
    gallery, queries = (
        _encode_shape(encoder, pictures, query_kind, settings, variant) for query_kind in (unaltered_kind, kind)
    )
    digests = [picture.digest for picture in pictures]
    picture_ranks = compute_ranks(partial(_cosines, queries, gallery), digests, digests)
    return ShapeResult(
        model=encoder.name,
        shape=variant.shape,
        scores=QueryRanks(encoder.name, kind.name, len(pictures), picture_ranks),
    )


def _encode_shape(
    encoder: Encoder, pictures: Sequence[LabelledPicture], kind: QueryKind, settings: Settings, variant: _ShapeVariant
) -> Vectors:
    # The key of an unaltered picture does not depend on its index.
    lazy_images = (
        query_images(pictures, kind) if kind.key else [LazyImage(picture.digest, picture.open) for picture in pictures]
    )
    reshaped_images = [
        LazyImage(lazy_image.key, partial(_open_reshaped, lazy_image.open, variant.reshape))
        for lazy_image in lazy_images
    ]
    # `evaluate retrieval` caches the model's own preprocessing under this name.
    cache_variant = "query" if variant.shape == MODEL_SHAPE else f"one view, {variant.shape}"
    return encode(
        encoder,
        reshaped_images,
        settings,
        title=f"{encoder.name}: {variant.shape}, {kind.name}",
        encode_batch=variant.encode_batch,
        variant=cache_variant,
    )


def _keep_shape(image: Image.Image) -> Image.Image:
    return image


def _open_reshaped(open_image: Callable[[], Image.Image], reshape: ImageTransform) -> Image.Image:
    return reshape(open_image())


def _cosines(queries: Vectors, gallery: Vectors, start: int, end: int) -> Vectors:
    rows: Vectors = queries[start:end] @ gallery.T
    return rows


def native_aspect_encoder(encoder: Encoder) -> BatchEncoder | None:
    """Return a function that encodes pictures in their own proportions; None if the model's input size is fixed."""
    session = getattr(encoder, "session", None)
    # A dimension of variable size has a name instead of a number in an ONNX file.
    accepts_any_size = session is not None and isinstance(session.get_inputs()[0].shape[1], str)
    return partial(_encode_at_native_aspect, session) if accepts_any_size else None


def _encode_at_native_aspect(session: Any, images: Sequence[Image.Image]) -> Vectors:
    input_name, (output, *_) = session.get_inputs()[0].name, session.get_outputs()
    return normalise_vectors(
        np.concatenate(
            [session.run([output.name], {input_name: _resize_to_native_aspect(image)[None]})[0] for image in images]
        )
    )


def _resize_to_native_aspect(image: Image.Image) -> Any:
    """Resize to about `AREA_SIDE`² pixels, without the limits of `core.encoders.sscd_features.prepare_view`."""
    aspect_root = np.sqrt(image.width / image.height)
    sides = [
        max(SIDE_MULTIPLE, SIDE_MULTIPLE * round(AREA_SIDE * factor / SIDE_MULTIPLE))
        for factor in (aspect_root, 1 / aspect_root)
    ]
    return np.asarray(image.resize((sides[0], sides[1]), Image.Resampling.BILINEAR))


def table(pictures: Sequence[LabelledPicture], results: Sequence[ShapeResult]) -> ReportTable:
    """Show top-1 and top-10, and top-1 by aspect ratio."""
    bins = _aspect_masks(pictures)
    columns = [
        "model and shape",
        "top-1",
        "top-10",
        *(f"top-1, {name} ({int(mask.sum())})" for name, mask in bins.items()),
    ]
    rows = [
        [f"{result.model}, {result.shape}", *_score_cells(result.scores, list(bins.values()))] for result in results
    ]
    note = (
        "Columns are ranges of longer side / shorter side, with the number of pictures in brackets. Pictures and "
        "queries are encoded from one view each. "
        f"Native aspect: about {AREA_SIDE}×{AREA_SIDE} pixels in the picture's own proportions."
    )
    return ReportTable(title="Distortion by preprocessing, the paper's queries", columns=columns, rows=rows, note=note)


def _score_cells(scores: QueryRanks | None, bins: Sequence[Any]) -> list[Cell]:
    if scores is None:
        return ["takes squares only", *[None] * (1 + len(bins))]
    scores_by_bin = [scores.subset(mask) for mask in bins]
    shares = [
        percent(bin_scores.top_k_share(1), *bin_scores.top_k_interval(1)) if bin_scores.n else None
        for bin_scores in scores_by_bin
    ]
    return [percent(scores.top_k_share(1), *scores.top_k_interval(1)), percent(scores.top_k_share(10)), *shares]


def _aspect_masks(pictures: Sequence[LabelledPicture]) -> dict[str, Any]:
    ratios = np.array([max(picture.width, picture.height) / min(picture.width, picture.height) for picture in pictures])
    return {
        (f"{low:g}–{high:g}" if high < float("inf") else f"over {low:g}"): (ratios >= low) & (ratios < high)
        for low, high in ASPECT_BINS
    }


def figures(results: Sequence[ShapeResult]) -> dict[str, Any]:
    figures_by_model: dict[str, dict[str, Any]] = {}
    for result in results:
        figures_by_model.setdefault(result.model, {})[result.shape] = result.scores.figures() if result.scores else None
    return {"models": figures_by_model}
