"""MARCXML → pymarc's record; pymarc's own XML reader has no limits on size and entities."""

from lxml import etree
from pymarc import Field, Indicators, Record, Subfield

from indexer.formats.xml_elements import children, local_name, text

LEADER_LENGTH, TAG_LENGTH = 24, 3
FIXED_FIELD = "100"


def build_record(element: etree._Element) -> Record:
    """Return the record of a `record` element of MARCXML or MarcXchange."""
    leader = next(("".join(map(str, leader.itertext())) for leader in children(element, "leader")), "")
    # Other lengths are damage, and pymarc would try to make numbers of them.
    fields = [
        _build_field(field)
        for field in children(element, "controlfield", "datafield")
        if len(field.get("tag") or "") == TAG_LENGTH
    ]
    return Record(fields=fields, leader=leader.ljust(LEADER_LENGTH)[:LEADER_LENGTH])


def _build_field(element: etree._Element) -> Field:
    tag = element.get("tag") or ""
    if local_name(element) == "controlfield":
        return Field(tag, data=_raw_text(element))
    indicators = Indicators(element.get("ind1") or "", element.get("ind2") or "")
    # In UNIMARC's field 100 the place of a character is its meaning.
    read_text = _raw_text if tag == FIXED_FIELD else text
    # Without a code nobody knows what a subfield is.
    parts = [part for part in children(element, "subfield") if len(part.get("code") or "") == 1]
    return Field(tag, indicators, [Subfield(part.get("code") or "", read_text(part)) for part in parts])


def _raw_text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))
