"""METS with MODS: the catalogue record, the files, and the structure in pages and chapters."""

from collections.abc import Sequence
from itertools import groupby

from lxml import etree

from specimen.pages import Edition, TypesetPage
from specimen.xml_builder import XmlElement, add_element

METS = "http://www.loc.gov/METS/"
MODS = "http://www.loc.gov/mods/v3"
MIX = "http://www.loc.gov/mix/"
XLINK = "http://www.w3.org/1999/xlink"
DPI = 400
LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
DIV_TYPES = {"title": "TITLE_PAGE", "text": "PAGE", "plates": "PLATE", "blank": "PAGE", "imprint": "PAGE"}


def build_mets(edition: Edition, pages: Sequence[TypesetPage], names: Sequence[str]) -> XmlElement:
    root = etree.Element(f"{{{METS}}}mets", nsmap={"mets": METS, "mods": MODS, "mix": MIX, "xlink": XLINK})
    root.set("OBJID", edition.urn)
    root.set("TYPE", "Monograph")
    root.set("LABEL", edition.title)
    header = add_element(root, "metsHdr", CREATEDATE="2026-01-01T00:00:00")
    add_element(
        add_element(header, "agent", ROLE="CREATOR", TYPE="OTHER", OTHERTYPE="SOFTWARE"), "name", "specimen.make"
    )
    _write_record(root, edition)
    _write_scan_metadata(root, pages)
    _write_files(root, names)
    _write_physical_map(root, edition, pages)
    _write_logical_map(root, edition, pages)
    return root


def _write_record(root: XmlElement, edition: Edition) -> None:
    section = add_element(root, "dmdSec", ID="MODSMD_PRINT")
    data = add_element(add_element(section, "mdWrap", MIMETYPE="text/xml", MDTYPE="MODS"), "xmlData")
    mods = add_element(data, f"{{{MODS}}}mods")
    titles = add_element(mods, "titleInfo")
    add_element(titles, "title", edition.title)
    if edition.subtitle:
        add_element(titles, "subTitle", edition.subtitle)
    for surname, given_names in edition.authors:
        _write_author(mods, f"{surname}, {given_names}")
    add_element(mods, "typeOfResource", "text")
    add_element(mods, "genre", edition.genre, authority="marcgt")
    origin = add_element(mods, "originInfo")
    add_element(add_element(origin, "place"), "placeTerm", edition.place, type="text")
    add_element(origin, "publisher", edition.publisher)
    add_element(origin, "dateIssued", str(edition.year), encoding="marc", keyDate="yes")
    add_element(add_element(mods, "language"), "languageTerm", edition.language, type="code", authority="iso639-2b")
    add_element(add_element(mods, "physicalDescription"), "extent", edition.extent)
    for subject in edition.subjects:
        add_element(add_element(mods, "subject"), "topic", subject)
    add_element(mods, "identifier", edition.urn, type="urn")
    add_element(mods, "identifier", edition.id, type="local")
    licence = add_element(mods, "accessCondition", "CC0 1.0", type="use and reproduction")
    licence.set(f"{{{XLINK}}}href", LICENCE)
    add_element(add_element(mods, "recordInfo"), "recordContentSource", "Frontispiece")


def _write_author(mods: XmlElement, name: str) -> None:
    person = add_element(mods, "name", type="personal")
    add_element(person, "namePart", name)
    add_element(add_element(person, "role"), "roleTerm", "aut", type="code", authority="marcrelator")


def _write_scan_metadata(root: XmlElement, pages: Sequence[TypesetPage]) -> None:
    """Write the size and resolution of every scan in MIX, as docWORKS does."""
    section = add_element(root, "amdSec", ID="IMGPARAM")
    for page in pages:
        technical = add_element(section, "techMD", ID=f"IMGPARAM{page.number:05}")
        data = add_element(add_element(technical, "mdWrap", MIMETYPE="text/xml", MDTYPE="NISOIMG"), "xmlData")
        mix = add_element(data, f"{{{MIX}}}mix")
        capture = add_element(add_element(mix, "ImageCreation"), "ScanningSystemCapture")
        physical = add_element(
            add_element(add_element(capture, "ScanningSystemHardware"), "ScannerSettings"), "PhysScanResolution"
        )
        add_element(physical, "XphysScanResolution", str(DPI))
        add_element(physical, "YphysScanResolution", str(DPI))
        spatial = add_element(add_element(mix, "ImagingPerformanceAssessment"), "SpatialMetrics")
        add_element(spatial, "ImageWidth", str(page.width))
        add_element(spatial, "ImageLength", str(page.height))


def _write_files(root: XmlElement, names: Sequence[str]) -> None:
    section = add_element(root, "fileSec")
    for group, use, folder, extension, media_type in (
        ("IMG", "Images", "scans", "jpg", "image/jpeg"),
        ("ALTO", "Text", "alto", "xml", "text/xml"),
    ):
        files = add_element(section, "fileGrp", ID=f"{group}GRP", USE=use)
        for number, name in enumerate(names, 1):
            file = add_element(files, "file", ID=f"{group}{number:05}", GROUPID=number, SEQ=number, MIMETYPE=media_type)
            if group == "IMG":
                file.set("ADMID", f"IMGPARAM{number:05}")
            file_location = add_element(file, "FLocat", LOCTYPE="URL")
            file_location.set(f"{{{XLINK}}}type", "simple")
            file_location.set(f"{{{XLINK}}}href", f"{folder}/{name}.{extension}")


def _write_physical_map(root: XmlElement, edition: Edition, pages: Sequence[TypesetPage]) -> None:
    """Link each page to its two files: by `par` and `area` for docWORKS, else by two pointers."""
    book = _start_structure_map(root, "PHYSICAL", edition)
    for page in pages:
        page_division = add_element(
            book, "div", ID=f"DIVP{page.number:05}", TYPE=DIV_TYPES[page.kind], ORDER=page.number
        )
        if page.label:
            page_division.set("ORDERLABEL", page.label)
        if edition.alto_dialect == "docworks":
            parallel_files = add_element(add_element(page_division, "fptr"), "par")
            add_element(parallel_files, "area", FILEID=f"IMG{page.number:05}")
            add_element(parallel_files, "area", FILEID=f"ALTO{page.number:05}")
        else:
            add_element(page_division, "fptr", FILEID=f"IMG{page.number:05}")
            add_element(page_division, "fptr", FILEID=f"ALTO{page.number:05}")


def _write_logical_map(root: XmlElement, edition: Edition, pages: Sequence[TypesetPage]) -> None:
    book = _start_structure_map(root, "LOGICAL", edition)
    book.set("DMDID", "MODSMD_PRINT")
    for order, (chapter, chapter_pages) in enumerate(groupby(pages, key=lambda page: page.chapter), 1):
        division = add_element(
            book, "div", ID=f"DIVL{order + 1:05}", TYPE="CHAPTER" if chapter else "FRONT", ORDER=order
        )
        if chapter:
            division.set("LABEL", chapter.replace("|", ""))
        for chapter_page in chapter_pages:
            area = add_element(add_element(division, "fptr"), "area", FILEID=f"ALTO{chapter_page.number:05}")
            area.set("BETYPE", "IDREF")


def _start_structure_map(root: XmlElement, map_type: str, edition: Edition) -> XmlElement:
    structure_map = add_element(root, "structMap", TYPE=map_type, LABEL=f"{map_type.capitalize()} structure")
    return add_element(structure_map, "div", ID=f"DIV{map_type[0]}00001", TYPE="Monograph", LABEL=edition.title)
