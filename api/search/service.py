"""Encode → build → ask → fuse → data: how a question is answered."""

from asyncio import gather
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from api.elasticsearch import hits as results
from api.elasticsearch import queries
from api.elasticsearch.gateway import PictureIndex, SearchGateway, SearchResponse
from api.errors import IndexNotFound, InvalidRequest
from api.responses import Hit, QueryImage, ResultPage
from api.search import fusion, image_terms
from api.search.boosts import BOOSTS, Boosts
from api.search.filter_counts import FilterCounts
from api.search.fusion import Candidate, FusionWeights
from api.search.image_terms import ImageTerm
from api.search.paging import page_offset
from api.search.query_syntax import QueryTerms, parse_query_text
from api.search.query_text import clean_query_text
from api.search.request import SearchRequest
from api.search.suggestions import suggestion
from api.vision.query_encoders import QueryEncoders
from api.vision.query_vectors import VectorQueryBuilder, VectorsByModel


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedSearch:
    """A question that has become a body."""

    query_terms: QueryTerms
    body: queries.Body
    index: str
    vectors: VectorsByModel
    model_weights: Mapping[str, float]
    """The models that are asked, and their weights."""
    knn_boosts: Mapping[str, float]


class Searcher:
    """Answers questions from one alias."""

    def __init__(
        self,
        gateway: SearchGateway,
        query_encoders: QueryEncoders,
        vector_query_builder: VectorQueryBuilder,
        boosts: Boosts = BOOSTS,
    ) -> None:
        self._gateway, self._query_encoders, self._vector_query_builder, self._boosts = (
            gateway,
            query_encoders,
            vector_query_builder,
            boosts,
        )
        self._filter_counts = FilterCounts(gateway)

    async def search(self, search_request: SearchRequest) -> ResultPage:
        """One `_search`: words and pictures together, narrowed, counted, highlighted."""
        page_offset(search_request)
        try:
            return await self._search(search_request)
        except IndexNotFound:
            self._gateway.forget_index()
            return await self._search(search_request)

    async def _search(self, search_request: SearchRequest) -> ResultPage:
        prepared_search = await self.prepare_search(search_request)
        preference_key = replace(search_request, page=1).query_string()
        raw_response, filter_counts = await gather(
            self._gateway.search(prepared_search.body, prepared_search.index, preference_key=preference_key),
            self._filter_counts.get_counts(search_request, prepared_search.index),
        )
        response: SearchResponse = {**raw_response, "aggregations": {**raw_response["aggregations"], **filter_counts}}
        if search_request.needs_fusion:
            response = await self._fuse(search_request, prepared_search, response)
        result_page = results.read_result_page(
            response, search_request, models=list(prepared_search.model_weights), knn_boosts=prepared_search.knn_boosts
        )
        return replace(result_page, suggestion=suggestion(prepared_search.query_terms, response))

    async def prepare_search(self, search_request: SearchRequest) -> PreparedSearch:
        """The body that a question asks, and of which indices."""
        picture_index = await self._gateway.index()
        requested_weights = self._model_weights(search_request, picture_index)
        query_terms = parse_query_text(clean_query_text(search_request.query_text))
        vector_query = await self._vector_query_builder.build_query(
            search_request, picture_index, list(requested_weights), has_words=bool(query_terms.should)
        )
        text_vectors = await self._encode_query_text(query_terms, list(requested_weights))
        encoded_models = {*vector_query.vectors, *text_vectors}
        model_weights = {name: weight for name, weight in requested_weights.items() if name in encoded_models}
        body = queries.hybrid_query(
            query_terms,
            vector_query.vectors,
            size=queries.MAX_CANDIDATES if search_request.needs_all_candidates else search_request.size,
            offset=0 if search_request.needs_all_candidates else search_request.page_slice.start,
            filters=queries.filter_clauses(search_request, excluded_ids=vector_query.excluded_ids),
            text_vectors=text_vectors,
            model_weights=model_weights,
            match=search_request.match,
            balance=search_request.balance,
            sort=search_request.sort,
            only_negative=vector_query.only_negative,
            aggregations=queries.facet_aggregations(search_request),
            # Who chose a kind of picture wants it.
            boosts=replace(self._boosts, labels={}) if search_request.filters.get("label") else self._boosts,
        )
        return PreparedSearch(
            query_terms=query_terms,
            body=queries.add_book_counts(body) if search_request.group else body,
            index=self._gateway.index_names(search_request.document, picture_index.name),
            vectors=vector_query.vectors,
            model_weights=model_weights,
            knn_boosts={
                clause["_name"]: clause["boost"]
                for clause in body.get("knn", [])
                if clause["_name"] in vector_query.vectors
            },
        )

    async def _fuse(
        self, search_request: SearchRequest, prepared_search: PreparedSearch, response: SearchResponse
    ) -> SearchResponse:
        """The same answer, its hits in the order of the fusion."""
        hits_by_key = {results.hit_key(raw_hit): raw_hit for raw_hit in response["hits"]["hits"]}
        candidates = [results.read_candidate(raw_hit, prepared_search.knn_boosts) for raw_hit in hits_by_key.values()]
        if search_request.fusion == "convex":
            candidates = await self._complete_similarities(candidates, prepared_search, response)
        weights = FusionWeights(
            balance=self._boosts.balance if search_request.balance is None else search_request.balance,
            models=prepared_search.model_weights,
        )
        scores = fusion.FUSIONS[search_request.fusion](candidates, weights)
        ranked_hits = [
            {**hits_by_key[hit_key], "_score": scores[hit_key]}
            for hit_key in fusion.rank_candidates(candidates, scores)
        ]
        return {**response, "hits": {**response["hits"], "hits": ranked_hits}}

    async def _complete_similarities(
        self, candidates: list[Candidate], prepared_search: PreparedSearch, response: SearchResponse
    ) -> list[Candidate]:
        """The candidates with what each model thinks of those, too, that are not among its nearest."""
        document_ids = {
            results.hit_key(raw_hit): str(raw_hit["_id"])
            for raw_hit in response["hits"]["hits"]
            if raw_hit["_source"].get("document") == "picture"
        }
        incomplete_keys = {
            candidate.id for candidate in candidates if prepared_search.vectors.keys() - candidate.similarities.keys()
        }
        if not (ids := [document_ids[hit_key] for hit_key in sorted(incomplete_keys & document_ids.keys())]):
            return candidates
        similarity_response = await self._gateway.search(
            queries.similarity_query(prepared_search.vectors, ids), prepared_search.index
        )
        unit_boosts = dict.fromkeys(prepared_search.vectors, 1.0)
        similarities = {
            raw_hit["_id"]: results.similarities(results.clause_scores(raw_hit), unit_boosts)
            for raw_hit in similarity_response["hits"]["hits"]
        }
        return [
            replace(
                candidate,
                similarities={**similarities.get(document_ids.get(candidate.id, ""), {}), **candidate.similarities},
            )
            for candidate in candidates
        ]

    async def _encode_query_text(self, query_terms: QueryTerms, model_names: Sequence[str]) -> VectorsByModel:
        """What the words look like, for the models that know words; signs of the syntax are none of theirs."""
        vectors = (
            await self._query_encoders.encode_text(query_terms.plain_text, list(model_names))
            if query_terms.should
            else {}
        )
        return {name: vector.tolist() for name, vector in vectors.items()}

    async def get_query_images(self, search_request: SearchRequest) -> list[QueryImage]:
        """The pictures that the question is about, in its own order; those of the index are looked up."""
        query_images = [
            QueryImage(parameter=parameter, value=value, image_term=image_terms.parse_image_term(value))
            for parameter in ("like", "image", "vector")
            for value in getattr(search_request, parameter)
        ]
        if not search_request.like:
            return query_images
        ids = [query_image.image_term.value for query_image in query_images if query_image.parameter == "like"]
        hits_by_id = {
            raw_hit["_id"]: results.read_hit(raw_hit)
            for raw_hit in (await self._gateway.search(queries.pictures_query(ids)))["hits"]["hits"]
        }
        return [
            replace(query_image, hit=hits_by_id.get(query_image.image_term.value))
            if query_image.parameter == "like"
            else query_image
            for query_image in query_images
        ]

    async def get_picture(self, picture_id: str) -> tuple[Hit, dict[str, Any]]:
        """A picture and its whole record, vectors left out."""
        raw_hit = await self._gateway.get_one(queries.picture_query(picture_id), picture_id)
        return results.read_hit(raw_hit), dict(raw_hit["_source"])

    async def add_upload(self, data: bytes, image_term: ImageTerm, search_request: SearchRequest) -> SearchRequest:
        """The same question with the picture in it as vectors: the term's region of it, with the term's weight."""
        picture_index = await self._gateway.index()
        vector = await self._vector_query_builder.encode_upload(
            data, image_term, picture_index, list(self._model_weights(search_request, picture_index))
        )
        return replace(search_request, vector=(*search_request.vector, vector))

    def _model_weights(self, search_request: SearchRequest, picture_index: PictureIndex) -> dict[str, float]:
        """The models that the question names, or all that filled the index, and their weights."""
        available_weights = {name: self._boosts.models.get(name, 1.0) for name in picture_index.fingerprints}
        requested_weights = image_terms.parse_model_weights(search_request.model)
        if unknown_models := [name for name in requested_weights if name not in available_weights]:
            names = ", ".join(available_weights) or "none"
            raise InvalidRequest(f"There is no model “{unknown_models[0][:50]}” in this index. It has: {names}.")
        return {
            name: requested_weights[name] for name in available_weights if name in requested_weights
        } or available_weights
