"""The pictures of a search request → one vector per model."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from anyio import CapacityLimiter, to_thread
from cachetools import TTLCache
from PIL.Image import Image

from api.elasticsearch.gateway import PictureIndex, SearchGateway
from api.errors import InvalidRequest, ModelUnavailable
from api.records import NamedPicture, PictureFiles
from api.responses import Hit
from api.search.image_terms import ImageRegion, ImageTerm, ImageTerms
from api.search.request import SearchRequest
from api.vision.named_pictures import NamedPictures
from api.vision.query_encoders import QueryEncoders
from api.vision.remote_images import RemoteImages
from api.vision.uploads import read_image, read_region
from api.vision.vector_blending import VectorsByModel, blend
from api.vision.vector_codec import PackedVector, model_stamp, pack_vectors, unpack_vectors
from core import image_api
from core.encoders.fingerprint import ModelFingerprint
from core.settings import Settings

MAX_CACHED_VECTORS, VECTOR_CACHE_SECONDS = 256, 60.0
"""Encoded regions and remote images, some 12 kB per model."""
MAX_CONCURRENT_DECODES = 2
"""Pictures that are decoded at the same time; a large one takes some 800 MB of memory."""
MAX_IMAGE_TERMS = 50
MAX_OPENED_IMAGES = 8
"""Image terms whose pixels are fetched or cropped and then encoded; each takes about a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorQuery:
    """What the pictures of a request ask for."""

    vectors: VectorsByModel = field(default_factory=dict)
    excluded_ids: tuple[str, ...] = ()
    """Ids of whole pictures of the index in the request: they are not results."""
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
        self, gateway: SearchGateway, query_encoders: QueryEncoders, remote_images: RemoteImages, settings: Settings
    ) -> None:
        self._query_encoders, self._remote_images, self._settings = query_encoders, remote_images, settings
        self._named_pictures = NamedPictures(gateway)
        self._decode_limiter = CapacityLimiter(MAX_CONCURRENT_DECODES)
        self._cache: TTLCache[_CacheKey, VectorsByModel] = TTLCache(MAX_CACHED_VECTORS, VECTOR_CACHE_SECONDS)

    async def build_query(
        self, search_request: SearchRequest, picture_index: PictureIndex, model_names: Sequence[str]
    ) -> VectorQuery:
        """Return the blended vectors of the request's image terms; a picture counts in the models that it has."""
        image_terms = search_request.image_terms
        if not image_terms.all:
            return VectorQuery()
        only_negative = all(image_term.weight < 0 for image_term in image_terms.all)
        _check_limits(image_terms)
        if only_negative and not search_request.query_terms.should:
            raise InvalidRequest(
                "A search needs something to match besides pictures with a negative weight: "
                "add words, or a picture with a positive weight."
            )
        target = _VectorTarget(picture_index, tuple(model_names))
        pictures = await self._named_pictures.fetch([term.value for term in image_terms.like], picture_index.name)
        weighted_vectors = [
            *[(term.weight, await self._find_indexed(term, pictures[term.value], target)) for term in image_terms.like],
            *[(term.weight, await self._encode_url(term, target)) for term in image_terms.image],
            *[(term.weight, _unpack_term(term, target)) for term in image_terms.vector],
        ]
        return VectorQuery(
            vectors=blend(weighted_vectors),
            excluded_ids=tuple(dict.fromkeys(term.value for term in image_terms.like if term.region is None)),
            only_negative=only_negative,
            hits={picture_id: picture.hit for picture_id, picture in pictures.items()},
        )

    async def encode_upload(
        self, data: bytes, image_term: ImageTerm, picture_index: PictureIndex, model_names: Sequence[str]
    ) -> str:
        """Return an uploaded file as a value of the parameter `vector`: the region of the term, with its weight."""
        usable_models = self._select_usable(model_names)
        image = await self._decode(partial(read_image, data, self._settings, image_term.region))
        vectors = await self._query_encoders.encode_image(image, usable_models)
        packed_vectors = {
            name: PackedVector(model_stamp(picture_index.fingerprints[name].identity), vector)
            for name, vector in vectors.items()
        }
        return str(ImageTerm(pack_vectors(packed_vectors), image_term.weight))

    async def _find_indexed(self, term: ImageTerm, picture: NamedPicture, target: _VectorTarget) -> VectorsByModel:
        """Return the vectors that the index has of a whole picture; a region of it is encoded."""
        vectors = picture.vectors if term.region is None else await self._encode_region(term, picture.files, target)
        return _select_vectors(term, vectors, target)

    async def _encode_region(self, term: ImageTerm, files: PictureFiles, target: _VectorTarget) -> VectorsByModel:
        region = term.region or ImageRegion(0, 0, 100, 100, percent=True)
        if (vectors := self._cache.get(_cache_key(term, target))) is None:
            usable_models = self._select_usable(target.model_names)
            if file := _find_local_file(files, self._settings.crops_folder):
                full_size = files.box.width, files.box.height
                open_image = partial(read_region, file, self._settings, region, full_size)
                vectors = await self._encode(open_image, usable_models)
            else:
                vectors = await self._fetch_and_encode(*_region_on_server(files, region), usable_models)
            self._cache[_cache_key(term, target)] = vectors
        return vectors

    async def _encode_url(self, term: ImageTerm, target: _VectorTarget) -> VectorsByModel:
        if (vectors := self._cache.get(_cache_key(term, target))) is None:
            usable_models = self._select_usable(target.model_names)
            vectors = await self._fetch_and_encode(term.value, term.region, usable_models)
            self._cache[_cache_key(term, target)] = vectors
        return _select_vectors(term, vectors, target)

    async def _fetch_and_encode(self, url: str, region: ImageRegion | None, model_names: list[str]) -> VectorsByModel:
        data, remaining_region = await self._remote_images.fetch(url, region)
        return await self._encode(partial(read_image, data, self._settings, remaining_region), model_names)

    async def _encode(self, open_image: Callable[[], Image], model_names: list[str]) -> VectorsByModel:
        vectors = await self._query_encoders.encode_image(await self._decode(open_image), model_names)
        return {name: vector.tolist() for name, vector in vectors.items()}

    async def _decode(self, open_image: Callable[[], Image]) -> Image:
        return await to_thread.run_sync(open_image, limiter=self._decode_limiter)

    def _select_usable(self, model_names: Sequence[str]) -> list[str]:
        if usable_models := [name for name in model_names if name in self._query_encoders.usable_models]:
            return usable_models
        raise ModelUnavailable(
            "No vision model is available, so new pictures cannot be searched with. Search by words instead."
        )


def _cache_key(term: ImageTerm, target: _VectorTarget) -> _CacheKey:
    """Return a key without the weight: another page or weight reuses the vectors."""
    return ImageTerm(term.value, 1.0, term.region), target.picture_index.name, target.model_names


def _select_vectors(term: ImageTerm, vectors: VectorsByModel, target: _VectorTarget) -> VectorsByModel:
    """Return the vectors of the requested models; raise `InvalidRequest` if there are none."""
    if selected_vectors := {name: vectors[name] for name in target.model_names if name in vectors}:
        return selected_vectors
    names = " or ".join(target.model_names) or "any model"
    raise InvalidRequest(f"The picture “{term.value[:80]}” has no vector of {names}. Choose another model.")


def _unpack_term(term: ImageTerm, target: _VectorTarget) -> VectorsByModel:
    """Return the packed vectors of models that the index still has."""
    vectors = {
        name: packed_vector.vector.tolist()
        for name, packed_vector in unpack_vectors(term.value).items()
        if _is_current(packed_vector, target.picture_index.fingerprints.get(name))
    }
    if not vectors:
        raise InvalidRequest("The parameter `vector` is from models that are no longer used. Upload the picture again.")
    return _select_vectors(term, vectors, target)


def _is_current(packed_vector: PackedVector, fingerprint: ModelFingerprint | None) -> bool:
    return (
        fingerprint is not None
        and packed_vector.stamp == model_stamp(fingerprint.identity)
        and len(packed_vector.vector) == fingerprint.dimensions
    )


def _check_limits(image_terms: ImageTerms) -> None:
    opened_count = len(image_terms.image) + sum(term.region is not None for term in image_terms.like)
    if len(image_terms.all) > MAX_IMAGE_TERMS:
        raise InvalidRequest(f"A search takes at most {MAX_IMAGE_TERMS} pictures. Leave some out.")
    if opened_count > MAX_OPENED_IMAGES:
        raise InvalidRequest(f"A search takes at most {MAX_OPENED_IMAGES} picture URLs and regions. Leave some out.")


def _find_local_file(files: PictureFiles, crops_folder: Path) -> Path | None:
    """Return the largest crop of a picture on this machine."""
    return next((file for name in files.crop_names if (file := crops_folder / name).is_file()), None)


def _region_on_server(files: PictureFiles, region: ImageRegion) -> tuple[str, ImageRegion]:
    """Return the image service that has the picture's page, and the region of the picture on that page."""
    service = image_api.service_base_uri(files.region_url)
    if service is None:
        raise InvalidRequest(
            "Regions of this picture cannot be searched with, because its file is missing. Use the whole picture."
        )
    region_box = region.to_pixels((files.box.width, files.box.height))
    return image_api.info_url(service), ImageRegion(
        files.box.x + region_box.x, files.box.y + region_box.y, region_box.width, region_box.height
    )
