"""The Europeana Data Model: an object, its proxies, its aggregation and the entities they refer to → `Book`.

A provider writes the terms into the object (`edm:ProvidedCHO`), Europeana into one `Proxy` for each source.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from lxml import etree

from core.languages import language_codes
from indexer.formats.catalogue_records.dublin_core import has_dublin_core_terms, read_dublin_core
from indexer.formats.catalogue_records.merging import merge_records
from indexer.formats.catalogue_records.values import first_value
from indexer.formats.xml_elements import attribute, children, descendants, text, texts
from indexer.records import Book

OBJECT_ELEMENT = "ProvidedCHO"

XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def read_edm(provided_object: etree._Element, work_title: str = "") -> Book | None:
    """Return the record of an object with all that its document says about it; None if that has no title or names.

    `work_title` is the title of the work that the record describes a part of, if the record does not name it.
    """
    document = _document(provided_object)
    proxies = sorted(_resources_about(document, provided_object, "Proxy", "proxyFor"), key=_is_europeanas)
    descriptions = [element for element in (provided_object, *proxies) if has_dublin_core_terms(element)]
    if not descriptions:
        return None
    labels = _EntityLabels(document)
    records = [labels.write_out(element, attribute(provided_object, "about")) for element in descriptions]
    book = merge_records(read_dublin_core(record, work_title) for record in records)
    aggregations = list(_resources_about(document, provided_object, "Aggregation", "aggregatedCHO"))
    return replace(
        book,
        licence=first_value(_references(aggregations, "rights")) or book.licence,
        viewer=first_value(_references(aggregations, "isShownAt")) or book.viewer,
    )


def _document(provided_object: etree._Element) -> etree._Element:
    """Return the element with all resources: RDF, else what is around the object."""
    parent = provided_object.getparent()
    documents = provided_object.iterancestors("{*}RDF")
    return next(documents, provided_object if parent is None else parent)


def _resources_about(
    document: etree._Element, provided_object: etree._Element, name: str, relation: str
) -> Iterator[etree._Element]:
    """Yield the resources of a document that name the object in a relation; all, if it is the only object."""
    is_only_object = len(descendants(document, OBJECT_ELEMENT)) <= 1
    about = attribute(provided_object, "about")
    for resource in children(document, name):
        relations = children(resource, relation)
        is_about_object = any(
            attribute(reference, "resource") == about or provided_object in reference for reference in relations
        )
        if is_only_object or is_about_object:
            yield resource


def _is_europeanas(proxy: etree._Element) -> bool:
    """Return whether a proxy has what Europeana has added, not what the provider states."""
    return "true" in texts(proxy, "europeanaProxy")


def _references(resources: Iterable[etree._Element], name: str) -> Iterator[str]:
    """Yield the addresses, or else the texts, under a property."""
    for resource in resources:
        for element in children(resource, name):
            yield attribute(element, "resource") or text(element)


class _EntityLabels:
    """The labels of persons, places, concepts and periods, to which the terms of a record refer."""

    def __init__(self, document: etree._Element) -> None:
        elements = (element for element in document if isinstance(element.tag, str))
        self._entities = {about: element for element in elements if (about := attribute(element, "about"))}

    def write_out(self, description: etree._Element, about: str) -> etree._Element:
        """Return a copy of a description of the object, in which each reference to an entity is its label."""
        languages = tuple(language_codes(texts(description, "language")))
        record = etree.Element(description.tag)
        record.set("about", about)
        for term in description:
            if isinstance(term.tag, str):
                etree.SubElement(record, term.tag).text = self._value(term, languages)
        return record

    def _value(self, term: etree._Element, languages: Iterable[str]) -> str:
        nested_entity = next(iter(term), None) if descendants(term, "prefLabel") else None
        if nested_entity is not None:
            return _entity_label(nested_entity, languages)
        resource = attribute(term, "resource")
        return text(term) or (_entity_label(self._entities[resource], languages) if resource in self._entities else "")


def _entity_label(entity: etree._Element, languages: Iterable[str]) -> str:
    """Return the label in one of the languages of the record, else in none, else in English; a period has its years."""
    labels: dict[str, str] = {}
    for label in children(entity, "prefLabel"):
        labels.setdefault((label.get(XML_LANGUAGE) or "").partition("-")[0].lower(), text(label))
    preferred_labels = (labels.get(language, "") for language in (*languages, "", "en"))
    years = "/".join(dict.fromkeys([*texts(entity, "begin")[:1], *texts(entity, "end")[:1]]))
    return first_value([*preferred_labels, *labels.values(), years])
