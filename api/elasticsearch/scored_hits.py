"""Hits of a search that the fusions and the collapse put in order before their documents are fetched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from api.elasticsearch.hits import read_hit, read_result_key
from api.elasticsearch.queries.documents import DocumentKey
from api.elasticsearch.scores import key_values, read_document_key, result_id
from api.responses import Hit
from api.search.collapse import collapse_results, collapsed_page_count, page_bounds
from api.search.fusion import Candidate
from api.search.highlighting import Highlighter

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredHit:
    """A hit, and its scores as the fusions use them."""

    hit: Hit
    """`EMPTY_HIT` until its document is fetched."""
    candidate: Candidate
    raw_hit: Fields
    """The hit as Elasticsearch returned it, with its scores."""
    reprints: tuple[Fields, ...] = ()
    """Other hits of the same print, which it stands for."""
    more_of_book: bool = False

    @property
    def is_picture(self) -> bool:
        return key_values(self.raw_hit).get("document") == "picture"

    @property
    def keys(self) -> list[DocumentKey]:
        """The keys of the hit and of its reprints."""
        return [read_document_key(raw_hit) for raw_hit in (self.raw_hit, *self.reprints)]

    def with_score(self, score: float) -> "ScoredHit":
        return replace(self, hit=replace(self.hit, score=score), raw_hit={**self.raw_hit, "_score": score})

    def with_document(
        self, documents: Mapping[str, Fields], knn_boosts: Mapping[str, float], highlighter: Highlighter | None
    ) -> "ScoredHit":
        """Return the hit with its document of `documents`, by result id; the same hit if it is not there."""
        if self.candidate.id not in documents:
            return self
        scores = {name: self.raw_hit[name] for name in ("_score", "matched_queries") if name in self.raw_hit}
        hit = read_hit({**documents[self.candidate.id], **scores}, knn_boosts, highlighter)
        if self.reprints or self.more_of_book:
            reprint_ids = [str(documents[key]["_id"]) for key in map(result_id, self.reprints) if key in documents]
            hit = replace(hit, reprints=reprint_ids, more_of_book=self.more_of_book)
        return replace(self, hit=hit)


class CollapsedPage:
    """The hits of one page of collapsed results, which have `KEY_FIELDS`; each with its details in a `ScoredHit`."""

    def __init__(self, raw_hits: Sequence[Fields], total: int, page: int, size: int) -> None:
        keys = [read_result_key(raw_hit) for raw_hit in raw_hits]
        hits_by_id = {key.id: raw_hit for key, raw_hit in zip(keys, raw_hits, strict=True)}
        results = collapse_results(keys)
        first, end = page_bounds(len(results), total, page, size)
        self.pages = collapsed_page_count(len(results), total, size)
        self.prints = None if self.pages is None else len(results)
        self.hits: list[tuple[Fields, dict[str, Any]]] = [
            (
                raw_hits[result.position],
                {
                    "reprints": tuple(hits_by_id[reprint] for reprint in result.reprints),
                    "more_of_book": result.more_of_book,
                },
            )
            for result in results[first:end]
        ]
