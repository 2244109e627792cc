"""Counts beside the results."""

from collections.abc import Iterable, Mapping

from api.elasticsearch.queries.clause import Clause
from api.elasticsearch.queries.filters import CAPTION, FIELDS, NO_CAPTION, SET_ASIDE, narrowing
from api.search.request import FACETS, Question

FACET_VALUES = 20
"""Values listed of what was found."""

KNOWN_VALUES = 100
"""Values counted under the filters alone: more than are listed, for those found may be rare in the whole."""

SHARD_VALUES = 1000
"""Pictures, pages and books are a shard each, and a value must be among the first of each to be counted in all."""

EVERYTHING, COLLECTION, CHOSEN, UNKNOWN = "everything", "collection", " chosen", "year unknown"
"""Names of aggregations: `EVERYTHING` holds the answer to `collection`, `CHOSEN` ends the one that counts a facet's
chosen values, however rare they are."""

COUNTED = (*FACETS, "year", "has_caption", "set_aside")
"""What is counted beside results."""


def facets(question: Question) -> Clause:
    """Counts over all that was found, the nearest pictures included."""
    return _counted(COUNTED, question, FACET_VALUES)


def collection(question: Question) -> Clause:
    """Counts that no words and no picture change, only filters.

    A facet's own filter is left out of its counts, so that a chosen facet still shows what else could be chosen.
    """
    named = narrowing(question)
    free = [name for name in COUNTED if name not in named]
    own = {
        name: {"filter": _all_of(narrowing(question, but=name)), "aggs": _counted([name], question, KNOWN_VALUES)}
        for name in COUNTED
        if name in named
    }
    return {COLLECTION: {"filter": _all_of(named), "aggs": _counted(free, question, KNOWN_VALUES)}, **own}


def _all_of(clauses: Mapping[str, Clause]) -> Clause:
    return {"bool": {"filter": list(clauses.values())}} if clauses else {"match_all": {}}


def _counted(names: Iterable[str], question: Question, size: int) -> Clause:
    return {title: clause for name in names for title, clause in _counts(name, question, size).items()}


def _counts(name: str, question: Question, size: int) -> Clause:
    """One facet's aggregations."""
    if name == "year":
        # The steps in which years are shown depend on the answer, so they are counted one by one.
        years = {"histogram": {"field": "year", "interval": 1, "min_doc_count": 1}}
        return {"year": years, UNKNOWN: {"missing": {"field": "year"}}}
    if name == "has_caption":
        return {name: {"filters": {"filters": {"true": CAPTION, "false": NO_CAPTION}}}}
    if name == "set_aside":
        return {name: {"filters": {"filters": {"true": SET_ASIDE}}}}
    field, chosen = FIELDS[name], getattr(question, name)
    counts: Clause = {name: {"terms": {"field": field, "size": size, "shard_size": SHARD_VALUES}}}
    if chosen:
        include = list(dict.fromkeys(chosen))
        counts[f"{name}{CHOSEN}"] = {"terms": {"field": field, "include": include, "size": len(include)}}
    return counts
