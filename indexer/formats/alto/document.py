"""The facts that a file states once for all its pages, and unique ids for its elements."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from indexer.formats.alto.geometry import WarningLog
from indexer.formats.alto.reading_order import reading_order_places
from indexer.formats.xml_elements import local_name
from indexer.records import Unit

UNITS: Mapping[str, Unit] = {
    "pixel": "pixel",
    "pixels": "pixel",
    "px": "pixel",
    "mm10": "mm10",
    "inch1200": "inch1200",
}

NON_ZONE_TAGS = frozenset(("NamedEntityTag", "NE", "RoleTag", "Role"))
"""Tags for words, not for zones."""


@dataclass(frozen=True, slots=True)
class AltoDocument:
    """The facts that a file states once for all its pages."""

    reading_order: Mapping[str, int]
    """Id → place in the ReadingOrder."""
    unit: Unit
    image_file_name: str
    tags: Mapping[str, str]
    warnings: tuple[str, ...]

    @classmethod
    def from_root(cls, root: etree._Element, warnings: tuple[str, ...]) -> "AltoDocument":
        written_unit = (root.findtext("{*}Description/{*}MeasurementUnit") or "").strip()
        unit = UNITS.get(written_unit.lower())
        if unit is None:
            problem = f"MeasurementUnit {written_unit[:30]!r} is unknown" if written_unit else "no MeasurementUnit"
            warnings = (*warnings, f"{problem}; pixel is assumed")
        image_file_name = root.findtext("{*}Description/{*}sourceImageInformation/{*}fileName") or ""
        tags = {
            tag.get("ID", ""): tag.get("LABEL", "")
            for group in root.iterchildren("{*}Tags")
            for tag in group.iterchildren(etree.Element)
            if local_name(tag) not in NON_ZONE_TAGS
        }
        return cls(reading_order_places(root), unit or "pixel", image_file_name.strip(), tags, warnings)

    def tag_labels(self, element: etree._Element) -> list[str]:
        tag_references = element.get("TAGREFS")
        return (
            [label for tag_id in tag_references.split() if (label := self.tags.get(tag_id))] if tag_references else []
        )


class IdAllocator:
    """Gives every element a unique id: the written one, else one made from its place on the page."""

    def __init__(self, prefix: str, warning_log: WarningLog | None = None) -> None:
        self._prefix, self._warning_log = prefix, warning_log
        self._counts: Counter[str] = Counter()
        self._used_ids: set[str] = set()

    def allocate(self, element: etree._Element) -> str:
        element_name = local_name(element)
        self._counts[element_name] += 1
        preferred_id = (element.get("ID") or "").strip()
        if not preferred_id:
            preferred_id = (
                self._prefix
                + ("" if element_name == self._prefix else f"_{element_name}")
                + str(self._counts[element_name])
            )
        unique_id = preferred_id
        while unique_id in self._used_ids:
            # The key has a space, so it cannot be an element's name.
            self._counts[f"id {preferred_id}"] += 1
            unique_id = f"{preferred_id}-{self._counts[f'id {preferred_id}'] + 1}"
        if unique_id != preferred_id and self._warning_log:
            self._warning_log.add(f"the id {preferred_id[:60]} is used twice; the second becomes {unique_id[:70]}")
        self._used_ids.add(unique_id)
        return unique_id
