"""Pictures → documents with vectors: cut out, look for what models have made before, and encode the rest.

What the stages pass on are records that can be sent to another process.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PIL.Image import Image

from core.errors import FileUnavailable
from indexer.documents.hybrid import HybridDocument
from indexer.documents.pictures import Picture
from indexer.elasticsearch.stored_encodings import StoredEncoding, StoredEncodings
from indexer.images.colour import mean_colour
from indexer.images.crops import Cropper
from indexer.images.decoration import DECORATION_VERSION, classify_decoration
from indexer.images.hosts import ServerDown
from indexer.ingest.crop_files import CropFiles
from indexer.ingest.vectors import NOTHING_STORED, DocumentEncoders
from indexer.records import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureTask:
    """A picture that is new or changed, and what the index has of it."""

    picture: Picture
    document: HybridDocument
    """Without vectors, and without what its pixels say."""
    stored: StoredEncoding = NOTHING_STORED
    is_covered: bool = False
    """Whether all that vision models make of the picture is stored."""
    is_current: bool = False
    """Whether the index has the document in this form, so that only files of the picture are missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CutPicture:
    """A picture with its pixels."""

    document: HybridDocument
    image: Image | None
    """None if all vectors and features are stored."""
    digest: str
    stored: StoredEncoding = NOTHING_STORED


@dataclass(frozen=True, slots=True, kw_only=True)
class CutResult:
    """What became of a picture: its pixels, or why there is nothing to write."""

    cut_picture: CutPicture | None = None
    has_restored_files: bool = False
    """Whether only files were missing: they are there again, and the document stays with all that others added."""
    problem: Problem | None = None
    warnings: tuple[tuple[str, str], ...] = ()
    """Files that are wrong in some way, with a sentence."""


def add_stored_encodings(
    tasks: Sequence[PictureTask], stored_encodings: StoredEncodings, encoders: DocumentEncoders
) -> list[PictureTask]:
    """Return the tasks with what the index has of their pictures."""
    stored_by_id = stored_encodings.by_id([task.picture.id for task in tasks])
    return [
        replace(task, stored=stored, is_covered=encoders.covers(stored))
        for task in tasks
        for stored in [stored_by_id.get(task.picture.id, NOTHING_STORED)]
    ]


def cut_out(task: PictureTask, cropper: Cropper, crop_files: CropFiles) -> CutResult:
    """Return a picture with its pixels, after writing its crops; without if what was made of them is stored."""
    picture, stored = task.picture, task.stored
    origin = image_origin(cropper.scan_signature(picture.leaf), picture)
    is_unchanged = stored.origin == origin and stored.colour and task.is_covered
    try:
        if is_unchanged and crop_files.has_files_of(picture):
            document = task.document.with_pixels(
                digest=stored.digest, colour=stored.colour, origin=origin, decoration=stored.decoration
            )
            return CutResult(cut_picture=CutPicture(document=document, image=None, digest=stored.digest, stored=stored))
        image = crop_files.save(picture, cropper.crop(picture.leaf, picture.element.box))
    except FileUnavailable as error:
        prefix = "" if isinstance(error, ServerDown) else f"{picture.id}: "
        return CutResult(problem=Problem(error.file, prefix + error.reason, error.code))
    digest = image_digest(image)
    if task.is_current and task.is_covered and digest == stored.digest:
        return CutResult(has_restored_files=True, warnings=tuple(cropper.take_warnings()))
    document = task.document.with_pixels(
        digest=digest,
        colour=mean_colour(image),
        origin=origin,
        decoration=classify_decoration(image, picture.placement),
    )
    return CutResult(
        cut_picture=CutPicture(document=document, image=image, digest=digest), warnings=tuple(cropper.take_warnings())
    )


def find_equal_pictures(pictures: Sequence[CutPicture], stored_encodings: StoredEncodings) -> list[CutPicture]:
    """Return the pictures with what is stored of pictures with the same pixels, in whatever book."""
    digests = [picture.digest for picture in pictures if picture.image]
    stored_by_digest = stored_encodings.by_digest(digests) if digests else {}
    return [
        replace(picture, stored=stored_by_digest.get(picture.digest, NOTHING_STORED)) if picture.image else picture
        for picture in pictures
    ]


def encode(pictures: Sequence[CutPicture], encoders: DocumentEncoders) -> list[HybridDocument]:
    """Return the documents with vectors and features; what is stored is not made again."""
    return encoders.encode(
        [picture.image for picture in pictures],
        [picture.document for picture in pictures],
        [picture.stored for picture in pictures],
    )


def image_digest(image: Image) -> str:
    """Return a checksum of the pixels and the size of an image."""
    header = f"{image.mode} {image.width} {image.height} ".encode()
    return hashlib.sha256(header + image.tobytes()).hexdigest()[:32]


def image_origin(scan_signature: str, picture: Picture) -> str:
    """Return a checksum of all that decides the pixels of a picture and whether it is decoration."""
    leaf = picture.leaf
    place = [scan_signature, leaf.frame, leaf.is_upright, leaf.selection.rotation, repr(picture.placement)]
    return hashlib.sha256(json.dumps([*place, DECORATION_VERSION]).encode(errors="surrogatepass")).hexdigest()[:32]
