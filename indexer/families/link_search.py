"""Search for copies of pictures, and for copies of those copies, until no more are found."""

from collections.abc import Iterable, Mapping, Sequence

from indexer.elasticsearch.family_decisions import Decision
from indexer.elasticsearch.family_pictures import FamilyPicture, FamilyPictures
from indexer.families.clustering import Link, PicturePair, ordered_pair
from indexer.families.copy_detection import CopyDetector
from indexer.images.perceptual_hashes import EMPTY_HASH


class LinkSearch:
    """Collects links between pictures, and every picture that may be in a family with the first ones."""

    def __init__(self, picture_index: FamilyPictures, detector: CopyDetector, decisions: Sequence[Decision]) -> None:
        self._picture_index, self._detector = picture_index, detector
        self._merged_groups = [set(decision.pictures) for decision in decisions if decision.together]
        self.hashes: dict[str, str] = {}
        """Hashes that the index does not have because a dry run does not write them."""
        self._searched: set[str] = set()
        self._expanded_families: set[str] = set()
        self.links: dict[PicturePair, Link] = {}
        self.pictures: dict[str, FamilyPicture] = {}

    def search(self, pictures: Mapping[str, FamilyPicture]) -> None:
        """Search for copies of these pictures and add a link for each."""
        hashes = {
            id_: hash_
            for id_, picture in pictures.items()
            if (hash_ := self._hash_of(id_, picture.hash)) not in ("", EMPTY_HASH)
        }
        model_name, min_cosine = self._detector.model, self._detector.near_threshold.min_cosine
        for id_, neighbours in self._picture_index.find_neighbours(list(hashes), model_name, min_cosine):
            for neighbour in neighbours:
                tier = self._detector.tier(neighbour.cosine, hashes[id_], self._hash_of(neighbour.id, neighbour.hash))
                if tier:
                    self.links[ordered_pair(id_, neighbour.id)] = Link(tier, neighbour.cosine)
                    # Only pictures with a copy are remembered, so memory does not grow with the collection.
                    self._searched.add(id_)

    def search_connected(self, start: Iterable[str]) -> None:
        """Search for copies of these pictures and of all pictures that a family, link or decision connects to them."""
        pending, visited = {*start, *self._linked_pictures()}, set[str]()
        while pending:
            pictures = self._picture_index.get_visible(sorted(pending))
            self.pictures |= pictures
            self.search({id_: picture for id_, picture in pictures.items() if id_ not in self._searched})
            visited |= pending
            pending = self._related_pictures(pictures) - visited

    def _related_pictures(self, pictures: Mapping[str, FamilyPicture]) -> set[str]:
        families = {picture.family["id"] for picture in pictures.values() if picture.family} - self._expanded_families
        self._expanded_families |= families
        merged_groups = (group for group in self._merged_groups if not group.isdisjoint(pictures))
        return {
            *self._linked_pictures(),
            *self._picture_index.members(sorted(families)),
            *(id_ for group in merged_groups for id_ in group),
        }

    def _linked_pictures(self) -> set[str]:
        return {id_ for picture_pair in self.links for id_ in picture_pair}

    def _hash_of(self, id_: str, indexed_hash: str) -> str:
        return self.hashes.get(id_) or indexed_hash
