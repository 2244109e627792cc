"""Update the field `family` of the pictures: after indexing, after removals, and after people's decisions."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from PIL import Image

from core.crop_stores import CropStore
from core.errors import FrontispieceError
from core.timestamps import utc_timestamp
from indexer.elasticsearch.family_decisions import Decision, FamilyDecisions
from indexer.elasticsearch.family_pictures import FamilyPicture, FamilyPictures
from indexer.families import family_fields
from indexer.families.clustering import connected_components
from indexer.families.copy_detection import best_model, copy_detector
from indexer.families.link_search import LinkSearch
from indexer.images.perceptual_hashes import EMPTY_HASH, perceptual_hash

AdvanceSearch = Callable[[int], None]
"""Receives the number of pictures that were just searched."""


@dataclass(slots=True)
class FamilyReport:
    """Counts of one run, or of what a dry run would do."""

    detected_by: str = ""
    """The method that decided what is a copy."""
    searched_count: int = 0
    """Pictures for which copies were searched."""
    flat_count: int = 0
    """Pictures with too little detail to compare."""
    unreadable_ids: list[str] = field(default_factory=list)
    """Ids of pictures whose crop is not on this machine."""
    exact_pairs: int = 0
    near_pairs: int = 0
    family_count: int = 0
    """Families that are new or were checked again."""
    picture_count: int = 0
    """Pictures in these families."""
    changed_count: int = 0
    """Pictures whose field `family` changed."""

    def add_pictures(self, pictures: Mapping[str, FamilyPicture]) -> None:
        self.searched_count += len(pictures)
        self.flat_count += sum(picture.hash == EMPTY_HASH for picture in pictures.values())
        self.unreadable_ids += [id_ for id_, picture in pictures.items() if not picture.hash]


class Families:
    """The families of one collection of pictures."""

    def __init__(self, picture_index: FamilyPictures, decisions: FamilyDecisions, crops: CropStore) -> None:
        self._picture_index, self._decisions, self._crops = picture_index, decisions, crops
        model_name = best_model(picture_index.model_fingerprints())
        if model_name is None:
            raise FrontispieceError("the index has no vectors, which are needed to find copies")
        self._detector = copy_detector(model_name)

    def count_pending(self, *, everything: bool) -> int:
        """Return how many pictures `update` would search for copies."""
        return self._picture_index.count(has_hash=None if self._must_search_all(everything=everything) else False)

    def update(
        self, *, everything: bool = False, dry_run: bool = False, advance: AdvanceSearch = lambda _: None
    ) -> FamilyReport:
        """Search for copies of the new pictures, and write the families.

        All pictures are searched if `everything` is true, if the last run used another method, or if it was
        interrupted.
        """
        everything = self._must_search_all(everything=everything)
        self._picture_index.refresh()
        if not dry_run:
            self._picture_index.save_run({**self._finished_run, "finished": False})
        report = FamilyReport(detected_by=str(self._detector))
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
        """Take a picture out of its family permanently."""
        family_picture = self._get_visible([picture])[picture]
        if not family_picture.family:
            raise FrontispieceError(f"{picture} is in no family")
        others = self._picture_index.members([family_picture.family["id"]]).keys() - {picture}
        return self._record_decision(
            Decision(
                together=False, pictures=(picture, *sorted(others)), by=decided_by, at=utc_timestamp("microseconds")
            )
        )

    def merge(self, pictures: Sequence[str], decided_by: str) -> FamilyReport:
        """Merge pictures, and the families that they are in, into one family permanently."""
        family_ids = {picture.family["id"] for picture in self._get_visible(pictures).values() if picture.family}
        members = sorted({*pictures, *self._picture_index.members(sorted(family_ids))})
        if len(members) < 2:
            raise FrontispieceError("a family needs at least two pictures")
        return self._record_decision(
            Decision(together=True, pictures=tuple(members), by=decided_by, at=utc_timestamp("microseconds"))
        )

    def read_members(self, picture: str) -> dict[str, FamilyPicture]:
        """Return the members of the picture's family, the oldest first; only the picture if it has no family."""
        family_picture = self._get_visible([picture])[picture]
        members = (
            self._picture_index.members([family_picture.family["id"]])
            if family_picture.family
            else {picture: family_picture}
        )
        return dict(sorted(members.items(), key=lambda item: (item[1].year is None, item[1].year, item[0])))

    def family_sizes(self) -> Iterator[tuple[str, int]]:
        """Yield the id and size of every family."""
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
            raise FrontispieceError(f"there is no picture {', '.join(missing)}, or it is hidden")
        return visible

    def _record_decision(self, decision: Decision) -> FamilyReport:
        self._decisions.add(decision)
        report = FamilyReport(detected_by=str(self._detector))
        link_search = LinkSearch(self._picture_index, self._detector, self._decisions.read_all())
        link_search.search_connected(decision.pictures)
        self._write_families(link_search, report, dry_run=False)
        return report

    def _find_affected_pictures(self, *, everything: bool, dry_run: bool) -> set[str]:
        """Return the members of families that lost a member; clear hash and family of pictures that were hidden.

        If all pictures are searched, every member of a family is affected.
        """
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
        """Yield batches of pictures to search, with their hashes; hash the new ones."""
        if everything:
            for pictures in self._picture_index.read_pictures(has_hash=True):
                report.add_pictures(pictures)
                yield pictures
        # Indexing replaces the whole document, so a picture without a hash is new or was indexed again.
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
        """Return the perceptual hash of the crop; empty if the crop is not to be had."""
        try:
            if not (file := self._crops.find(picture.crop)):
                return ""
            with Image.open(file) as image:
                return perceptual_hash(image)
        except (OSError, Image.DecompressionBombError):
            return ""

    def _write_families(self, link_search: LinkSearch, report: FamilyReport, *, dry_run: bool) -> None:
        """Write the field `family` of every picture where it changed."""
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
        report.family_count, report.picture_count = len(families), len(fields)
        report.changed_count = len(changes)
        if not dry_run:
            self._picture_index.update(changes)
            self._picture_index.refresh()

    def _find_taken_ids(self, pictures: Mapping[str, FamilyPicture], family_ids: Iterable[str]) -> set[str]:
        """Return those of these ids that families of other pictures have."""
        members = self._picture_index.members(sorted(family_ids))
        return {picture.family["id"] for id_, picture in members.items() if id_ not in pictures}


def _restrict_decision(pictures: Mapping[str, FamilyPicture], decision: Decision) -> Decision | None:
    """Reduce a decision to the pictures that exist; return None if nothing is left to decide."""
    present = tuple(id_ for id_ in decision.pictures if id_ in pictures)
    applies = len(present) > 1 and (decision.together or present[0] == decision.pictures[0])
    return replace(decision, pictures=present) if applies else None
