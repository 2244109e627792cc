"""The pictures of a search request → one vector per model."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from cachetools import TTLCache
from PIL.Image import Image

from api.elasticsearch.gateway import PictureIndex, SearchGateway
from api.errors import InvalidRequest, ModelUnavailable, PictureNotFound
from api.monitoring.instruments import count_lookup
from api.records import NamedPicture, PictureFiles
from api.responses import Hit
from api.search.image_terms import ImageRegion, ImageTerm
from api.search.request import SearchRequest
from api.sentences import Sentence
from api.vision.decoding import READERS_PICTURES
from api.vision.named_pictures import NamedPictures
from api.vision.page_images import PageImages
from api.vision.picture_limits import check_picture_limits
from api.vision.picture_sources import find_crop, region_on_server
from api.vision.query_encoders import QueryEncoders
from api.vision.remote_images import RemoteImages
from api.vision.uploads import PictureReader
from api.vision.vector_blending import VectorsByModel, blend
from api.vision.vector_codec import PackedVector, model_stamp, pack_vectors, unpack_vectors
from api.work_queue import WorkQueue
from core.crop_stores import open_crop_store
from core.encoders.fingerprint import ModelFingerprint
from core.settings import Settings

MAX_CACHED_VECTORS, VECTOR_CACHE_SECONDS = 256, 60.0
"""Encoded regions and remote images, some 12 kB per model."""
MAX_WAITING_PICTURES, MAX_WAITING_SECONDS = 64, 20.0
"""Pictures that wait to be decoded and encoded, and how long; an upload that waits is on disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorQuery:
    """What the pictures of a request ask for."""

    vectors: VectorsByModel = field(default_factory=dict)
    excluded_ids: tuple[str, ...] = ()
    """Ids of pictures of the index in the request, whole or as regions: they are not results."""
    only_negative: bool = False
    """All weights are negative: the vectors reorder what the words find, and find nothing themselves."""
    hits: Mapping[str, Hit] = field(default_factory=dict)
    """Id → the picture of the index that the request names."""


@dataclass(frozen=True, slots=True)
class _VectorTarget:
    """The models whose vectors are needed, and the index that they search."""

    picture_index: PictureIndex
    model_names: tuple[str, ...]


_CacheKey = tuple[ImageTerm, str, tuple[str, ...]]


class VectorQueryBuilder:
    """Finds, opens and encodes the pictures that a search request names."""

    def __init__(
        self,
        gateway: SearchGateway,
        query_encoders: QueryEncoders,
        remote_images: RemoteImages,
        picture_reader: PictureReader,
        settings: Settings,
        *,
        page_images: PageImages | None = None,
    ) -> None:
        self._query_encoders, self._remote_images = query_encoders, remote_images
        self._crops = open_crop_store(settings)
        self._page_images = page_images
        self._named_pictures = NamedPictures(gateway)
        self._picture_reader = picture_reader
        # Decoding and encoding together, so that a text waits for few pictures where one model encodes both.
        self._picture_queue = WorkQueue(
            "pictures", READERS_PICTURES.processes, max_waiting=MAX_WAITING_PICTURES, wait_seconds=MAX_WAITING_SECONDS
        )
        self._cache: TTLCache[_CacheKey, VectorsByModel] = TTLCache(MAX_CACHED_VECTORS, VECTOR_CACHE_SECONDS)

    async def build_query(
        self, search_request: SearchRequest, picture_index: PictureIndex, model_names: Sequence[str]
    ) -> VectorQuery:
        """Return the blended vectors of the request's image terms; a picture counts in the models that it has."""
        image_terms = search_request.image_terms
        if not image_terms.all:
            return VectorQuery()
        only_negative = all(image_term.weight < 0 for image_term in image_terms.all)
        if only_negative and not search_request.query_terms.should:
            raise InvalidRequest(
                Sentence(
                    "A search needs something to match besides pictures with a negative weight: "
                    "add words, or a picture with a positive weight."
                )
            )
        target = _VectorTarget(picture_index, tuple(model_names))
        pictures = await self._named_pictures.fetch([term.value for term in image_terms.like], picture_index.name)
        check_picture_limits(image_terms, pictures)
        weighted_vectors = [
            *[(term.weight, await self._find_named(term, pictures, target)) for term in image_terms.like],
            *[(term.weight, await self._encode_url(term, target)) for term in image_terms.image],
            *[(term.weight, _unpack_term(term, target)) for term in image_terms.vector],
        ]
        return VectorQuery(
            vectors=blend(weighted_vectors),
            excluded_ids=tuple(dict.fromkeys(term.value for term in image_terms.like)),
            only_negative=only_negative,
            hits={picture_id: picture.hit for picture_id, picture in pictures.items()},
        )

    async def encode_upload(
        self,
        read_data: Callable[[], Awaitable[bytes]],
        image_term: ImageTerm,
        picture_index: PictureIndex,
        model_names: Sequence[str],
    ) -> str:
        """Return an uploaded file as a value of the parameter `vector`: the region of the term, with its weight."""
        usable_models = self._select_usable(model_names)
        async with self._picture_queue.slot():
            image = await self._picture_reader.read_upload(await read_data(), image_term.region)
            vectors = await self._query_encoders.encode_image(image, usable_models)
        packed_vectors = {
            name: PackedVector(model_stamp(picture_index.fingerprints[name].identity), vector)
            for name, vector in vectors.items()
        }
        return str(ImageTerm(pack_vectors(packed_vectors), image_term.weight))

    async def _find_named(
        self, term: ImageTerm, pictures: Mapping[str, NamedPicture], target: _VectorTarget
    ) -> VectorsByModel:
        """Return the vectors that the index has of a whole picture; a region of it, or a page, is encoded."""
        picture = pictures.get(term.value)
        if picture is None:
            vectors = await self._encode_once(term, target, partial(self._encode_page, term))
        elif term.region:
            encode = partial(self._encode_region, picture.files, term.region)
            vectors = await self._encode_once(term, target, encode)
        else:
            vectors = picture.vectors
        return _select_vectors(term, vectors, target)

    async def _encode_url(self, term: ImageTerm, target: _VectorTarget) -> VectorsByModel:
        encode = partial(self._fetch_and_encode, term.value, term.region)
        return _select_vectors(term, await self._encode_once(term, target, encode), target)

    async def _encode_once(
        self, term: ImageTerm, target: _VectorTarget, encode: Callable[[Sequence[str]], Awaitable[VectorsByModel]]
    ) -> VectorsByModel:
        vectors = self._cache.get(_cache_key(term, target))
        count_lookup("picture_vectors", is_hit=vectors is not None)
        if vectors is None:
            vectors = await encode(target.model_names)
            self._cache[_cache_key(term, target)] = vectors
        return vectors

    async def _encode_region(
        self, files: PictureFiles, region: ImageRegion, model_names: Sequence[str]
    ) -> VectorsByModel:
        if file := await asyncio.to_thread(find_crop, files, self._crops):
            full_size = files.box.width, files.box.height
            return await self._encode(self._picture_reader.read_region(file, region, full_size), model_names)
        return await self._fetch_and_encode(*region_on_server(files, region), model_names)

    async def _encode_page(self, term: ImageTerm, model_names: Sequence[str]) -> VectorsByModel:
        if self._page_images is None:
            raise PictureNotFound(term.value)
        data = await self._page_images.read(term.value, term.region)
        return await self._encode(self._picture_reader.read_upload(data), model_names)

    async def _fetch_and_encode(
        self, url: str, region: ImageRegion | None, model_names: Sequence[str]
    ) -> VectorsByModel:
        self._select_usable(model_names)  # before anything is fetched
        data, remaining_region = await self._remote_images.fetch(url, region)
        return await self._encode(self._picture_reader.read_upload(data, remaining_region), model_names)

    async def _encode(self, reading: Coroutine[Any, Any, Image], model_names: Sequence[str]) -> VectorsByModel:
        with closing(reading):  # it never begins if no model is usable or the queue is full
            usable_models = self._select_usable(model_names)
            async with self._picture_queue.slot():
                vectors = await self._query_encoders.encode_image(await reading, usable_models)
        return {name: vector.tolist() for name, vector in vectors.items()}

    def _select_usable(self, model_names: Sequence[str]) -> list[str]:
        if usable_models := [name for name in model_names if name in self._query_encoders.usable_models]:
            return usable_models
        raise ModelUnavailable(
            Sentence("No vision model is available, so new pictures cannot be searched with. Search by words instead.")
        )


def _cache_key(term: ImageTerm, target: _VectorTarget) -> _CacheKey:
    """Return a key without the weight: another page or weight reuses the vectors."""
    return ImageTerm(term.value, 1.0, term.region), target.picture_index.name, target.model_names


def _select_vectors(term: ImageTerm, vectors: VectorsByModel, target: _VectorTarget) -> VectorsByModel:
    """Return the vectors of the requested models; raise `InvalidRequest` if there are none."""
    if selected_vectors := {name: vectors[name] for name in target.model_names if name in vectors}:
        return selected_vectors
    names = " or ".join(target.model_names) or "any model"
    picture = term.value[:80]
    raise InvalidRequest(
        Sentence(
            "The picture “%(picture)s” has no vector of %(names)s. Choose another model.", picture=picture, names=names
        )
    )


def _unpack_term(term: ImageTerm, target: _VectorTarget) -> VectorsByModel:
    """Return the packed vectors of models that the index still has."""
    vectors = {
        name: packed_vector.vector.tolist()
        for name, packed_vector in unpack_vectors(term.value).items()
        if _is_current(packed_vector, target.picture_index.fingerprints.get(name))
    }
    if not vectors:
        raise InvalidRequest(
            Sentence("The parameter `vector` is from models that are no longer used. Upload the picture again.")
        )
    return _select_vectors(term, vectors, target)


def _is_current(packed_vector: PackedVector, fingerprint: ModelFingerprint | None) -> bool:
    return (
        fingerprint is not None
        and packed_vector.stamp == model_stamp(fingerprint.identity)
        and len(packed_vector.vector) == fingerprint.dimensions
    )
