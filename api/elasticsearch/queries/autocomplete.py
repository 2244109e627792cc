"""Bodies for suggestions while typing: the values of fields whose words begin as typed, each with one picture."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.elasticsearch.queries.clause import Body, Clause
from api.elasticsearch.queries.filters import DECORATION_CLAUSE, HIDDEN_CLAUSE
from api.elasticsearch.queries.phrases import FOLDED_FIELDS
from api.elasticsearch.queries.suggest import SUGGESTER_FIELDS, suggest_clause
from api.elasticsearch.queries.vocabulary import prefix_pattern
from api.elasticsearch.queries.word_forms import PRINTED_FIELDS
from api.search.parameters import VALUE_FILTERS
from api.search.query_terms import QueryTerms

TITLE = "title"
"""The group of titles; the other groups have the names of filters."""

PICTURE = "picture"
"""Name of the aggregation with the picture of a value."""

PICTURE_FIELDS = ("image.crop",)
"""Columns of the picture of a value, which take less time than its document: whether it has a crop."""
BOOK_FIELDS = (*PICTURE_FIELDS, "book_id", "language")
"""The same of a title: its book and the language that it may be in."""


MULTIPLE_SIZE = 8
"""Values to read of a field that may have several in one document."""


@dataclass(frozen=True, slots=True)
class SuggestedField:
    """A field whose values are suggested."""

    searched_fields: tuple[str, ...]
    """Where its words are searched, as printed and in the spelling that centuries share."""
    value_field: str
    size: int = 3
    """Values to read. Where a document has several, those beside the one that matches are read too."""
    picture_fields: tuple[str, ...] = PICTURE_FIELDS


def _searched_fields(name: str) -> tuple[str, str]:
    return PRINTED_FIELDS[name], FOLDED_FIELDS[name]


SUGGESTED_FIELDS: Mapping[str, SuggestedField] = {
    TITLE: SuggestedField(_searched_fields("title"), "title.exact", picture_fields=BOOK_FIELDS),
    "author": SuggestedField(_searched_fields("authors"), VALUE_FILTERS["author"].facet_field, MULTIPLE_SIZE),
    "subject": SuggestedField(_searched_fields("subjects"), VALUE_FILTERS["subject"].facet_field, MULTIPLE_SIZE),
    "place": SuggestedField(_searched_fields("place"), VALUE_FILTERS["place"].facet_field),
    "label": SuggestedField((), VALUE_FILTERS["label"].facet_field),
}
"""Group → its field; labels are few and are compared as a whole."""


def autocomplete_query(typed_text: str, labels: Iterable[str] = ()) -> Body:
    """Return the query of the values with words that begin as the typed ones, by the number of pictures.

    The last word may be incomplete. `labels` are kinds of picture that are found by a name in another language.
    """
    clauses = {
        name: _beginning_clause(typed_text, field.searched_fields)
        if field.searched_fields
        else _label_clause(field.value_field, typed_text, list(labels))
        for name, field in SUGGESTED_FIELDS.items()
    }
    return {
        "size": 0,
        "track_total_hits": False,
        "query": {
            "bool": {
                "filter": [{"bool": {"should": list(clauses.values())}}],
                "must_not": [HIDDEN_CLAUSE, DECORATION_CLAUSE],
            }
        },
        "aggs": {name: _values_aggregation(clauses[name], field) for name, field in SUGGESTED_FIELDS.items()},
    }


def _beginning_clause(typed_text: str, fields: Iterable[str]) -> Clause:
    return {"multi_match": {"query": typed_text, "type": "bool_prefix", "operator": "and", "fields": list(fields)}}


def _label_clause(field: str, typed_text: str, labels: list[str]) -> Clause:
    by_prefix: Clause = {"regexp": {field: {"value": prefix_pattern(typed_text)}}}
    return {"bool": {"should": [by_prefix, {"terms": {field: labels}}]}} if labels else by_prefix


def _values_aggregation(clause: Clause, field: SuggestedField) -> Clause:
    # A picture for each value takes most of the time: without `shard_size` three times as many would be read.
    picture: Clause = {"size": 1, "sort": ["_doc"], "_source": False, "docvalue_fields": list(field.picture_fields)}
    values: Clause = {
        "terms": {"field": field.value_field, "size": field.size, "shard_size": field.size},
        "aggs": {PICTURE: {"top_hits": picture}},
    }
    return {"filter": clause, "aggs": {"values": values}}


def corrections_query(query_terms: QueryTerms, last_word: str) -> Body:
    """Return the suggesters of other words; its total tells whether any text has a word that begins as the last one."""
    return {
        "size": 0,
        "track_total_hits": 1,
        "terminate_after": 1,
        "query": _beginning_clause(last_word, SUGGESTER_FIELDS.values()),
        "suggest": suggest_clause(query_terms),
    }
