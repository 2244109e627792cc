"""Families → what each of their pictures says of them: pure; a family keeps its id as long as most of it stays."""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from indexer.elasticsearch.family_pictures import Fact
from indexer.families.clustering import Decision, Family, Link, Pair, families

BY = "frontispiece"
"""Who made a family that no person had a hand in."""

Taken = Callable[[Iterable[str]], Collection[str]]
"""Of some names those that are not free."""


def gathered(components: Sequence[Family], links: Mapping[Pair, Link], decisions: Sequence[Decision]) -> list[Family]:
    """The families of all components; each component is worked out by itself."""
    place = {id_: number for number, component in enumerate(components) for id_ in component}
    links_of: list[dict[Pair, Link]] = [{} for _ in components]
    for each, link in links.items():
        links_of[place[each[0]]][each] = link
    decisions_of: list[list[Decision]] = [[] for _ in components]
    for decision in decisions:
        # What is kept apart need not be of one component; each of them hears of it.
        for number in {place[id_] for id_ in decision.pictures if id_ in place}:
            decisions_of[number].append(decision)
    return [family for some in zip(links_of, decisions_of, strict=True) for family in families(*some)]


def documents(
    found: Sequence[Family],
    facts: Mapping[str, Fact],
    links: Mapping[Pair, Link],
    decisions: Sequence[Decision],
    taken: Taken,
) -> dict[str, dict[str, Any]]:
    """Per picture the field `family`."""
    place = {id_: number for number, family in enumerate(found) for id_ in family}
    names, by = _names(found, facts, taken), _by(place, decisions)
    within = (each for each, link in links.items() if link.tier == "exact" and _family_of(each, place) is not None)
    exact = {id_ for each in within for id_ in each}
    said: dict[str, dict[str, Any]] = {}
    for number, family in enumerate(found):
        common = {"id": names[number], "size": len(family), **_years(family, facts), "by": by.get(number, BY)}
        said |= {id_: {**common, "tier": "exact" if id_ in exact else "near"} for id_ in family}
    return said


def _years(family: Family, facts: Mapping[str, Fact]) -> dict[str, int | None]:
    years = [year for id_ in family if (year := facts[id_].year) is not None]
    return {"first_year": min(years, default=None), "last_year": max(years, default=None)}


def _family_of(linked: Pair, place: Mapping[str, int]) -> int | None:
    """The family of both; None where they are not of one."""
    one, other = (place.get(id_) for id_ in linked)
    return one if one == other else None


def _by(place: Mapping[str, int], decisions: Sequence[Decision]) -> dict[int, str]:
    """The last person who had a hand in a family."""
    hands: dict[int, str] = {}
    for decision in sorted(decisions, key=lambda each: each.at):
        touched = Counter(place[id_] for id_ in decision.pictures if id_ in place)
        hands |= {number: decision.by for number, count in touched.items() if count > decision.together}
    return hands


def _names(found: Sequence[Family], facts: Mapping[str, Fact], taken: Taken) -> list[str]:
    """An old id goes to the family that has most of those who bore it; the others are named after their smallest."""
    claims = sorted(
        (-count, name, min(family), number)
        for number, family in enumerate(found)
        for name, count in Counter(facts[id_].family["id"] for id_ in family if facts[id_].family).items()
    )
    names: dict[int, str] = {}
    used: set[str] = set()
    for _, name, _, number in claims:
        if number not in names and name not in used:
            names[number] = name
            used.add(name)
    salt, nameless = 0, set(range(len(found))) - names.keys()
    while nameless:
        names |= {number: _name(min(found[number]), salt) for number in nameless}
        given = Counter(names.values())
        held = taken({names[number] for number in nameless})
        nameless = {number for number in nameless if names[number] in held or given[names[number]] > 1}
        salt += 1
    return [names[number] for number in range(len(found))]


def _name(smallest: str, salt: int) -> str:
    text = f"{smallest}#{salt}" if salt else smallest
    return hashlib.sha256(text.encode()).hexdigest()[:16]
