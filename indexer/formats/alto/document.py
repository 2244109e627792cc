"""What a file says once for all its pages, and the ids of its elements."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from indexer.formats.alto.geometry import Notes
from indexer.formats.alto.reading_order import references
from indexer.formats.xml_loader import local_name
from indexer.records import Unit

UNITS: Mapping[str, Unit] = {
    "pixel": "pixel",
    "pixels": "pixel",
    "px": "pixel",
    "mm10": "mm10",
    "inch1200": "inch1200",
}

NAMES = frozenset(("NamedEntityTag", "NE", "RoleTag", "Role"))
"""Tags that speak of words, not of zones."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says once for all its pages."""

    order: Mapping[str, int]
    """Ids that a ReadingOrder names, with their places."""
    unit: Unit
    image: str
    tags: Mapping[str, str]
    warnings: tuple[str, ...]

    @classmethod
    def of(cls, root: etree._Element, warnings: tuple[str, ...]) -> "Document":
        written = (root.findtext("{*}Description/{*}MeasurementUnit") or "").strip()
        unit = UNITS.get(written.lower())
        if unit is None:
            said = f"MeasurementUnit {written[:30]!r} is unknown" if written else "no MeasurementUnit"
            warnings = (*warnings, f"{said}; taken for pixel")
        image = root.findtext("{*}Description/{*}sourceImageInformation/{*}fileName") or ""
        tags = {
            tag.get("ID", ""): tag.get("LABEL", "")
            for group in root.iterchildren("{*}Tags")
            for tag in group.iterchildren(etree.Element)
            if local_name(tag) not in NAMES
        }
        return cls(references(root), unit or "pixel", image.strip(), tags, warnings)

    def labels(self, element: etree._Element) -> list[str]:
        references = element.get("TAGREFS")
        return [label for ref in references.split() if (label := self.tags.get(ref))] if references else []


class Names:
    """Gives every element an id of its own: as written, else made from its place on the page."""

    def __init__(self, prefix: str, notes: Notes | None = None) -> None:
        self._prefix, self._notes = prefix, notes
        self._met: Counter[str] = Counter()
        self._given: set[str] = set()

    def of(self, element: etree._Element) -> str:
        local = local_name(element)
        self._met[local] += 1
        wanted = (element.get("ID") or "").strip()
        if not wanted:
            wanted = self._prefix + ("" if local == self._prefix else f"_{local}") + str(self._met[local])
        name = wanted
        while name in self._given:
            # A local name cannot be mistaken for an id here: ids have no space in them.
            self._met[f"id {wanted}"] += 1
            name = f"{wanted}-{self._met[f'id {wanted}'] + 1}"
        if name != wanted and self._notes:
            self._notes.say(f"the id {wanted[:60]} is used twice; the second is called {name[:70]}")
        self._given.add(name)
        return name
