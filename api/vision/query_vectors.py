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
from api.elasticsearch.gateway import Answer, Engine, Index
from api.errors import BadQuestion, NoModel
from api.search.image_terms import Region, Term, parse
from api.search.request import Question
from api.vision.query_encoders import Contract, Models
from api.vision.remote_images import RemotePictures
from api.vision.uploads import read_crop, read_picture
from api.vision.vector_codec import Packed, pack, stamp, unpack
from core import image_api
from core.settings import Settings

VECTORS_KEPT, VECTOR_SECONDS = 256, 60.0
"""Pictures asked about lately, 12 kB a model each; a book that is indexed anew counts after a minute."""
PICTURES_AT_ONCE = 2
"""Pictures that are decoded at the same time: a large one takes some 800 MB of memory."""
MOST = 50
"""Pictures of one question."""
MOST_OPENED = 8
"""Those of them that are fetched or cut, and then encoded: a second each."""
CANCELLED = 1e-3
"""Length of a sum, in lengths of its parts, below which it points nowhere: a packed vector is off by .01."""

VectorsByModel = Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureQuery:
    """What the pictures of a question ask for."""

    vectors: VectorsByModel = field(default_factory=dict)
    shown: tuple[str, ...] = ()
    """Ids of whole pictures of the index that were asked with: they are no results."""
    only_less: bool = False
    """No picture counts for: the vectors can reorder what words find, and find nothing themselves."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """One picture of a question and where it is asked."""

    term: Term
    index: Index
    models: tuple[str, ...]


class QueryVectors:
    """Finds, opens and encodes the pictures that a question names."""

    def __init__(self, engine: Engine, models: Models, remote: RemotePictures, settings: Settings) -> None:
        self._engine, self._models, self._remote, self._settings = engine, models, remote, settings
        self._opening = CapacityLimiter(PICTURES_AT_ONCE)
        self._kept: TTLCache[tuple[str, Term, tuple[str, ...]], VectorsByModel] = TTLCache(VECTORS_KEPT, VECTOR_SECONDS)

    async def of(self, question: Question, index: Index, models: Sequence[str], *, has_words: bool) -> PictureQuery:
        """The question's `like`, `image` and `vector` together; a picture counts in those models that have seen it."""
        likes, images = [*map(parse, question.like)], [*map(parse, question.image)]
        vectors = [*map(parse, question.vector)]
        terms = [*likes, *images, *vectors]
        if not terms:
            return PictureQuery()
        _not_too_many(len(terms), len(images) + sum(each.region is not None for each in likes))
        only_less = all(each.weight < 0 for each in terms)
        if only_less and not has_words:
            raise BadQuestion(
                "Pictures to find less like choose among what something else finds: "
                "add words, or a picture without a minus."
            )
        parts: list[tuple[float, VectorsByModel]] = []
        for several, find in ((likes, self._of_like), (images, self._of_image), (vectors, _of_vector)):
            for term in several:
                found = await self._found(find, _Asked(term, index, tuple(models)))
                parts.append((term.weight, found))
        shown = tuple(dict.fromkeys(each.value for each in likes if each.region is None))
        return PictureQuery(vectors=blend(parts), shown=shown, only_less=only_less)

    async def pack(self, data: bytes, term: Term, index: Index, models: Sequence[str]) -> str:
        """An uploaded file as the value of a `vector` parameter, with the term's weight; its region is cut out."""
        able = self._able(models)
        image = await self._decoded(partial(read_picture, data, self._settings, term.region))
        vectors = await self._models.encode_image(image, able)
        packed = {name: Packed(stamp(index.contracts[name]), vector) for name, vector in vectors.items()}
        return str(Term(pack(packed), term.weight))

    async def _found(self, find: Callable[[_Asked], Awaitable[VectorsByModel]], asked: _Asked) -> VectorsByModel:
        found = await find(asked)
        if chosen := {name: found[name] for name in asked.models if name in found}:
            return chosen
        models = " or ".join(asked.models) or "any model"
        raise BadQuestion(f"The picture “{asked.term.value[:80]}” has no vector of {models}: choose another model.")

    async def _of_like(self, asked: _Asked) -> VectorsByModel:
        """A whole picture needs no model here, only the vectors that it has in the index."""
        return await self._remembered(asked, self._indexed if asked.term.region is None else self._cut)

    async def _of_image(self, asked: _Asked) -> VectorsByModel:
        return await self._remembered(asked, self._fetched)

    async def _remembered(self, asked: _Asked, find: Callable[[_Asked], Awaitable[VectorsByModel]]) -> VectorsByModel:
        """Paging and narrowing ask for the same pictures again, perhaps with other weights."""
        key = asked.index.name, Term(asked.term.value, 1.0, asked.term.region), asked.models
        if (kept := self._kept.get(key)) is None:
            kept = self._kept[key] = await find(asked)
        return kept

    async def _indexed(self, asked: _Asked) -> VectorsByModel:
        picture = asked.term.value
        return hits.vectors(await self._engine.only(queries.vectors_of(picture), picture, asked.index.name))

    async def _cut(self, asked: _Asked) -> VectorsByModel:
        picture, region = asked.term.value, asked.term.region or Region(0, 0, 100, 100, percent=True)
        able = self._able(asked.models)
        source = (await self._engine.only(queries.picture(picture), picture, asked.index.name))["_source"]
        if file := _local(source, self._settings.crops):
            return await self._seen(partial(read_crop, file, self._settings, region, _size(source)), able)
        return await self._opened(*_on_server(source, region), able)

    async def _fetched(self, asked: _Asked) -> VectorsByModel:
        return await self._opened(asked.term.value, asked.term.region, self._able(asked.models))

    async def _opened(self, url: str, region: Region | None, models: list[str]) -> VectorsByModel:
        data, left = await self._remote.fetch(url, region)
        return await self._seen(partial(read_picture, data, self._settings, left), models)

    async def _seen(self, read: Callable[[], Image], models: list[str]) -> VectorsByModel:
        vectors = await self._models.encode_image(await self._decoded(read), models)
        return {name: vector.tolist() for name, vector in vectors.items()}

    async def _decoded(self, read: Callable[[], Image]) -> Image:
        return await to_thread.run_sync(read, limiter=self._opening)

    def _able(self, models: Sequence[str]) -> list[str]:
        if able := [name for name in models if name in self._models.usable]:
            return able
        raise NoModel("No vision model can be asked here, so a new picture finds nothing; words still do.")


def blend(parts: Sequence[tuple[float, VectorsByModel]]) -> dict[str, list[float]]:
    """Weights and unit vectors → one unit vector per model.

    A model that has seen only what counts against is left out where another has seen what counts for.
    """
    wanted = {name for weight, vectors in parts for name in vectors if weight > 0}
    names = wanted or {name for _, vectors in parts for name in vectors}
    return {
        name: _sum([(weight, vectors[name]) for weight, vectors in parts if name in vectors]) for name in sorted(names)
    }


def _sum(parts: Sequence[tuple[float, Sequence[float]]]) -> list[float]:
    weights = np.array([weight for weight, _ in parts])
    total = weights @ np.array([vector for _, vector in parts])
    length = float(np.linalg.norm(total))
    if length <= CANCELLED * np.abs(weights).sum():
        raise BadQuestion("These pictures cancel each other out: leave one of them out, or change its weight.")
    unit: list[float] = (total / length).tolist()
    return unit


async def _of_vector(asked: _Asked) -> VectorsByModel:
    """The address's vectors of models that the index still has."""
    found = {
        name: part.vector.tolist()
        for name, part in unpack(asked.term.value).items()
        if _current(part, asked.index.contracts.get(name))
    }
    if not found:
        raise BadQuestion("The picture in this address was seen by models that are no longer used: upload it again.")
    return found


def _current(part: Packed, contract: Contract | None) -> bool:
    return contract is not None and part.stamp == stamp(contract) and len(part.vector) == contract["dimensions"]


def _not_too_many(terms: int, opened: int) -> None:
    if terms > MOST:
        raise BadQuestion(f"A question takes {MOST} pictures at most: leave some out.")
    if opened > MOST_OPENED:
        raise BadQuestion(f"A question takes {MOST_OPENED} addresses and regions at most: leave some out.")


def _size(source: Answer) -> tuple[int, int]:
    return source["box"]["width"], source["box"]["height"]


def _local(source: Answer, crops: Path) -> Path | None:
    """The largest copy of a picture that lies on this machine."""
    names = [name for size in ("large", "crop") if (name := source.get("image", {}).get(size))]
    return next((file for name in names if (file := crops / name).is_file()), None)


def _on_server(source: Answer, region: Region) -> tuple[str, Region]:
    """The image service that has the picture's page, and the region of the picture on it."""
    service = image_api.service_of(source.get("image", {}).get("region", ""))
    if service is None:
        raise BadQuestion("No region of that picture can be asked for: its file is not on this machine.")
    box, part = source["box"], region.on(_size(source))
    return image_api.info_url(service), Region(box["x"] + part.x, box["y"] + part.y, part.width, part.height)
