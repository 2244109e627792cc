"""Keeps the field `family` of every picture as it should be: what is new, what is gone, what people decided."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image

from core.errors import FrontispieceError
from indexer.elasticsearch.family_decisions import Decisions
from indexer.elasticsearch.family_pictures import Collection, Fact
from indexer.families import naming
from indexer.families.clustering import Decision, components
from indexer.families.gathering import Gathering
from indexer.families.judging import judge, preferred
from indexer.images.perceptual_hashes import NOTHING, perceptual_hash

Advance = Callable[[int], None]


@dataclass(slots=True)
class Found:
    """What a run did, or would have done."""

    judged_by: str = ""
    looked_at: int = 0
    """Pictures whose copies were looked for."""
    flat: int = 0
    """Pictures with too little on them to tell one from the other."""
    unreadable: list[str] = field(default_factory=list)
    """Pictures whose crop is not on this machine."""
    exact_pairs: int = 0
    near_pairs: int = 0
    families: int = 0
    """Families that were made or looked at again."""
    pictures: int = 0
    """Pictures in these."""
    changed: int = 0
    """Pictures whose family is another than before."""

    def count(self, facts: Mapping[str, Fact]) -> None:
        self.looked_at += len(facts)
        self.flat += sum(fact.hash == NOTHING for fact in facts.values())
        self.unreadable += [id_ for id_, fact in facts.items() if not fact.hash]


class Families:
    """The families of one collection of pictures."""

    def __init__(self, collection: Collection, decisions: Decisions, crops: Path) -> None:
        self._collection, self._decisions, self._crops = collection, decisions, crops
        model = preferred(collection.models())
        if model is None:
            raise FrontispieceError("the index has no model's vectors, so there is nothing to find copies by")
        self._judge = judge(model)

    def to_do(self, *, everything: bool) -> int:
        """How many pictures `update` would look at."""
        return self._collection.count(hashed=None if self._all(everything=everything) else False)

    def update(self, *, everything: bool = False, dry_run: bool = False, advance: Advance = lambda _: None) -> Found:
        """Looks for copies of the new pictures; of all, where the last run judged otherwise or was stopped."""
        everything = self._all(everything=everything)
        self._collection.refresh()
        if not dry_run:
            self._collection.write_down({**self._finished, "finished": False})
        found = Found(judged_by=str(self._judge))
        begin = self._disturbed(everything=everything, dry_run=dry_run)
        gathering = Gathering(self._collection, self._judge, self._decisions.all())
        for facts in self._to_ask(found, everything=everything, dry_run=dry_run):
            if dry_run:
                gathering.hashes |= {id_: fact.hash for id_, fact in facts.items()}
            gathering.ask(facts)
            advance(len(facts))
        gathering.complete(begin)
        self._settle(gathering, found, dry_run=dry_run)
        if not dry_run:
            self._collection.write_down(self._finished)
        return found

    def split(self, picture: str, by: str) -> Found:
        """Takes a picture out of its family, for good."""
        fact = self._known([picture])[picture]
        if not fact.family:
            raise FrontispieceError(f"{picture} is in no family, so there is nothing to split")
        others = self._collection.members([fact.family["id"]]).keys() - {picture}
        return self._decide(Decision(together=False, pictures=(picture, *sorted(others)), by=by, at=_now()))

    def merge(self, pictures: Sequence[str], by: str) -> Found:
        """Makes one family of pictures and of the families that they are in, for good."""
        names = {fact.family["id"] for fact in self._known(pictures).values() if fact.family}
        whole = sorted({*pictures, *self._collection.members(sorted(names))})
        if len(whole) < 2:
            raise FrontispieceError("it takes two pictures to make a family")
        return self._decide(Decision(together=True, pictures=tuple(whole), by=by, at=_now()))

    def of(self, picture: str) -> dict[str, Fact]:
        """The picture's family, the oldest first; the picture alone where it has none."""
        fact = self._known([picture])[picture]
        members = self._collection.members([fact.family["id"]]) if fact.family else {picture: fact}
        return dict(sorted(members.items(), key=lambda each: (each[1].year is None, each[1].year, each[0])))

    def all(self) -> Iterator[tuple[str, int]]:
        """Every family's id and size."""
        return self._collection.family_sizes()

    @property
    def _finished(self) -> dict[str, Any]:
        return {"judge": self._judge.name, "finished": True}

    def _all(self, *, everything: bool) -> bool:
        return everything or self._collection.last_run() != self._finished

    def _known(self, pictures: Sequence[str]) -> dict[str, Fact]:
        self._collection.refresh()
        facts = self._collection.facts(pictures)
        if missing := [each for each in pictures if each not in facts]:
            raise FrontispieceError(f"there is no picture {', '.join(missing)}, or it is set aside")
        return facts

    def _decide(self, decision: Decision) -> Found:
        self._decisions.add(decision)
        found = Found(judged_by=str(self._judge))
        gathering = Gathering(self._collection, self._judge, self._decisions.all())
        gathering.complete(decision.pictures)
        self._settle(gathering, found, dry_run=False)
        return found

    def _disturbed(self, *, everything: bool, dry_run: bool) -> set[str]:
        """Pictures in families that lost a member, or that were judged otherwise; who is hidden is forgotten."""
        families = set(self._collection.changed_families())
        for facts in self._collection.hidden_since():
            families |= {fact.family["id"] for fact in facts.values() if fact.family}
            if not dry_run:
                self._collection.update({id_: {"hash": None, "family": None} for id_ in facts})
        disturbed = set(self._collection.members(sorted(families)))
        if everything:
            disturbed |= {id_ for facts in self._collection.in_families() for id_ in facts}
        return disturbed

    def _to_ask(self, found: Found, *, everything: bool, dry_run: bool) -> Iterator[dict[str, Fact]]:
        """Pictures with their hashes, some at a time."""
        if everything:
            for facts in self._collection.pictures(hashed=True):
                found.count(facts)
                yield facts
        # A picture that is indexed anew is written whole and so loses its hash: that it has none means that it is new.
        for facts in self._collection.pictures(hashed=False):
            hashed = {id_: replace(fact, hash=self._hash(fact)) for id_, fact in facts.items()}
            found.count(hashed)
            if not dry_run:
                self._collection.update({id_: {"hash": fact.hash} for id_, fact in hashed.items() if fact.hash})
                self._collection.refresh()
            yield hashed

    def _hash(self, fact: Fact) -> str:
        """Empty where the crop is not here."""
        try:
            with Image.open(self._crops / fact.crop) as image:
                return perceptual_hash(image)
        except (OSError, Image.DecompressionBombError):
            return ""

    def _settle(self, gathering: Gathering, found: Found, *, dry_run: bool) -> None:
        """Writes the field of every picture whose family is another than before."""
        facts = gathering.facts
        links = {each: link for each, link in gathering.links.items() if facts.keys() >= set(each)}
        decisions = [each for each in map(partial(_among, facts), self._decisions.all()) if each]
        families = naming.gathered(components(links, decisions), links, decisions)
        fields = naming.documents(families, facts, links, decisions, partial(self._taken, facts))
        changes = {
            id_: {"family": fields.get(id_)} for id_, fact in facts.items() if fields.get(id_, {}) != fact.family
        }
        tiers = Counter(link.tier for link in links.values())
        found.exact_pairs, found.near_pairs = tiers["exact"], tiers["near"]
        found.families, found.pictures = len(families), len(fields)
        found.changed = len(changes)
        if not dry_run:
            self._collection.update(changes)
            self._collection.refresh()

    def _taken(self, facts: Mapping[str, Fact], names: Iterable[str]) -> set[str]:
        """Of these names those that other families bear."""
        held = self._collection.members(sorted(names))
        return {fact.family["id"] for id_, fact in held.items() if id_ not in facts}


def _among(facts: Mapping[str, Fact], decision: Decision) -> Decision | None:
    """What a decision says of pictures that are there; None where that is nothing."""
    there = tuple(id_ for id_ in decision.pictures if id_ in facts)
    says = len(there) > 1 and (decision.together or there[0] == decision.pictures[0])
    return replace(decision, pictures=there) if says else None


def _now() -> str:
    return datetime.now(UTC).isoformat()
