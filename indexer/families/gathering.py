"""From the pictures that are new or changed to all that may be of one family with them."""

from collections.abc import Iterable, Mapping, Sequence

from indexer.elasticsearch.family_pictures import Collection, Fact
from indexer.families.clustering import Decision, Link, Pair, pair
from indexer.families.judging import Judge
from indexer.images.perceptual_hashes import NOTHING


class Gathering:
    """Links between pictures, and what is known of every picture that is touched by one."""

    def __init__(self, collection: Collection, judge: Judge, decisions: Sequence[Decision]) -> None:
        self._collection, self._judge = collection, judge
        self._together = [set(each.pictures) for each in decisions if each.together]
        self.hashes: dict[str, str] = {}
        """Those that the index does not have: of a run that writes nothing."""
        self._asked: set[str] = set()
        self._families: set[str] = set()
        self.links: dict[Pair, Link] = {}
        self.facts: dict[str, Fact] = {}

    def ask(self, facts: Mapping[str, Fact]) -> None:
        """Looks for copies of each."""
        hashes = {
            id_: hash_ for id_, fact in facts.items() if (hash_ := self._hash(id_, fact.hash)) not in ("", NOTHING)
        }
        for id_, neighbours in self._collection.neighbours(list(hashes), self._judge):
            for each in neighbours:
                tier = self._judge.tier(each.cosine, hashes[id_], self._hash(each.id, each.hash))
                if tier:
                    self.links[pair(id_, each.id)] = Link(tier, each.cosine)
                    # Of the many that have no copy nothing is remembered.
                    self._asked.add(id_)

    def complete(self, begin: Iterable[str]) -> None:
        """Asks on until no family, link or decision leads to a picture that was not asked."""
        waiting, seen = {*begin, *self._linked()}, set[str]()
        while waiting:
            facts = self._collection.facts(sorted(waiting))
            self.facts |= facts
            self.ask({id_: fact for id_, fact in facts.items() if id_ not in self._asked})
            seen |= waiting
            waiting = self._reached(facts) - seen

    def _reached(self, facts: Mapping[str, Fact]) -> set[str]:
        families = {fact.family["id"] for fact in facts.values() if fact.family} - self._families
        self._families |= families
        mates = (group for group in self._together if not group.isdisjoint(facts))
        return {
            *self._linked(),
            *self._collection.members(sorted(families)),
            *(id_ for group in mates for id_ in group),
        }

    def _linked(self) -> set[str]:
        return {id_ for each in self.links for id_ in each}

    def _hash(self, id_: str, indexed: str) -> str:
        return self.hashes.get(id_) or indexed
