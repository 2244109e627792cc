"""Encode → build → ask → fuse → data: how a question is answered."""

from asyncio import gather
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from api.elasticsearch import hits as results
from api.elasticsearch import queries
from api.elasticsearch.gateway import Answer, Engine, Index
from api.errors import BadQuestion, NoIndex
from api.responses import AskedPicture, Hit, SearchPage
from api.search import fusion, image_terms
from api.search.boosts import BOOSTS, Boosts
from api.search.filter_counts import FilterCounts
from api.search.fusion import Candidate, Weights
from api.search.image_terms import Term
from api.search.query_syntax import WordQuery, parse
from api.search.query_text import clean
from api.search.request import Question
from api.search.suggestions import suggestion
from api.vision.query_encoders import Models
from api.vision.query_vectors import QueryVectors, VectorsByModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A question that has become a body."""

    words: WordQuery
    body: queries.Body
    index: str
    vectors: VectorsByModel
    models: Mapping[str, float]
    """The models that are asked, and their weights."""
    knn_boosts: Mapping[str, float]


class Searcher:
    """Answers questions from one alias."""

    def __init__(self, engine: Engine, models: Models, pictures: QueryVectors, boosts: Boosts = BOOSTS) -> None:
        self._engine, self._models, self._pictures, self._boosts = engine, models, pictures, boosts
        self._counts = FilterCounts(engine)

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
        found, counts = await gather(
            self._engine.ask(prepared.body, prepared.index, question=kept), self._counts.of(question, prepared.index)
        )
        answer: Answer = {**found, "aggregations": {**found["aggregations"], **counts}}
        if question.fused:
            answer = await self._fused(question, prepared, answer)
        page = results.search_page(answer, question, models=list(prepared.models), knn_boosts=prepared.knn_boosts)
        return replace(page, suggestion=suggestion(prepared.words, answer))

    async def prepare(self, question: Question) -> Prepared:
        """The body that a question asks, and of which indices."""
        index = await self._engine.index()
        asked = self._asked(question, index)
        words = parse(clean(question.words))
        pictures = await self._pictures.of(question, index, list(asked), has_words=bool(words.wanted))
        word_vectors = await self._words_seen(words, list(asked))
        seen = {*pictures.vectors, *word_vectors}
        models = {name: weight for name, weight in asked.items() if name in seen}
        body = queries.hybrid_query(
            words,
            pictures.vectors,
            size=queries.CANDIDATES if question.windowed else question.size,
            offset=0 if question.windowed else question.shown.start,
            filters=queries.filters(question, without=pictures.shown),
            word_vectors=word_vectors,
            models=models,
            match=question.match,
            balance=question.balance,
            sort=question.sort,
            only_less=pictures.only_less,
            counts=queries.facets(question),
            # Who chose a kind of picture wants it.
            boosts=replace(self._boosts, labels={}) if question.label else self._boosts,
        )
        return Prepared(
            words=words,
            body=queries.with_books(body) if question.group else body,
            index=self._engine.where(question.document, index.name),
            vectors=pictures.vectors,
            models=models,
            knn_boosts={
                clause["_name"]: clause["boost"]
                for clause in body.get("knn", [])
                if clause["_name"] in pictures.vectors
            },
        )

    async def _fused(self, question: Question, prepared: Prepared, answer: Answer) -> Answer:
        """The same answer, its hits in the order of the fusion."""
        hits = {results.key(raw): raw for raw in answer["hits"]["hits"]}
        candidates = [results.candidate(raw, prepared.knn_boosts) for raw in hits.values()]
        if question.fusion == "convex":
            candidates = await self._filled(candidates, prepared, answer)
        weights = Weights(
            balance=self._boosts.balance if question.balance is None else question.balance, models=prepared.models
        )
        scores = fusion.FUSIONS[question.fusion](candidates, weights)
        ordered = [{**hits[each], "_score": scores[each]} for each in fusion.ranked(candidates, scores)]
        return {**answer, "hits": {**answer["hits"], "hits": ordered}}

    async def _filled(self, candidates: list[Candidate], prepared: Prepared, answer: Answer) -> list[Candidate]:
        """The candidates with what each model thinks of those, too, that are not among its nearest."""
        keys = {
            results.key(raw): str(raw["_id"])
            for raw in answer["hits"]["hits"]
            if raw["_source"].get("document") == "picture"
        }
        unseen = {each.id for each in candidates if prepared.vectors.keys() - each.looks.keys()}
        if not (ids := [keys[each] for each in sorted(unseen & keys.keys())]):
            return candidates
        likenesses = await self._engine.ask(queries.likenesses(prepared.vectors, ids), prepared.index)
        ones = dict.fromkeys(prepared.vectors, 1.0)
        found = {raw["_id"]: results.cosines(results.clause_scores(raw), ones) for raw in likenesses["hits"]["hits"]}
        return [replace(each, looks={**found.get(keys.get(each.id, ""), {}), **each.looks}) for each in candidates]

    async def _words_seen(self, words: WordQuery, models: Sequence[str]) -> VectorsByModel:
        """What the words look like, for the models that know words; signs of the syntax are none of theirs."""
        vectors = await self._models.encode_words(words.spoken, list(models)) if words.wanted else {}
        return {name: vector.tolist() for name, vector in vectors.items()}

    async def pictures_asked(self, question: Question) -> list[AskedPicture]:
        """The pictures that the question is about, in its own order; those of the index are looked up."""
        asked = [
            AskedPicture(parameter=name, given=given, term=image_terms.parse(given))
            for name in ("like", "image", "vector")
            for given in getattr(question, name)
        ]
        if not question.like:
            return asked
        ids = [each.term.value for each in asked if each.parameter == "like"]
        hits = {raw["_id"]: results.hit(raw) for raw in (await self._engine.ask(queries.pictures(ids)))["hits"]["hits"]}
        return [replace(each, hit=hits.get(each.term.value)) if each.parameter == "like" else each for each in asked]

    async def picture(self, picture_id: str) -> tuple[Hit, dict[str, Any]]:
        """A picture and its whole record, vectors left out."""
        raw = await self._engine.only(queries.picture(picture_id), picture_id)
        return results.hit(raw), dict(raw["_source"])

    async def upload(self, data: bytes, term: Term, question: Question) -> Question:
        """The same question with the picture in it as vectors: the term's region of it, with the term's weight."""
        index = await self._engine.index()
        vector = await self._pictures.pack(data, term, index, list(self._asked(question, index)))
        return replace(question, vector=(*question.vector, vector))

    def _asked(self, question: Question, index: Index) -> dict[str, float]:
        """The models that the question names, or all that filled the index, and their weights."""
        there = {name: self._boosts.models.get(name, 1.0) for name in index.contracts}
        given = image_terms.weights(question.model)
        if unknown := [name for name in given if name not in there]:
            names = ", ".join(there) or "none"
            raise BadQuestion(f"There is no model “{unknown[0][:50]}” in this index. It has: {names}.")
        return {name: given[name] for name in there if name in given} or there
