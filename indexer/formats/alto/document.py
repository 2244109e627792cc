"""The facts that a file states once for all its pages."""

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

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
