"""METS with MODS: the catalogue record, the files, and the pages and chapters they make up."""

from collections.abc import Sequence
from itertools import groupby

from lxml import etree

from specimen.pages import Edition, PrintedPage
from specimen.xml import Xml, element

METS = "http://www.loc.gov/METS/"
MODS = "http://www.loc.gov/mods/v3"
MIX = "http://www.loc.gov/mix/"
XLINK = "http://www.w3.org/1999/xlink"
DPI = 400
LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
TYPES = {"title": "TITLE_PAGE", "text": "PAGE", "plates": "PLATE", "blank": "PAGE", "imprint": "PAGE"}


def write(edition: Edition, pages: Sequence[PrintedPage], names: Sequence[str]) -> Xml:
    root = etree.Element(f"{{{METS}}}mets", nsmap={"mets": METS, "mods": MODS, "mix": MIX, "xlink": XLINK})
    root.set("OBJID", edition.urn)
    root.set("TYPE", "Monograph")
    root.set("LABEL", edition.title)
    header = element(root, "metsHdr", CREATEDATE="2026-01-01T00:00:00")
    element(element(header, "agent", ROLE="CREATOR", TYPE="OTHER", OTHERTYPE="SOFTWARE"), "name", "specimen.make")
    _record(root, edition)
    _scan_facts(root, pages)
    _files(root, names)
    _physical(root, edition, pages)
    _logical(root, edition, pages)
    return root


def _record(root: Xml, edition: Edition) -> None:
    section = element(root, "dmdSec", ID="MODSMD_PRINT")
    data = element(element(section, "mdWrap", MIMETYPE="text/xml", MDTYPE="MODS"), "xmlData")
    mods = element(data, f"{{{MODS}}}mods")
    titles = element(mods, "titleInfo")
    element(titles, "title", edition.title)
    if edition.subtitle:
        element(titles, "subTitle", edition.subtitle)
    for surname, given in edition.authors:
        _author(mods, f"{surname}, {given}")
    element(mods, "typeOfResource", "text")
    element(mods, "genre", edition.genre, authority="marcgt")
    origin = element(mods, "originInfo")
    element(element(origin, "place"), "placeTerm", edition.place, type="text")
    element(origin, "publisher", edition.publisher)
    element(origin, "dateIssued", str(edition.year), encoding="marc", keyDate="yes")
    element(element(mods, "language"), "languageTerm", edition.language, type="code", authority="iso639-2b")
    element(element(mods, "physicalDescription"), "extent", edition.extent)
    for subject in edition.subjects:
        element(element(mods, "subject"), "topic", subject)
    element(mods, "identifier", edition.urn, type="urn")
    element(mods, "identifier", edition.id, type="local")
    licence = element(mods, "accessCondition", "CC0 1.0", type="use and reproduction")
    licence.set(f"{{{XLINK}}}href", LICENCE)
    element(element(mods, "recordInfo"), "recordContentSource", "Frontispiece")


def _author(mods: Xml, name: str) -> None:
    person = element(mods, "name", type="personal")
    element(person, "namePart", name)
    element(element(person, "role"), "roleTerm", "aut", type="code", authority="marcrelator")


def _scan_facts(root: Xml, pages: Sequence[PrintedPage]) -> None:
    """Size and resolution of every scan, in MIX as docWORKS writes it."""
    section = element(root, "amdSec", ID="IMGPARAM")
    for page in pages:
        technical = element(section, "techMD", ID=f"IMGPARAM{page.number:05}")
        data = element(element(technical, "mdWrap", MIMETYPE="text/xml", MDTYPE="NISOIMG"), "xmlData")
        mix = element(data, f"{{{MIX}}}mix")
        capture = element(element(mix, "ImageCreation"), "ScanningSystemCapture")
        physical = element(element(element(capture, "ScanningSystemHardware"), "ScannerSettings"), "PhysScanResolution")
        element(physical, "XphysScanResolution", str(DPI))
        element(physical, "YphysScanResolution", str(DPI))
        spatial = element(element(mix, "ImagingPerformanceAssessment"), "SpatialMetrics")
        element(spatial, "ImageWidth", str(page.width))
        element(spatial, "ImageLength", str(page.height))


def _files(root: Xml, names: Sequence[str]) -> None:
    section = element(root, "fileSec")
    for group, use, folder, ending, media in (
        ("IMG", "Images", "scans", "jpg", "image/jpeg"),
        ("ALTO", "Text", "alto", "xml", "text/xml"),
    ):
        files = element(section, "fileGrp", ID=f"{group}GRP", USE=use)
        for number, name in enumerate(names, 1):
            file = element(files, "file", ID=f"{group}{number:05}", GROUPID=number, SEQ=number, MIMETYPE=media)
            if group == "IMG":
                file.set("ADMID", f"IMGPARAM{number:05}")
            place = element(file, "FLocat", LOCTYPE="URL")
            place.set(f"{{{XLINK}}}type", "simple")
            place.set(f"{{{XLINK}}}href", f"{folder}/{name}.{ending}")


def _physical(root: Xml, edition: Edition, pages: Sequence[PrintedPage]) -> None:
    """docWORKS ties a page's two files by `par` and `area`, the others by two pointers."""
    book = _map(root, "PHYSICAL", edition)
    for page in pages:
        leaf = element(book, "div", ID=f"DIVP{page.number:05}", TYPE=TYPES[page.kind], ORDER=page.number)
        if page.label:
            leaf.set("ORDERLABEL", page.label)
        if edition.alto == "docworks":
            together = element(element(leaf, "fptr"), "par")
            element(together, "area", FILEID=f"IMG{page.number:05}")
            element(together, "area", FILEID=f"ALTO{page.number:05}")
        else:
            element(leaf, "fptr", FILEID=f"IMG{page.number:05}")
            element(leaf, "fptr", FILEID=f"ALTO{page.number:05}")


def _logical(root: Xml, edition: Edition, pages: Sequence[PrintedPage]) -> None:
    book = _map(root, "LOGICAL", edition)
    book.set("DMDID", "MODSMD_PRINT")
    for order, (chapter, leaves) in enumerate(groupby(pages, key=lambda page: page.chapter), 1):
        part = element(book, "div", ID=f"DIVL{order + 1:05}", TYPE="CHAPTER" if chapter else "FRONT", ORDER=order)
        if chapter:
            part.set("LABEL", chapter.replace("|", ""))
        for leaf in leaves:
            area = element(element(part, "fptr"), "area", FILEID=f"ALTO{leaf.number:05}")
            area.set("BETYPE", "IDREF")


def _map(root: Xml, kind: str, edition: Edition) -> Xml:
    tree = element(root, "structMap", TYPE=kind, LABEL=f"{kind.capitalize()} structure")
    return element(tree, "div", ID=f"DIV{kind[0]}00001", TYPE="Monograph", LABEL=edition.title)
