"""BnF's refNum, the page list of a digitised document, → the pages of a book."""

from collections.abc import Iterator

from lxml import etree

from core.dates import first_years
from indexer.formats.catalogue_records.imprints import read_bnf_publisher
from indexer.formats.catalogue_records.named_roles import author_names
from indexer.formats.catalogue_records.titles import join_titles
from indexer.formats.catalogue_records.values import first_value, unique_values
from indexer.formats.mets.files import MetsFile
from indexer.formats.mets.pages import MetsPage
from indexer.formats.xml_elements import children, descendants, text, texts
from indexer.records import Book


def book_from_refnum(root: etree._Element) -> Book:
    """Return the record of a refNum; its id is BnF's number of the digital document, empty if there is none."""
    document = next(iter(descendants(root, "document")), root)
    identifier = (document.get("identifiant") or "").strip()
    record = next(iter(children(document, "bibliographie")), document)
    issue = ", ".join(" ".join([*texts(part, "type"), *texts(part, "valeur")]) for part in children(record, "tomaison"))
    dates = texts(record, "dateEdition")
    imprint = read_bnf_publisher(first_value(texts(record, "editeur")))
    references = [text(reference) for reference in children(record, "reference")]
    return Book(
        id=identifier,
        title=join_titles(first_value(texts(record, "titre")), issue),
        authors=author_names(texts(record, "auteur")),
        years=first_years(dates),
        date=first_value(dates),
        publisher=imprint.publisher,
        place=first_value(texts(record, "lieuEdition")) or imprint.place,
        languages=unique_values(texts(record, "langue")),
        type_of_work=first_value(texts(record, "genre")).lower(),
        identifiers=unique_values([identifier, *(value for value in references if value.startswith("ark:"))]),
    )


def pages_from_refnum(root: etree._Element) -> Iterator[MetsPage]:
    """Yield each view in order; BnF's ALTO of the scan `T0000001` is called `X0000001`."""
    views = descendants(root, "vueObjet")
    for view in sorted(views, key=lambda view: int(order) if (order := view.get("ordre") or "").isdecimal() else 0):
        images = [image for image in children(view, "image") if image.get("nomImage")]
        is_numbered = (view.get("typePagination") or "N").upper() != "N"
        yield MetsPage(
            id="",
            div_id=view.get("ordre") or "",
            label=(view.get("numeroPage") or "") if is_numbered else "",
            files=tuple(file for image in images for file in _image_files(image)),
        )


def _image_files(image: etree._Element) -> Iterator[MetsFile]:
    name, suffix = (image.get("nomImage") or "").strip(), (image.get("typeFichier") or "TIF").strip().lower()
    width, _, height = (image.get("dimension") or "").partition(",")
    has_size = width.isdecimal() and height.isdecimal()
    stem = name.rpartition(".")[0] if "." in name else name
    yield MetsFile(
        id=name,
        href=name if "." in name else f"{name}.{suffix}",
        width=int(width) if has_size else None,
        height=int(height) if has_size else None,
    )
    if stem[:1].upper() == "T":
        yield MetsFile(id=f"X{stem[1:]}", href=f"X{stem[1:]}.xml", mimetype="application/alto+xml")
