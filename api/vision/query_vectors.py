"""The pictures of a question → one vector per model.

Rocchio's sum: each picture's unit vector times its weight, added and brought to unit length again (J. J. Rocchio,
“Relevance feedback in information retrieval”, 1971; Manning, Raghavan and Schütze, “Introduction to Information
Retrieval”, section 9.1.1). There the weights are constants for what a reader marked; here the reader gives them.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from anyio import CapacityLimiter, to_thread
from cachetools import TTLCache
from PIL.Image import Image

from api.elasticsearch import hits, queries
from api.elasticsearch.gateway import PictureIndex, SearchGateway, SearchResponse
from api.errors import InvalidRequest, ModelUnavailable
from api.search.image_terms import ImageRegion, ImageTerm, parse_image_term
from api.search.request import SearchRequest
from api.vision.query_encoders import QueryEncoders
from api.vision.remote_images import RemoteImages
from api.vision.uploads import read_image, read_region
from api.vision.vector_codec import PackedVector, model_stamp, pack_vectors, unpack_vectors
from core import image_api
from core.encoders.fingerprint import ModelFingerprint
from core.settings import Settings

MAX_CACHED_VECTORS, VECTOR_CACHE_SECONDS = 256, 60.0
"""Pictures asked about lately, 12 kB a model each; a book that is indexed anew counts after a minute."""
MAX_CONCURRENT_DECODES = 2
"""Pictures that are decoded at the same time: a large one takes some 800 MB of memory."""
MAX_IMAGE_TERMS = 50
"""Pictures of one question."""
MAX_OPENED_IMAGES = 8
"""Those of them that are fetched or cut, and then encoded: a second each."""
MIN_RELATIVE_LENGTH = 1e-3
"""Length of a sum, in lengths of its parts, below which it points nowhere: a packed vector is off by .01."""

VectorsByModel = Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorQuery:
    """What the pictures of a question ask for."""

    vectors: VectorsByModel = field(default_factory=dict)
    excluded_ids: tuple[str, ...] = ()
    """Ids of whole pictures of the index that were asked with: they are no results."""
    only_negative: bool = False
    """No picture counts for: the vectors can reorder what words find, and find nothing themselves."""


@dataclass(frozen=True, slots=True)
class _ImageLookup:
    """One picture of a question and where it is asked."""

    term: ImageTerm
    picture_index: PictureIndex
    model_names: tuple[str, ...]


class VectorQueryBuilder:
    """Finds, opens and encodes the pictures that a question names."""

    def __init__(
        self, gateway: SearchGateway, query_encoders: QueryEncoders, remote_images: RemoteImages, settings: Settings
    ) -> None:
        self._gateway, self._query_encoders, self._remote_images, self._settings = (
            gateway,
            query_encoders,
            remote_images,
            settings,
        )
        self._decode_limiter = CapacityLimiter(MAX_CONCURRENT_DECODES)
        self._cache: TTLCache[tuple[str, ImageTerm, tuple[str, ...]], VectorsByModel] = TTLCache(
            MAX_CACHED_VECTORS, VECTOR_CACHE_SECONDS
        )

    async def build_query(
        self, search_request: SearchRequest, picture_index: PictureIndex, model_names: Sequence[str], *, has_words: bool
    ) -> VectorQuery:
        """The question's `like`, `image` and `vector` together; a picture counts in those models that have seen it."""
        like_terms, url_terms = (
            [*map(parse_image_term, search_request.like)],
            [*map(parse_image_term, search_request.image)],
        )
        vector_terms = [*map(parse_image_term, search_request.vector)]
        image_terms = [*like_terms, *url_terms, *vector_terms]
        if not image_terms:
            return VectorQuery()
        _check_limits(
            len(image_terms), len(url_terms) + sum(image_term.region is not None for image_term in like_terms)
        )
        only_negative = all(image_term.weight < 0 for image_term in image_terms)
        if only_negative and not has_words:
            raise InvalidRequest(
                "Pictures to find less like choose among what something else finds: "
                "add words, or a picture without a minus."
            )
        weighted_vectors: list[tuple[float, VectorsByModel]] = []
        for same_kind_terms, find_vectors in (
            (like_terms, self._find_by_id),
            (url_terms, self._find_by_url),
            (vector_terms, _find_in_parameter),
        ):
            for term in same_kind_terms:
                term_vectors = await self._find_usable_vectors(
                    find_vectors, _ImageLookup(term, picture_index, tuple(model_names))
                )
                weighted_vectors.append((term.weight, term_vectors))
        excluded_ids = tuple(dict.fromkeys(image_term.value for image_term in like_terms if image_term.region is None))
        return VectorQuery(vectors=blend(weighted_vectors), excluded_ids=excluded_ids, only_negative=only_negative)

    async def encode_upload(
        self, data: bytes, image_term: ImageTerm, picture_index: PictureIndex, model_names: Sequence[str]
    ) -> str:
        """An uploaded file as the value of a `vector` parameter, with the term's weight; its region is cut out."""
        usable_models = self._select_usable(model_names)
        image = await self._decode(partial(read_image, data, self._settings, image_term.region))
        vectors = await self._query_encoders.encode_image(image, usable_models)
        packed_vectors = {
            name: PackedVector(model_stamp(picture_index.fingerprints[name].identity), vector)
            for name, vector in vectors.items()
        }
        return str(ImageTerm(pack_vectors(packed_vectors), image_term.weight))

    async def _find_usable_vectors(
        self, find_vectors: Callable[[_ImageLookup], Awaitable[VectorsByModel]], lookup: _ImageLookup
    ) -> VectorsByModel:
        vectors = await find_vectors(lookup)
        if usable_vectors := {name: vectors[name] for name in lookup.model_names if name in vectors}:
            return usable_vectors
        names = " or ".join(lookup.model_names) or "any model"
        raise InvalidRequest(f"The picture “{lookup.term.value[:80]}” has no vector of {names}: choose another model.")

    async def _find_by_id(self, lookup: _ImageLookup) -> VectorsByModel:
        """A whole picture needs no model here, only the vectors that it has in the index."""
        return await self._find_cached(
            lookup, self._read_indexed if lookup.term.region is None else self._encode_region
        )

    async def _find_by_url(self, lookup: _ImageLookup) -> VectorsByModel:
        return await self._find_cached(lookup, self._encode_url)

    async def _find_cached(
        self, lookup: _ImageLookup, find_vectors: Callable[[_ImageLookup], Awaitable[VectorsByModel]]
    ) -> VectorsByModel:
        """Paging and narrowing ask for the same pictures again, perhaps with other weights."""
        key = lookup.picture_index.name, ImageTerm(lookup.term.value, 1.0, lookup.term.region), lookup.model_names
        if (vectors := self._cache.get(key)) is None:
            vectors = self._cache[key] = await find_vectors(lookup)
        return vectors

    async def _read_indexed(self, lookup: _ImageLookup) -> VectorsByModel:
        picture_id = lookup.term.value
        return hits.read_vectors(
            await self._gateway.get_one(queries.vectors_query(picture_id), picture_id, lookup.picture_index.name)
        )

    async def _encode_region(self, lookup: _ImageLookup) -> VectorsByModel:
        picture_id, region = lookup.term.value, lookup.term.region or ImageRegion(0, 0, 100, 100, percent=True)
        usable_models = self._select_usable(lookup.model_names)
        source = (
            await self._gateway.get_one(queries.picture_query(picture_id), picture_id, lookup.picture_index.name)
        )["_source"]
        if file := _local_file(source, self._settings.crops_folder):
            return await self._encode(
                partial(read_region, file, self._settings, region, _picture_size(source)), usable_models
            )
        return await self._fetch_and_encode(*_region_on_server(source, region), usable_models)

    async def _encode_url(self, lookup: _ImageLookup) -> VectorsByModel:
        return await self._fetch_and_encode(
            lookup.term.value, lookup.term.region, self._select_usable(lookup.model_names)
        )

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
        raise ModelUnavailable("No vision model can be asked here, so a new picture finds nothing; words still do.")


def blend(weighted_vectors: Sequence[tuple[float, VectorsByModel]]) -> dict[str, list[float]]:
    """Weights and unit vectors → one unit vector per model.

    A model that has seen only what counts against is left out where another has seen what counts for.
    """
    positive_models = {name for weight, vectors in weighted_vectors for name in vectors if weight > 0}
    model_names = positive_models or {name for _, vectors in weighted_vectors for name in vectors}
    return {
        name: _blend_vectors([(weight, vectors[name]) for weight, vectors in weighted_vectors if name in vectors])
        for name in sorted(model_names)
    }


def _blend_vectors(weighted_vectors: Sequence[tuple[float, Sequence[float]]]) -> list[float]:
    weights = np.array([weight for weight, _ in weighted_vectors])
    total = weights @ np.array([vector for _, vector in weighted_vectors])
    length = float(np.linalg.norm(total))
    if length <= MIN_RELATIVE_LENGTH * np.abs(weights).sum():
        raise InvalidRequest("These pictures cancel each other out: leave one of them out, or change its weight.")
    unit_vector: list[float] = (total / length).tolist()
    return unit_vector


async def _find_in_parameter(lookup: _ImageLookup) -> VectorsByModel:
    """The address's vectors of models that the index still has."""
    vectors = {
        name: packed_vector.vector.tolist()
        for name, packed_vector in unpack_vectors(lookup.term.value).items()
        if _is_current(packed_vector, lookup.picture_index.fingerprints.get(name))
    }
    if not vectors:
        raise InvalidRequest("The picture in this address was seen by models that are no longer used: upload it again.")
    return vectors


def _is_current(packed_vector: PackedVector, fingerprint: ModelFingerprint | None) -> bool:
    return (
        fingerprint is not None
        and packed_vector.stamp == model_stamp(fingerprint.identity)
        and len(packed_vector.vector) == fingerprint.dimensions
    )


def _check_limits(term_count: int, opened_count: int) -> None:
    if term_count > MAX_IMAGE_TERMS:
        raise InvalidRequest(f"A question takes {MAX_IMAGE_TERMS} pictures at most: leave some out.")
    if opened_count > MAX_OPENED_IMAGES:
        raise InvalidRequest(f"A question takes {MAX_OPENED_IMAGES} addresses and regions at most: leave some out.")


def _picture_size(source: SearchResponse) -> tuple[int, int]:
    return source["box"]["width"], source["box"]["height"]


def _local_file(source: SearchResponse, crops: Path) -> Path | None:
    """The largest copy of a picture that lies on this machine."""
    names = [name for size in ("large", "crop") if (name := source.get("image", {}).get(size))]
    return next((file for name in names if (file := crops / name).is_file()), None)


def _region_on_server(source: SearchResponse, region: ImageRegion) -> tuple[str, ImageRegion]:
    """The image service that has the picture's page, and the region of the picture on it."""
    service = image_api.service_base_uri(source.get("image", {}).get("region", ""))
    if service is None:
        raise InvalidRequest("No region of that picture can be asked for: its file is not on this machine.")
    box, region_box = source["box"], region.to_pixels(_picture_size(source))
    return image_api.info_url(service), ImageRegion(
        box["x"] + region_box.x, box["y"] + region_box.y, region_box.width, region_box.height
    )
