"""Encode → build → ask → fuse → data: how a question is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from anyio import CapacityLimiter, to_thread
from cachetools import TTLCache

from api import fusion, queries, results, terms
from api.answers import Hit, SearchPage
from api.boosts import BOOSTS
from api.engine import Answer, Engine, Index
from api.errors import BadQuestion, NoIndex, NoModel
from api.fusion import Candidate, Weights
from api.models import Contract, Models
from api.question import Question
from api.syntax import WordQuery, parse
from api.uploads import read_picture
from api.vectors import Packed, pack, stamp, unpack
from api.words import clean
from indexer.settings import Settings

VECTORS_KEPT, VECTOR_SECONDS = 256, 60.0
"""Pictures asked about lately, 12 kB a model each; a book that is indexed anew counts after a minute."""

PICTURES_AT_ONCE = 2
"""Uploads that are decoded at the same time: a large one takes some 800 MB of memory."""

VectorsByModel = Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A question that has become a body."""

    body: queries.Body
    index: str
    vectors: VectorsByModel
    models: Mapping[str, float]
    """The models that are asked, and their weights."""
    knn_boosts: Mapping[str, float]


class Searcher:
    """Answers questions from one alias."""

    def __init__(self, engine: Engine, models: Models, settings: Settings) -> None:
        self._engine, self._models, self._settings = engine, models, settings
        self._opening = CapacityLimiter(PICTURES_AT_ONCE)
        self._kept: TTLCache[tuple[str, str], VectorsByModel] = TTLCache(VECTORS_KEPT, VECTOR_SECONDS)

    async def search(self, question: Question) -> SearchPage:
        """One `_search`: words and pictures together, narrowed, counted, highlighted."""
        if question.page * question.size > queries.WINDOW:
            raise BadQuestion(f"Only the first {queries.WINDOW:,} results can be paged to: narrow the search instead.")
        try:
            return await self._search(question)
        except NoIndex:
            self._engine.forget()
            return await self._search(question)

    async def _search(self, question: Question) -> SearchPage:
        prepared = await self.prepare(question)
        kept = replace(question, page=1).query_string()
        answer = await self._engine.ask(prepared.body, prepared.index, question=kept)
        if question.fused:
            answer = await self._fused(question, prepared, answer)
        return results.search_page(answer, question, models=list(prepared.models), knn_boosts=prepared.knn_boosts)

    async def prepare(self, question: Question) -> Prepared:
        """The body that a question asks, and of which indices."""
        index = await self._engine.index()
        asked = self._asked(question, index)
        words = parse(clean(question.words))
        vectors = await self._picture_vectors(question, index, list(asked))
        word_vectors = await self._words_seen(words, list(asked))
        models = {name: weight for name, weight in asked.items() if name in vectors or name in word_vectors}
        body = queries.hybrid_query(
            words,
            vectors,
            size=queries.CANDIDATES if question.windowed else question.size,
            offset=0 if question.windowed else question.shown.start,
            filters=queries.filters(question, without=question.like),
            word_vectors=word_vectors,
            models=models,
            match=question.match,
            balance=question.balance,
            sort=question.sort,
            counts=queries.facets(question),
        )
        return Prepared(
            body=queries.with_books(body) if question.group else body,
            index=self._engine.where(question.document, index.name),
            vectors=vectors,
            models=models,
            knn_boosts={
                clause["_name"]: clause["boost"] for clause in body.get("knn", []) if clause["_name"] in vectors
            },
        )

    async def _fused(self, question: Question, prepared: Prepared, answer: Answer) -> Answer:
        """The same answer, its hits in the order of the fusion."""
        hits = {raw["_id"]: raw for raw in answer["hits"]["hits"]}
        candidates = [results.candidate(raw, prepared.knn_boosts) for raw in hits.values()]
        if question.fusion == "convex":
            candidates = await self._filled(candidates, prepared)
        weights = Weights(
            balance=BOOSTS.balance if question.balance is None else question.balance, models=prepared.models
        )
        scores = fusion.FUSIONS[question.fusion](candidates, weights)
        ordered = [{**hits[each], "_score": scores[each]} for each in fusion.ranked(candidates, scores)]
        return {**answer, "hits": {**answer["hits"], "hits": ordered}}

    async def _filled(self, candidates: Sequence[Candidate], prepared: Prepared) -> list[Candidate]:
        """The candidates with what each model thinks of those, too, that are not among its nearest."""
        missing = {name: [each.id for each in candidates if name not in each.looks] for name in prepared.vectors}
        ids = sorted({each for several in missing.values() for each in several})
        if not ids:
            return list(candidates)
        answer = await self._engine.ask(queries.likenesses(prepared.vectors, ids), prepared.index)
        ones = dict.fromkeys(prepared.vectors, 1.0)
        found = {raw["_id"]: results.cosines(results.clause_scores(raw), ones) for raw in answer["hits"]["hits"]}
        return [replace(each, looks={**found.get(each.id, {}), **each.looks}) for each in candidates]

    async def _words_seen(self, words: WordQuery, models: Sequence[str]) -> VectorsByModel:
        """What the words look like, for the models that know words; signs of the syntax are none of theirs."""
        vectors = await self._models.encode_words(words.spoken, list(models)) if words.wanted else {}
        return {name: vector.tolist() for name, vector in vectors.items()}

    async def picture_asked(self, question: Question) -> Hit | None:
        """The first picture of the index that the question is about."""
        return (await self.picture(terms.parse(question.like[0]).value))[0] if question.like else None

    async def picture(self, picture_id: str) -> tuple[Hit, dict[str, Any]]:
        """A picture and its whole record, vectors left out."""
        raw = await self._engine.only(queries.picture(picture_id), picture_id)
        return results.hit(raw), dict(raw["_source"])

    async def upload(self, data: bytes, question: Question) -> Question:
        """The same question with the picture in it as vectors."""
        index = await self._engine.index()
        asked = [name for name in self._asked(question, index) if name in self._models.usable]
        if not asked:
            raise NoModel("No vision model can be asked here, so a picture finds nothing; words still do.")
        image = await to_thread.run_sync(read_picture, data, self._settings, limiter=self._opening)
        vectors = await self._models.encode_image(image, asked)
        packed = {name: Packed(stamp(index.contracts[name]), vector) for name, vector in vectors.items()}
        return replace(question, vector=(*question.vector, pack(packed)))

    def _asked(self, question: Question, index: Index) -> dict[str, float]:
        """The models that the question names, or all that filled the index, and their weights."""
        there = {name: BOOSTS.models.get(name, 1.0) for name in index.contracts}
        given = dict.fromkeys(question.model, 1.0)
        if unknown := [name for name in given if name not in there]:
            names = ", ".join(there) or "none"
            raise BadQuestion(f"There is no model “{unknown[0][:50]}” in this index. It has: {names}.")
        return {name: given[name] for name in there if name in given} or there

    async def _picture_vectors(self, question: Question, index: Index, asked: list[str]) -> VectorsByModel:
        """The picture's vectors; one that is in the index needs no model here, only its own vectors."""
        if not question.by_picture:
            return {}
        if question.like:
            found = await self._vectors_of(question.like[0], index)
        else:
            found = _unpacked(question.vector[0], index)
        chosen = {name: found[name] for name in asked if name in found}
        if not chosen:
            raise BadQuestion(
                f"That picture has no vector of {' or '.join(asked) or 'any model'}: choose another model."
            )
        return chosen

    async def _vectors_of(self, picture_id: str, index: Index) -> VectorsByModel:
        """Paging and narrowing ask for the same picture again."""
        key = index.name, picture_id
        if (kept := self._kept.get(key)) is None:
            kept = results.vectors(await self._engine.only(queries.vectors_of(picture_id), picture_id, index.name))
            self._kept[key] = kept
        return kept


def _unpacked(text: str, index: Index) -> VectorsByModel:
    """The address's vectors of models that the index still has."""
    found = {
        name: part.vector.tolist() for name, part in unpack(text).items() if _current(part, index.contracts.get(name))
    }
    if not found:
        raise BadQuestion("The picture in this address was seen by models that are no longer used: upload it again.")
    return found


def _current(part: Packed, contract: Contract | None) -> bool:
    return contract is not None and part.stamp == stamp(contract) and len(part.vector) == contract["dimensions"]
