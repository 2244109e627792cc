"""What a page for readers shows beside its results, counted and found in the same request to Elasticsearch."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from api.elasticsearch import queries
from api.elasticsearch.queries.catalogue import catalogue_query
from api.elasticsearch.queries.type_counts import type_counts_query
from api.elasticsearch.type_counts import TypeCounts, read_type_counts
from api.search.bodies import FEW_RESULTS, EncodedRequest, build_body, may_be_misread
from api.search.boosts import Boosts
from api.search.catalogue import CatalogueMatch, may_name_record, read_catalogue_match
from api.search.choices import DocumentType
from api.search.query_terms import QueryTerms
from api.search.request import SearchRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class SideSearches:
    """The bodies of the searches."""

    index: str = ""
    """The indices of documents of all types."""
    type_counts: tuple[queries.Body, ...] = ()
    """The counts of the words, and of the misread words too; none if only pictures can match."""
    catalogue: queries.Body | None = None
    """The search for the book or the authors that the words name."""
    query_terms: QueryTerms = field(default_factory=QueryTerms)

    @property
    def bodies(self) -> Iterator[queries.Body]:
        yield from self.type_counts
        if self.catalogue:
            yield self.catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class SideResults:
    """The answers to them."""

    counts: TypeCounts | None = None
    """None for a search by pictures alone, which finds nothing but pictures."""
    counts_with_misreadings: TypeCounts | None = None
    """None if no word of the search may be misread."""
    catalogue: CatalogueMatch | None = None

    def count(self, document_types: Iterable[DocumentType]) -> int | None:
        """Return how many results a search in documents of these types has."""
        types = list(document_types)
        counts = self._counts_of(types)
        return None if counts is None else sum(counts.totals.get(document_type, 0) for document_type in types)

    def count_hidden(self, document_types: Iterable[DocumentType]) -> int | None:
        """Return how many hidden documents of these types match."""
        types = list(document_types)
        counts = self._counts_of(types)
        return None if counts is None else sum(counts.hidden.get(document_type, 0) for document_type in types)

    def _counts_of(self, types: Sequence[DocumentType]) -> TypeCounts | None:
        """Return the counts that a search uses: with misread words if it has few results without."""
        if self.counts is None or self.counts_with_misreadings is None:
            return self.counts
        by_words = sum(self.counts.by_words.get(document_type, 0) for document_type in types)
        return self.counts if by_words >= FEW_RESULTS else self.counts_with_misreadings


def build_side_searches(
    search_request: SearchRequest, every_type: EncodedRequest, index: str, boosts: Boosts
) -> SideSearches:
    """Return the searches for what a page of `search_request` shows beside its results.

    `every_type` is the same request in documents of all types, which `index` names.
    """
    query_terms = every_type.query_terms
    variants = [every_type, *([replace(every_type, misreadings=True)] if may_be_misread(query_terms) else [])]
    counts = [type_counts_query(build_body(variant, boosts)) for variant in variants]
    books = search_request.with_changes(document=("book",))
    return SideSearches(
        index=index,
        type_counts=tuple(body for body in counts if body),
        catalogue=catalogue_query(query_terms, queries.filter_clauses(books))
        if may_name_record(search_request, query_terms)
        else None,
        query_terms=query_terms,
    )


def read_side_results(searches: SideSearches, responses: Sequence[Mapping[str, Any]]) -> SideResults:
    """Return the answers, in the order of `SideSearches.bodies`."""
    counts = [read_type_counts(response) for response in responses[: len(searches.type_counts)]]
    return SideResults(
        counts=counts[0] if counts else None,
        counts_with_misreadings=counts[1] if len(counts) > 1 else None,
        catalogue=read_catalogue_match(responses[-1], searches.query_terms) if searches.catalogue else None,
    )
