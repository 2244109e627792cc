"""What a search counted → values to choose from, each with two counts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from api.elasticsearch.queries.facets import CHOSEN, COLLECTION, COUNTED, EVERYTHING, FACET_VALUES, UNKNOWN
from api.elasticsearch.queries.vocabulary import folded
from api.search.request import FACETS, Question

STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)
"""Years a bar stands for."""
MOST_BARS = 30
"""What 15 rem have room for; a bar of 7 pixels can still be hit."""
AROUND = 10
"""Years shown on either side of a choice, or as many as were chosen: one can go on from there."""

Aggregations = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """One value of a facet; of `year` a few years, or those whose year is not known, with an empty value."""

    value: str
    count: int
    """How many of what was found have it."""
    all: int | None
    """How many have it under the other filters alone, whatever was asked; None: too rare to have been counted."""
    year_from: int | None = None
    """`year_from` and `year_to` are the filter that chooses a bar."""
    year_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value that a filter can take."""

    value: str
    count: int
    """How many documents have it under the other filters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Values of one facet, a page at a time."""

    facet: str
    values: list[Value]
    more: int
    """How many times documents have a value on a later page; 0 where this page is the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """The facets of a page of results."""

    buckets: dict[str, list[Bucket]] = field(default_factory=dict)
    more: dict[str, int] = field(default_factory=dict)
    """Per facet, how many of what was found have values that are not listed; absent where all are."""
    collection: int = 0
    """How many documents the filters alone leave."""


def read(found: Aggregations, question: Question) -> Facets:
    """What Elasticsearch answered to `queries.facets`."""
    if EVERYTHING not in found:
        return Facets()
    collection = found[EVERYTHING]
    whole = {name: collection.get(name, collection[COLLECTION]) for name in COUNTED}
    buckets = {name: _values(name, found, whole[name], getattr(question, name)) for name in FACETS}
    buckets["year"] = _years(found, whole["year"], question)
    for name in ("has_caption", "set_aside"):
        buckets[name] = _switch(found[name], whole[name][name])
    more = {name: _unlisted(name, found) for name in FACETS}
    return Facets(
        buckets=buckets,
        more={name: count for name, count in more.items() if count},
        collection=int(collection[COLLECTION]["doc_count"]),
    )


def vocabulary(aggregations: Aggregations, facet: str, prefix: str, start: int) -> Vocabulary:
    """What `_search` answered to `queries.vocabulary`, without the values of the pages before."""
    # A prefix that is longer than a pattern may be has let through what differs behind it.
    letters = folded(prefix)
    buckets = [
        each for each in aggregations["values"]["buckets"][start:] if folded(str(each["key"])).startswith(letters)
    ]
    return Vocabulary(
        facet=facet,
        values=[Value(value=str(each["key"]), count=int(each["doc_count"])) for each in buckets],
        more=int(aggregations["values"]["sum_other_doc_count"]),
    )


def _values(name: str, found: Aggregations, whole: Aggregations, chosen: tuple[str, ...]) -> list[Bucket]:
    """Chosen values are always there; values that nothing found has, only where all that were found are listed."""
    count, known = _counts(name, found), _counts(name, whole)
    others = [*count, *known] if not found[name]["sum_other_doc_count"] else [*count]
    values = [
        Bucket(value=value, count=count.get(value, 0), all=known.get(value, 0 if value in chosen else None))
        for value in dict.fromkeys([*chosen, *others])
    ]
    values.sort(key=lambda each: (-each.count, -(each.all or 0), each.value))
    return [each for place, each in enumerate(values) if place < FACET_VALUES or each.value in chosen]


def _counts(name: str, aggregations: Aggregations) -> dict[str, int]:
    several = (aggregations[each]["buckets"] for each in (name, f"{name}{CHOSEN}") if each in aggregations)
    return {str(bucket["key"]): int(bucket["doc_count"]) for buckets in several for bucket in buckets}


def _unlisted(name: str, found: Aggregations) -> int:
    listed = {bucket["key"] for bucket in found[name]["buckets"]}
    rare = found.get(f"{name}{CHOSEN}", {"buckets": []})["buckets"]
    counted_apart = sum(bucket["doc_count"] for bucket in rare if bucket["key"] not in listed)
    return int(found[name]["sum_other_doc_count"]) - int(counted_apart)


def _switch(found: Aggregations, whole: Aggregations) -> list[Bucket]:
    counts = {value: int(each["doc_count"]) for value, each in found["buckets"].items()}
    return [
        Bucket(value=value, count=count, all=int(whole["buckets"][value]["doc_count"]))
        for value, count in counts.items()
    ]


def _years(found: Aggregations, whole: Aggregations, question: Question) -> list[Bucket]:
    count, known = _by_year(found), _by_year(whole)
    shown = bars(count, known, question.year_from, question.year_to)
    unknown = int(found[UNKNOWN]["doc_count"]), int(whole[UNKNOWN]["doc_count"])
    return [*shown, Bucket(value="", count=unknown[0], all=unknown[1])] if any(unknown) else shown


def _by_year(aggregations: Aggregations) -> Counter[int]:
    return Counter({int(bucket["key"]): int(bucket["doc_count"]) for bucket in aggregations["year"]["buckets"]})


def bars(
    found: Mapping[int, int], whole: Mapping[int, int], year_from: int | None = None, year_to: int | None = None
) -> list[Bucket]:
    """At most 30 bars of equally many years, without gaps: what was found, or what was chosen and as much around it."""
    if not whole:
        return []
    first, last = _span(found, whole, year_from, year_to)
    step = next(step for step in STEPS if last // step - first // step < MOST_BARS)
    count, known = _in_steps(found, step), _in_steps(whole, step)
    return [
        Bucket(value=str(year), count=count[year], all=known[year], year_from=year, year_to=year + step - 1)
        for year in range(first // step * step, last + 1, step)
    ]


def _span(
    found: Mapping[int, int], whole: Mapping[int, int], year_from: int | None, year_to: int | None
) -> tuple[int, int]:
    first, last = min(whole), max(whole)
    if year_from is None and year_to is None:
        return (min(found), max(found)) if found else (first, last)
    start, end = first if year_from is None else year_from, last if year_to is None else year_to
    around = max(end - start + 1, AROUND)
    near = max(first, start - around), min(last, end + around)
    return near if near[0] <= near[1] else (first, last)


def _in_steps(years: Mapping[int, int], step: int) -> Counter[int]:
    counts: Counter[int] = Counter()
    for year, count in years.items():
        counts[year // step * step] += count
    return counts
