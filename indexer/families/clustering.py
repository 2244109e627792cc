"""Pairs → families: pure, the same for the same pairs in any order, and never against what a person decided."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from indexer.families.judging import Tier

Pair = tuple[str, str]
"""Two ids, the smaller first."""

Family = frozenset[str]

ENOUGH = 10
"""Pairs between two groups, half of which must be copies. More are not asked for: of a large family a picture's
nearest (`NEIGHBOURS`) are only some."""


@dataclass(frozen=True, slots=True)
class Link:
    """A pair that was judged to be copies."""

    tier: Tier
    cosine: float


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's word: these belong together, or the first belongs to none of the others."""

    together: bool
    pictures: tuple[str, ...]
    by: str
    at: str
    """ISO 8601; of two that contradict each other the later one counts."""


@dataclass(slots=True)
class Groups:
    """Disjoint sets of ids: whoever was never joined is a set of his own."""

    _parent: dict[str, str] = field(default_factory=dict)
    _members: dict[str, set[str]] = field(default_factory=dict)

    def of(self, id_: str) -> str:
        """The group's name."""
        root = id_
        while (parent := self._parent.get(root, root)) != root:
            root = parent
        while (parent := self._parent.get(id_, id_)) != root:
            self._parent[id_], id_ = root, parent
        return root

    def members(self, id_: str) -> Collection[str]:
        root = self.of(id_)
        return self._members.get(root, {root})

    def join(self, one: str, other: str) -> None:
        roots = sorted({self.of(one), self.of(other)}, key=lambda root: (-len(self.members(root)), root))
        for small in roots[1:]:
            self._members.setdefault(roots[0], {roots[0]}).update(self._members.pop(small, {small}))
            self._parent[small] = roots[0]

    def all(self) -> Iterator[Collection[str]]:
        """Those of more than one."""
        return iter(self._members.values())


def pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def components(links: Iterable[Pair], decisions: Iterable[Decision]) -> list[Family]:
    """What could at most become one family each."""
    groups = Groups()
    for one, other in links:
        groups.join(one, other)
    for decision in decisions:
        if decision.together:
            for other in decision.pictures[1:]:
                groups.join(decision.pictures[0], other)
    return sorted(map(frozenset, groups.all()), key=min)


def families(links: Mapping[Pair, Link], decisions: Sequence[Decision]) -> list[Family]:
    """The strongest pair first; two groups become one when half of what is between them are copies.

    A chain of look-alikes, each like the next only, so never becomes a family.
    """
    groups, apart = _decided(decisions)
    between: dict[Pair, int] = {}
    order = sorted(links, key=lambda each: (links[each].tier, -links[each].cosine, each))
    for one, other in order:
        roots = pair(groups.of(one), groups.of(other))
        between[roots] = between.get(roots, 0) + 1
    merging = _Merging(groups, apart, between)
    # A group that has grown may have what it lacked before.
    while sum(merging.attempt(one, other) for one, other in order):
        pass
    return sorted(map(frozenset, groups.all()), key=min)


def _decided(decisions: Sequence[Decision]) -> tuple[Groups, dict[str, set[str]]]:
    """The latest first: what an earlier one says against it is not done."""
    groups, apart = Groups(), defaultdict[str, set[str]](set)
    for decision in sorted(decisions, key=lambda each: (each.at, each.pictures), reverse=True):
        if decision.together:
            _join(decision.pictures, groups, apart)
        else:
            one = decision.pictures[0]
            for other in decision.pictures[1:]:
                if groups.of(one) != groups.of(other):
                    apart[one].add(other)
                    apart[other].add(one)
    return groups, apart


def _join(pictures: Sequence[str], groups: Groups, apart: Mapping[str, set[str]]) -> None:
    """All of them, but for those that a later decision keeps apart."""
    heads: list[str] = []
    for one in pictures:
        fitting = (head for head in heads if not _kept_apart(groups.members(head), groups.members(one), apart))
        if head := next(fitting, None):
            groups.join(head, one)
        else:
            heads.append(one)


def _kept_apart(ones: Collection[str], others: Collection[str], apart: Mapping[str, set[str]]) -> bool:
    return any(one in ones and not cannot.isdisjoint(others) for one, cannot in apart.items())


class _Merging:
    """Groups, and how many copies there are between any two of them."""

    def __init__(self, groups: Groups, apart: Mapping[str, set[str]], between: Mapping[Pair, int]) -> None:
        self._groups, self._apart = groups, apart
        self._between: dict[str, dict[str, int]] = defaultdict(dict)
        for (one, other), count in between.items():
            if one != other:
                self._between[one][other] = self._between[other][one] = count

    def attempt(self, one: str, other: str) -> bool:
        """Joins the groups of two copies if they may be joined."""
        old = self._groups.of(one), self._groups.of(other)
        ones, others = (self._groups.members(root) for root in old)
        if old[0] == old[1] or 2 * self._between[old[0]][old[1]] < min(len(ones) * len(others), ENOUGH):
            return False
        if _kept_apart(ones, others, self._apart):
            return False
        self._groups.join(*old)
        self._renamed(old, self._groups.of(one))
        return True

    def _renamed(self, old: Pair, new: str) -> None:
        merged: dict[str, int] = {}
        for name in old:
            for neighbour, count in self._between.pop(name, {}).items():
                self._between[neighbour].pop(name, None)
                if neighbour not in old:
                    merged[neighbour] = merged.get(neighbour, 0) + count
        for neighbour, count in merged.items():
            self._between[neighbour][new] = count
        self._between[new] = merged
