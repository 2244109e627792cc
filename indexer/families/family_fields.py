"""Compute the field `family` of pictures; a family keeps its id as long as most of its members stay."""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from indexer.elasticsearch.family_decisions import Decision
from indexer.elasticsearch.family_pictures import FamilyPicture
from indexer.families.clustering import FamilyMembers, Link, PicturePair, cluster_pictures

DEFAULT_AUTHOR = "frontispiece"
"""The value of `family.by` for a family that no person changed."""

FindTakenIds = Callable[[Iterable[str]], Collection[str]]
"""Returns those of some family ids that are already in use."""


def cluster_components(
    components: Sequence[FamilyMembers], links: Mapping[PicturePair, Link], decisions: Sequence[Decision]
) -> list[FamilyMembers]:
    """Cluster each component on its own; return all families."""
    component_by_picture = {id_: number for number, component in enumerate(components) for id_ in component}
    component_links: list[dict[PicturePair, Link]] = [{} for _ in components]
    for picture_pair, link in links.items():
        component_links[component_by_picture[picture_pair[0]]][picture_pair] = link
    component_decisions: list[list[Decision]] = [[] for _ in components]
    for decision in decisions:
        # A decision that separates pictures may concern several components.
        for component in {component_by_picture[id_] for id_ in decision.pictures if id_ in component_by_picture}:
            component_decisions[component].append(decision)
    return [
        family
        for arguments in zip(component_links, component_decisions, strict=True)
        for family in cluster_pictures(*arguments)
    ]


def build_family_fields(
    families: Sequence[FamilyMembers],
    pictures: Mapping[str, FamilyPicture],
    links: Mapping[PicturePair, Link],
    decisions: Sequence[Decision],
    find_taken_ids: FindTakenIds,
) -> dict[str, dict[str, Any]]:
    """Return picture id → its field `family`."""
    family_by_picture = {id_: number for number, family in enumerate(families) for id_ in family}
    family_ids, authors = _choose_ids(families, pictures, find_taken_ids), _last_authors(family_by_picture, decisions)
    exact_pairs = (
        picture_pair
        for picture_pair, link in links.items()
        if link.tier == "exact" and _common_family(picture_pair, family_by_picture) is not None
    )
    exact_copies = {id_ for picture_pair in exact_pairs for id_ in picture_pair}
    fields: dict[str, dict[str, Any]] = {}
    for number, family in enumerate(families):
        shared_fields = {
            "id": family_ids[number],
            "size": len(family),
            "books": len({pictures[id_].book_id for id_ in family}),
            **_year_range(family, pictures),
            "by": authors.get(number, DEFAULT_AUTHOR),
        }
        fields |= {id_: {**shared_fields, "tier": "exact" if id_ in exact_copies else "near"} for id_ in family}
    return fields


def _year_range(family: FamilyMembers, pictures: Mapping[str, FamilyPicture]) -> dict[str, int | None]:
    years = [year for id_ in family if (year := pictures[id_].year) is not None]
    return {"first_year": min(years, default=None), "last_year": max(years, default=None)}


def _common_family(picture_pair: PicturePair, family_by_picture: Mapping[str, int]) -> int | None:
    """Return the family that both pictures are in, or None."""
    first, second = (family_by_picture.get(id_) for id_ in picture_pair)
    return first if first == second else None


def _last_authors(family_by_picture: Mapping[str, int], decisions: Sequence[Decision]) -> dict[int, str]:
    """Return family number → the last person who changed that family."""
    authors: dict[int, str] = {}
    for decision in sorted(decisions, key=lambda decision: decision.at):
        family_counts = Counter(family_by_picture[id_] for id_ in decision.pictures if id_ in family_by_picture)
        authors |= {number: decision.by for number, count in family_counts.items() if count > decision.together}
    return authors


def _choose_ids(
    families: Sequence[FamilyMembers], pictures: Mapping[str, FamilyPicture], find_taken_ids: FindTakenIds
) -> list[str]:
    """Choose an id for each family.

    An old id goes to the family with most of its former members. A family without an old id gets one that is derived
    from its smallest picture id.
    """
    claims = sorted(
        (-count, old_id, min(family), number)
        for number, family in enumerate(families)
        for old_id, count in Counter(pictures[id_].family["id"] for id_ in family if pictures[id_].family).items()
    )
    ids: dict[int, str] = {}
    used_ids: set[str] = set()
    for _, old_id, _, number in claims:
        if number not in ids and old_id not in used_ids:
            ids[number] = old_id
            used_ids.add(old_id)
    salt, unnamed = 0, set(range(len(families))) - ids.keys()
    while unnamed:
        ids |= {number: _derive_id(min(families[number]), salt) for number in unnamed}
        id_counts = Counter(ids.values())
        taken_ids = find_taken_ids({ids[number] for number in unnamed})
        unnamed = {number for number in unnamed if ids[number] in taken_ids or id_counts[ids[number]] > 1}
        salt += 1
    return [ids[number] for number in range(len(families))]


def _derive_id(smallest: str, salt: int) -> str:
    text = f"{smallest}#{salt}" if salt else smallest
    return hashlib.sha256(text.encode()).hexdigest()[:16]
