"""`evaluate preprocessing`: what it costs that a model wants squares and pictures are none, by aspect ratio."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import click
import numpy as np
from PIL import Image, ImageOps

from core.encoders import Encoder, Vectors
from core.encoders.protocols import unit
from core.encoders.queries import encode_queries
from core.settings import Settings
from evaluation.options import images_option, json_option, labels_option, models_option
from evaluation.pictures.altered import Kind, kinds, query_views, seed_option
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.material import gathered
from evaluation.pictures.transformations import Alter
from evaluation.pictures.vectors import Encode, View, encode
from evaluation.reporting.report import Section
from evaluation.reporting.tables import Cell, Table, percent, show
from evaluation.retrieval.scores import Scores, ranks

SIDE = 512
"""Pixels of a square that no model makes larger."""

PAPER = "white"


def squash(image: Image.Image) -> Image.Image:
    """The whole picture, its proportions given up."""
    return image.resize((SIDE, SIDE), Image.Resampling.BICUBIC)


def pad(image: Image.Image) -> Image.Image:
    """The whole picture in the middle of a square of paper."""
    return ImageOps.pad(image, (SIDE, SIDE), Image.Resampling.BICUBIC, color=PAPER)


def centre_crop(image: Image.Image) -> Image.Image:
    """The square in the middle, the rest given up."""
    return ImageOps.fit(image, (SIDE, SIDE), Image.Resampling.BICUBIC)


SHAPES: Mapping[str, Alter] = MappingProxyType({"squash": squash, "pad": pad, "centre crop": centre_crop})
AS_IS, NATIVE = "as the model does", "native aspect"

AREA_SIDE, STEP = 320, 32
"""Native aspect: the area of a square of so many pixels, that of SSCD's own input; sides are multiples of what its
convolutions halve five times."""

BINS = ((1.0, 1.25), (1.25, 2.0), (2.0, 4.0), (4.0, float("inf")))
"""Longer side in shorter sides: nearly square, a page, a headpiece, a rule or a staff."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaped:
    """One model that sees pictures in one shape."""

    model: str
    shape: str
    scores: Scores | None
    """None where the model takes squares alone."""


def measure_shapes(
    pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings, kind: Kind
) -> list[Shaped]:
    """Each model with each shape, of the gallery and of the queries alike."""
    found: list[Shaped] = []
    for encoder in encoders:
        for shape, form in {AS_IS: _same, **SHAPES}.items():
            way = _Way(shape, form, partial(encode_queries, encoder))
            found.append(_shaped(pictures, encoder, settings, kind, way))
        if by := native(encoder):
            found.append(_shaped(pictures, encoder, settings, kind, _Way(NATIVE, _same, by)))
        else:
            found.append(Shaped(model=encoder.name, shape=NATIVE, scores=None))
    return found


class _Way(NamedTuple):
    shape: str
    form: Alter
    by: Encode


def _shaped(pictures: Sequence[LabelledPicture], encoder: Encoder, settings: Settings, kind: Kind, way: _Way) -> Shaped:
    """Pictures too are encoded as a question is, by one view: what is compared is the shape alone."""
    untouched = Kind(name="pictures", key="", alterations=[_same] * len(pictures))
    gallery, queries = (_encoded(encoder, pictures, each, settings, way) for each in (untouched, kind))
    digests = [picture.digest for picture in pictures]
    places = ranks(partial(_cosines, queries, gallery), digests, digests)
    return Shaped(model=encoder.name, shape=way.shape, scores=Scores(encoder.name, kind.name, len(pictures), places))


def _encoded(
    encoder: Encoder, pictures: Sequence[LabelledPicture], kind: Kind, settings: Settings, way: _Way
) -> Vectors:
    # Unaltered pictures are the same wherever they stand in the folder.
    views = query_views(pictures, kind) if kind.key else [View(each.digest, each.open) for each in pictures]
    shaped = [View(view.key, partial(_after, view.open, way.form)) for view in views]
    # What the model does with a question is known from `evaluate retrieval`.
    name = "query" if way.shape == AS_IS else f"one view, {way.shape}"
    return encode(encoder, shaped, settings, title=f"{encoder.name}: {way.shape}, {kind.name}", by=way.by, way=name)


def _same(image: Image.Image) -> Image.Image:
    return image


def _after(made: Callable[[], Image.Image], then: Alter) -> Image.Image:
    return then(made())


def _cosines(queries: Vectors, gallery: Vectors, start: int, end: int) -> Vectors:
    rows: Vectors = queries[start:end] @ gallery.T
    return rows


def native(encoder: Encoder) -> Encode | None:
    """How a model sees pictures in their own proportions; None where its input has a shape of its own."""
    session = getattr(encoder, "session", None)
    # An ONNX file gives a name, not a number, to a side that is free.
    free = session is not None and isinstance(session.get_inputs()[0].shape[1], str)
    return partial(_natively, session) if free else None


def _natively(session: Any, images: Sequence[Image.Image]) -> Vectors:
    name, (vector, *_) = session.get_inputs()[0].name, session.get_outputs()
    return unit(np.concatenate([session.run([vector.name], {name: _at_own_aspect(each)[None]})[0] for each in images]))


def _at_own_aspect(image: Image.Image) -> Any:
    longer = np.sqrt(image.width / image.height)
    sides = [max(STEP, STEP * round(AREA_SIDE * each / STEP)) for each in (longer, 1 / longer)]
    return np.asarray(image.resize((sides[0], sides[1]), Image.Resampling.BILINEAR))


def table(pictures: Sequence[LabelledPicture], measured: Sequence[Shaped]) -> Table:
    """Top-1 and top-10, and top-1 by aspect ratio."""
    bins = _bins(pictures)
    columns = [
        "model and shape",
        "top-1",
        "top-10",
        *(f"top-1, {name} ({int(which.sum())})" for name, which in bins.items()),
    ]
    rows = [[f"{each.model}, {each.shape}", *_cells(each.scores, list(bins.values()))] for each in measured]
    note = (
        "By the longer side in shorter sides, in brackets how many pictures; pictures and queries by one view each. "
        f"Native aspect: about {AREA_SIDE}×{AREA_SIDE} pixels in the picture's own proportions."
    )
    return Table(title="What distortion costs, the paper's queries", columns=columns, rows=rows, note=note)


def _cells(scores: Scores | None, bins: Sequence[Any]) -> list[Cell]:
    if scores is None:
        return ["takes squares only", *[None] * (1 + len(bins))]
    some = [scores.only(which) for which in bins]
    shares = [percent(one.top(1), *one.top_interval(1)) if one.n else None for one in some]
    return [percent(scores.top(1), *scores.top_interval(1)), percent(scores.top(10)), *shares]


def _bins(pictures: Sequence[LabelledPicture]) -> dict[str, Any]:
    ratios = np.array([max(each.width, each.height) / min(each.width, each.height) for each in pictures])
    return {
        (f"{low:g}–{high:g}" if high < float("inf") else f"over {low:g}"): (ratios >= low) & (ratios < high)
        for low, high in BINS
    }


def figures(measured: Sequence[Shaped]) -> dict[str, Any]:
    found: dict[str, dict[str, Any]] = {}
    for each in measured:
        found.setdefault(each.model, {})[each.shape] = each.scores.figures() if each.scores else None
    return {"models": found}


def section(pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings) -> Section:
    """The report's part."""
    (kind,) = kinds(len(pictures))
    return Section("Preprocessing", [table(pictures, measure_shapes(pictures, encoders, settings, kind))])


@click.command("preprocessing")
@images_option
@labels_option
@models_option
@seed_option
@json_option
def command(images: Path, labels: Path | None, models: str, seed: int, *, as_json: bool) -> None:
    """Compare squashed, padded, centre-cropped and undistorted pictures, by aspect ratio."""
    pictures, encoders, settings = gathered(images, labels, models)
    (kind,) = kinds(len(pictures), seed=seed)
    measured = measure_shapes(pictures, encoders, settings, kind)
    show([table(pictures, measured)], figures(measured), as_json=as_json)
