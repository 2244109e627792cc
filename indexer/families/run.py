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
from indexer.elasticsearch.family_decisions import FamilyDecisions
from indexer.elasticsearch.family_pictures import FamilyPicture, FamilyPictures
from indexer.families import family_fields
from indexer.families.clustering import Decision, connected_components
from indexer.families.copy_detection import best_model, copy_detector
from indexer.families.link_search import LinkSearch
from indexer.images.perceptual_hashes import EMPTY_HASH, perceptual_hash

AdvanceSearch = Callable[[int], None]


@dataclass(slots=True)
class FamilyReport:
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

    def add_pictures(self, pictures: Mapping[str, FamilyPicture]) -> None:
        self.looked_at += len(pictures)
        self.flat += sum(picture.hash == EMPTY_HASH for picture in pictures.values())
        self.unreadable += [id_ for id_, picture in pictures.items() if not picture.hash]


class Families:
    """The families of one collection of pictures."""

    def __init__(self, picture_index: FamilyPictures, decisions: FamilyDecisions, crops: Path) -> None:
        self._picture_index, self._decisions, self._crops = picture_index, decisions, crops
        model_name = best_model(picture_index.model_fingerprints())
        if model_name is None:
            raise FrontispieceError("the index has no model's vectors, so there is nothing to find copies by")
        self._detector = copy_detector(model_name)

    def count_pending(self, *, everything: bool) -> int:
        """How many pictures `update` would look at."""
        return self._picture_index.count(has_hash=None if self._must_search_all(everything=everything) else False)

    def update(
        self, *, everything: bool = False, dry_run: bool = False, advance: AdvanceSearch = lambda _: None
    ) -> FamilyReport:
        """Looks for copies of the new pictures; of all, where the last run judged otherwise or was stopped."""
        everything = self._must_search_all(everything=everything)
        self._picture_index.refresh()
        if not dry_run:
            self._picture_index.save_run({**self._finished_run, "finished": False})
        report = FamilyReport(judged_by=str(self._detector))
        affected_pictures = self._find_affected_pictures(everything=everything, dry_run=dry_run)
        link_search = LinkSearch(self._picture_index, self._detector, self._decisions.read_all())
        for pictures in self._read_pictures(report, everything=everything, dry_run=dry_run):
            if dry_run:
                link_search.hashes |= {id_: picture.hash for id_, picture in pictures.items()}
            link_search.search(pictures)
            advance(len(pictures))
        link_search.search_connected(affected_pictures)
        self._write_families(link_search, report, dry_run=dry_run)
        if not dry_run:
            self._picture_index.save_run(self._finished_run)
        return report

    def split(self, picture: str, decided_by: str) -> FamilyReport:
        """Takes a picture out of its family, for good."""
        family_picture = self._get_visible([picture])[picture]
        if not family_picture.family:
            raise FrontispieceError(f"{picture} is in no family, so there is nothing to split")
        others = self._picture_index.members([family_picture.family["id"]]).keys() - {picture}
        return self._record_decision(
            Decision(together=False, pictures=(picture, *sorted(others)), by=decided_by, at=_timestamp())
        )

    def merge(self, pictures: Sequence[str], decided_by: str) -> FamilyReport:
        """Makes one family of pictures and of the families that they are in, for good."""
        family_ids = {picture.family["id"] for picture in self._get_visible(pictures).values() if picture.family}
        members = sorted({*pictures, *self._picture_index.members(sorted(family_ids))})
        if len(members) < 2:
            raise FrontispieceError("it takes two pictures to make a family")
        return self._record_decision(Decision(together=True, pictures=tuple(members), by=decided_by, at=_timestamp()))

    def read_members(self, picture: str) -> dict[str, FamilyPicture]:
        """The picture's family, the oldest first; the picture alone where it has none."""
        family_picture = self._get_visible([picture])[picture]
        members = (
            self._picture_index.members([family_picture.family["id"]])
            if family_picture.family
            else {picture: family_picture}
        )
        return dict(sorted(members.items(), key=lambda item: (item[1].year is None, item[1].year, item[0])))

    def family_sizes(self) -> Iterator[tuple[str, int]]:
        """Every family's id and size."""
        return self._picture_index.family_sizes()

    @property
    def _finished_run(self) -> dict[str, Any]:
        return {"judge": self._detector.name, "finished": True}

    def _must_search_all(self, *, everything: bool) -> bool:
        return everything or self._picture_index.last_run() != self._finished_run

    def _get_visible(self, picture_ids: Sequence[str]) -> dict[str, FamilyPicture]:
        self._picture_index.refresh()
        visible = self._picture_index.get_visible(picture_ids)
        if missing := [id_ for id_ in picture_ids if id_ not in visible]:
            raise FrontispieceError(f"there is no picture {', '.join(missing)}, or it is set aside")
        return visible

    def _record_decision(self, decision: Decision) -> FamilyReport:
        self._decisions.add(decision)
        report = FamilyReport(judged_by=str(self._detector))
        link_search = LinkSearch(self._picture_index, self._detector, self._decisions.read_all())
        link_search.search_connected(decision.pictures)
        self._write_families(link_search, report, dry_run=False)
        return report

    def _find_affected_pictures(self, *, everything: bool, dry_run: bool) -> set[str]:
        """Pictures in families that lost a member, or that were judged otherwise; who is hidden is forgotten."""
        family_ids = set(self._picture_index.incomplete_families())
        for pictures in self._picture_index.read_newly_hidden():
            family_ids |= {picture.family["id"] for picture in pictures.values() if picture.family}
            if not dry_run:
                self._picture_index.update({id_: {"hash": None, "family": None} for id_ in pictures})
        affected_pictures = set(self._picture_index.members(sorted(family_ids)))
        if everything:
            affected_pictures |= {id_ for members in self._picture_index.read_family_members() for id_ in members}
        return affected_pictures

    def _read_pictures(
        self, report: FamilyReport, *, everything: bool, dry_run: bool
    ) -> Iterator[dict[str, FamilyPicture]]:
        """Pictures with their hashes, some at a time."""
        if everything:
            for pictures in self._picture_index.read_pictures(has_hash=True):
                report.add_pictures(pictures)
                yield pictures
        # A picture that is indexed anew is written whole and so loses its hash: that it has none means that it is new.
        for pictures in self._picture_index.read_pictures(has_hash=False):
            hashed_pictures = {
                id_: replace(picture, hash=self._read_hash(picture)) for id_, picture in pictures.items()
            }
            report.add_pictures(hashed_pictures)
            if not dry_run:
                self._picture_index.update(
                    {id_: {"hash": picture.hash} for id_, picture in hashed_pictures.items() if picture.hash}
                )
                self._picture_index.refresh()
            yield hashed_pictures

    def _read_hash(self, picture: FamilyPicture) -> str:
        """Empty where the crop is not here."""
        try:
            with Image.open(self._crops / picture.crop) as image:
                return perceptual_hash(image)
        except (OSError, Image.DecompressionBombError):
            return ""

    def _write_families(self, link_search: LinkSearch, report: FamilyReport, *, dry_run: bool) -> None:
        """Writes the field of every picture whose family is another than before."""
        pictures = link_search.pictures
        links = {
            picture_pair: link
            for picture_pair, link in link_search.links.items()
            if pictures.keys() >= set(picture_pair)
        }
        decisions = [
            decision for decision in map(partial(_restrict_decision, pictures), self._decisions.read_all()) if decision
        ]
        families = family_fields.cluster_components(connected_components(links, decisions), links, decisions)
        fields = family_fields.build_family_fields(
            families, pictures, links, decisions, partial(self._find_taken_ids, pictures)
        )
        changes = {
            id_: {"family": fields.get(id_)}
            for id_, picture in pictures.items()
            if fields.get(id_, {}) != picture.family
        }
        tiers = Counter(link.tier for link in links.values())
        report.exact_pairs, report.near_pairs = tiers["exact"], tiers["near"]
        report.families, report.pictures = len(families), len(fields)
        report.changed = len(changes)
        if not dry_run:
            self._picture_index.update(changes)
            self._picture_index.refresh()

    def _find_taken_ids(self, pictures: Mapping[str, FamilyPicture], family_ids: Iterable[str]) -> set[str]:
        """Of these names those that other families bear."""
        members = self._picture_index.members(sorted(family_ids))
        return {picture.family["id"] for id_, picture in members.items() if id_ not in pictures}


def _restrict_decision(pictures: Mapping[str, FamilyPicture], decision: Decision) -> Decision | None:
    """What a decision says of pictures that are there; None where that is nothing."""
    present = tuple(id_ for id_ in decision.pictures if id_ in pictures)
    applies = len(present) > 1 and (decision.together or present[0] == decision.pictures[0])
    return replace(decision, pictures=present) if applies else None


def _timestamp() -> str:
    return datetime.now(UTC).isoformat()
