"""Small METS documents for tests."""

from collections.abc import Mapping

from indexer.formats import mets, xml_loader
from indexer.formats.mets import Mets

NAMESPACES = (
    'xmlns:m="http://www.loc.gov/METS/" xmlns:mods="http://www.loc.gov/mods/v3" xmlns:x="http://www.w3.org/1999/xlink"'
)


def section_xml(section_id: str, content: str) -> str:
    """Return a descriptive section with any content."""
    return f'<m:dmdSec ID="{section_id}"><m:mdWrap><m:xmlData>{content}</m:xmlData></m:mdWrap></m:dmdSec>'


def record_xml(section_id: str, record_id: str, title: str, date: str, *, number: str = "") -> str:
    """Return a descriptive section with MODS; empty values are left out."""
    parts = {
        f"<mods:titleInfo><mods:title>{title}</mods:title></mods:titleInfo>": title,
        f"<mods:originInfo><mods:dateIssued>{date}</mods:dateIssued></mods:originInfo>": date,
        f"<mods:part><mods:detail><mods:number>{number}</mods:number></mods:detail></mods:part>": number,
        f"<mods:recordInfo><mods:recordIdentifier>{record_id}</mods:recordIdentifier></mods:recordInfo>": record_id,
    }
    return section_xml(section_id, f"<mods:mods>{''.join(xml for xml, value in parts.items() if value)}</mods:mods>")


def structured_mets(
    sections: str,
    structure: str,
    name: str = "x.xml",
    *,
    links: Mapping[str, str] | None = None,
    attributes: str = "",
) -> Mets:
    """Read a METS from its sections and its logical structure; `links` gives divisions the ids of their pages."""
    pages = dict.fromkeys(page for value in (links or {}).values() for page in value.split())
    physical = "".join(f'<m:div TYPE="page" ID="{page}"/>' for page in pages)
    link_xml = "".join(
        f'<m:smLink x:from="{division}" x:to="{page}"/>'
        for division, value in (links or {}).items()
        for page in value.split()
    )
    xml = (
        f"<m:mets {NAMESPACES} {attributes}>{sections}<m:structMap TYPE='LOGICAL'>{structure}</m:structMap>"
        f"<m:structMap TYPE='PHYSICAL'><m:div ID='physical'>{physical}</m:div></m:structMap>"
        f"<m:structLink>{link_xml}</m:structLink></m:mets>"
    )
    return mets.parse_mets(xml_loader.parse(xml.encode(), name), name)
