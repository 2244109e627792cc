"""Vectors of pictures, computed once and cached on disk."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from PIL.Image import Image

from core.batches import batched
from core.console import create_progress_bar
from core.encoders import Encoder, Vectors
from core.encoders.protocols import FeatureEncoder, Features
from core.files import atomic_write
from core.settings import Settings
from evaluation.pictures.folder import LabelledPicture

SAVE_INTERVAL = 512
"""The cache is written after so many vectors."""

BatchEncoder = Callable[[Sequence[Image]], Vectors | Features]


@dataclass(frozen=True, slots=True)
class LazyImage:
    """A picture or altered picture, which is opened only if its vector is not cached."""

    key: str
    """Identifies the pixels in the cache."""
    open: Callable[[], Image]


def encode_pictures(encoder: Encoder, pictures: Sequence[LabelledPicture], settings: Settings) -> Vectors:
    """Return one row per picture, the vector that the index stores."""
    lazy_images = [LazyImage(picture.digest, picture.open) for picture in pictures]
    return encode(encoder, lazy_images, settings, title=f"{encoder.name}: pictures")


def encode_classifier_features(encoder: Encoder, pictures: Sequence[LabelledPicture], settings: Settings) -> Vectors:
    """Return one row per picture, the features that a classifier learns from."""
    lazy_images = [LazyImage(picture.digest, picture.open) for picture in pictures]
    return encode_images_for_classifier(encoder, lazy_images, settings, "features")


def encode_images_for_classifier(
    encoder: Encoder, lazy_images: Sequence[LazyImage], settings: Settings, title: str
) -> Vectors:
    """Return one row per image: the features of an encoder that has some, else its vectors."""
    title = f"{encoder.name}: {title}"
    if not isinstance(encoder, FeatureEncoder):
        return encode(encoder, lazy_images, settings, title=title)
    return encode(
        encoder,
        lazy_images,
        settings,
        title=title,
        encode_batch=encoder.encode_features,
        variant=encoder.features,
    ).astype(np.float32)


def encode(
    encoder: Encoder,
    lazy_images: Sequence[LazyImage],
    settings: Settings,
    *,
    title: str,
    encode_batch: BatchEncoder | None = None,
    variant: str = "",
) -> Vectors:
    """Return one row per image.

    `encode_batch` replaces the encoder's own way for documents; `variant` names it in the cache.
    """
    cache_file = settings.cache / "evaluation" / f"{encoder.name}-{_cache_id(encoder, variant)}.npz"
    vectors_by_key = _read_cache(cache_file)
    # Images with equal keys are encoded once.
    missing = list(
        {lazy_image.key: lazy_image for lazy_image in lazy_images if lazy_image.key not in vectors_by_key}.values()
    )
    with create_progress_bar() as progress:
        task = progress.add_task(title, total=len(missing), visible=bool(missing))
        for block in batched(missing, SAVE_INTERVAL):
            for batch in batched(block, settings.batch_size):
                rows = (encode_batch or encoder.encode_images)([lazy_image.open() for lazy_image in batch])
                vectors_by_key |= zip((lazy_image.key for lazy_image in batch), rows, strict=True)
                progress.advance(task, len(batch))
            _write_cache(cache_file, vectors_by_key)
    return (
        np.stack([vectors_by_key[lazy_image.key] for lazy_image in lazy_images])
        if lazy_images
        else np.empty((0, encoder.dimensions), np.float32)
    )


def _cache_id(encoder: Encoder, variant: str) -> str:
    identity = "\n".join((encoder.model, encoder.revision, encoder.preprocessing, variant))
    return hashlib.sha256(identity.encode()).hexdigest()[:12]


def _read_cache(file: Path) -> dict[str, Vectors]:
    """Return the cached rows by key; an empty dict if the file is missing or damaged."""
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
            keys, rows = archive["keys"], archive["rows"]
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}
    return dict(zip(keys.tolist(), rows, strict=True)) if len(rows) == len(keys) else {}


def _write_cache(file: Path, vectors_by_key: dict[str, Vectors]) -> None:
    """Replace the cache file in one step, so that two runs at once cannot damage it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(file) as temporary_file, temporary_file.open("wb") as stream:
        np.savez(stream, keys=np.array(list(vectors_by_key)), rows=np.stack(list(vectors_by_key.values())))
