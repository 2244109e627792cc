"""Cluster pairs of copies into families; the result does not depend on order and respects people's decisions."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from indexer.elasticsearch.family_decisions import Decision
from indexer.families.copy_detection import Tier

PicturePair = tuple[str, str]
"""Two picture ids, the smaller first."""

FamilyMembers = frozenset[str]

MAX_COPIES_NEEDED = 10
"""Two sets merge if half of the pairs between them are copies, but never more than half of this number is required:
the search returns only some copies of a picture in a large family (`NEIGHBOURS`)."""


@dataclass(frozen=True, slots=True)
class Link:
    """Two pictures are copies: how exact, and the cosine of their vectors."""

    tier: Tier
    cosine: float


@dataclass(slots=True)
class DisjointSets:
    """Disjoint sets of ids (union-find); an id that was never merged is a set of its own."""

    _parent: dict[str, str] = field(default_factory=dict)
    _members: dict[str, set[str]] = field(default_factory=dict)

    def find(self, id_: str) -> str:
        """Return the representative of the set that contains an id."""
        root = id_
        while (parent := self._parent.get(root, root)) != root:
            root = parent
        while (parent := self._parent.get(id_, id_)) != root:
            self._parent[id_], id_ = root, parent
        return root

    def members(self, id_: str) -> Collection[str]:
        """Return all ids in the same set."""
        root = self.find(id_)
        return self._members.get(root, {root})

    def union(self, first: str, second: str) -> None:
        """Merge the sets of two ids."""
        roots = sorted({self.find(first), self.find(second)}, key=lambda root: (-len(self.members(root)), root))
        for merged_root in roots[1:]:
            self._members.setdefault(roots[0], {roots[0]}).update(self._members.pop(merged_root, {merged_root}))
            self._parent[merged_root] = roots[0]

    def merged_sets(self) -> Iterator[Collection[str]]:
        """Return the sets with more than one member."""
        return iter(self._members.values())


def ordered_pair(first: str, second: str) -> PicturePair:
    return (first, second) if first < second else (second, first)


def connected_components(links: Iterable[PicturePair], decisions: Iterable[Decision]) -> list[FamilyMembers]:
    """Return sets of pictures that links or decisions connect; each family is a subset of one of them."""
    sets = DisjointSets()
    for first, second in links:
        sets.union(first, second)
    for decision in decisions:
        if decision.together:
            for second in decision.pictures[1:]:
                sets.union(decision.pictures[0], second)
    return sorted(map(frozenset, sets.merged_sets()), key=min)


def cluster_pictures(links: Mapping[PicturePair, Link], decisions: Sequence[Decision]) -> list[FamilyMembers]:
    """Cluster pictures, starting with the strongest link; two sets merge if half of the pairs between them are copies.

    So a chain in which every picture resembles only the next one does not become a family.
    """
    sets, cannot_link = _apply_decisions(decisions)
    copies_between: dict[PicturePair, int] = {}
    sorted_pairs = sorted(
        links, key=lambda picture_pair: (links[picture_pair].tier, -links[picture_pair].cosine, picture_pair)
    )
    for first, second in sorted_pairs:
        roots = ordered_pair(sets.find(first), sets.find(second))
        copies_between[roots] = copies_between.get(roots, 0) + 1
    merger = SetMerger(sets, cannot_link, copies_between)
    # After a merge, a pair that was refused before may have enough copies.
    while sum(merger.try_merge(first, second) for first, second in sorted_pairs):
        pass
    return sorted(map(frozenset, sets.merged_sets()), key=min)


def _apply_decisions(decisions: Sequence[Decision]) -> tuple[DisjointSets, dict[str, set[str]]]:
    """Return the sets that decisions merge, and the pairs that they separate; the later decision wins."""
    sets, cannot_link = DisjointSets(), defaultdict[str, set[str]](set)
    for decision in sorted(decisions, key=lambda decision: (decision.at, decision.pictures), reverse=True):
        if decision.together:
            _join_pictures(decision.pictures, sets, cannot_link)
        else:
            separated = decision.pictures[0]
            for picture in decision.pictures[1:]:
                if sets.find(separated) != sets.find(picture):
                    cannot_link[separated].add(picture)
                    cannot_link[picture].add(separated)
    return sets, cannot_link


def _join_pictures(pictures: Sequence[str], sets: DisjointSets, cannot_link: Mapping[str, set[str]]) -> None:
    """Merge the pictures, except those that a later decision separates."""
    representatives: list[str] = []
    for picture in pictures:
        joinable = (
            representative
            for representative in representatives
            if not _is_separated(sets.members(representative), sets.members(picture), cannot_link)
        )
        if representative := next(joinable, None):
            sets.union(representative, picture)
        else:
            representatives.append(picture)


def _is_separated(first_set: Collection[str], second_set: Collection[str], cannot_link: Mapping[str, set[str]]) -> bool:
    return any(
        picture in first_set and not separated.isdisjoint(second_set) for picture, separated in cannot_link.items()
    )


class SetMerger:
    """Merges sets, and keeps count of the copies between any two of them."""

    def __init__(
        self, sets: DisjointSets, cannot_link: Mapping[str, set[str]], copies_between: Mapping[PicturePair, int]
    ) -> None:
        self._sets, self._cannot_link = sets, cannot_link
        self._copies_between: dict[str, dict[str, int]] = defaultdict(dict)
        for (first, second), count in copies_between.items():
            if first != second:
                self._copies_between[first][second] = self._copies_between[second][first] = count

    def try_merge(self, first: str, second: str) -> bool:
        """Merge the sets of two copies if the rules allow it; return whether they were merged."""
        roots = self._sets.find(first), self._sets.find(second)
        first_set, second_set = (self._sets.members(root) for root in roots)
        if roots[0] == roots[1] or 2 * self._copies_between[roots[0]][roots[1]] < min(
            len(first_set) * len(second_set), MAX_COPIES_NEEDED
        ):
            return False
        if _is_separated(first_set, second_set, self._cannot_link):
            return False
        self._sets.union(*roots)
        self._replace_roots(roots, self._sets.find(first))
        return True

    def _replace_roots(self, old_roots: PicturePair, new_root: str) -> None:
        counts: dict[str, int] = {}
        for root in old_roots:
            for neighbour, count in self._copies_between.pop(root, {}).items():
                self._copies_between[neighbour].pop(root, None)
                if neighbour not in old_roots:
                    counts[neighbour] = counts.get(neighbour, 0) + count
        for neighbour, count in counts.items():
            self._copies_between[neighbour][new_root] = count
        self._copies_between[new_root] = counts
