"""OAI-PMH 2.0: what a response of a repository contains."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from core.errors import SourceError
from indexer.formats import xml_loader
from indexer.formats.xml_elements import children, descendants, local_name, text

ROOT_ELEMENTS = ("OAI-PMH", "ListRecords", "GetRecord")
"""Root elements of a response, or of a part of one."""


@dataclass(frozen=True, slots=True)
class OaiRecord:
    """One record: its identifier, and the element with its header and its metadata."""

    identifier: str
    is_deleted: bool
    element: etree._Element

    @property
    def has_mets(self) -> bool:
        return bool(descendants(self.element, "mets"))


@dataclass(frozen=True, slots=True)
class OaiResponse:
    """A response; a list of records goes on at the resumption token."""

    root: etree._Element
    error_code: str
    """`noRecordsMatch`, `badResumptionToken` and others; empty if the request was answered."""
    error_text: str
    resumption_token: str

    def records(self) -> Iterator[OaiRecord]:
        """Yield the records one by one."""
        for element in descendants(self.root, "record"):
            headers = children(element, "header")
            if not headers:
                continue
            is_deleted = (headers[0].get("status") or "").lower() == "deleted"
            yield OaiRecord(header_identifier(headers[0]), is_deleted, element)

    @property
    def root_has_records(self) -> bool:
        """Whether the answer is to a request for records, even if it has none."""
        return bool(children(self.root, "ListRecords", "GetRecord"))

    def metadata_prefixes(self) -> dict[str, str]:
        """Return the prefixes that ListMetadataFormats names, each with its namespace and schema."""
        return {
            text(prefix): " ".join(text(part) for part in children(metadata_format, "metadataNamespace", "schema"))
            for metadata_format in descendants(self.root, "metadataFormat")
            for prefix in children(metadata_format, "metadataPrefix")
        }


def header_identifier(header: etree._Element) -> str:
    """Return the identifier in the header of a record; empty if there is none."""
    return next((text(identifier) for identifier in children(header, "identifier")), "")


def describe_remainder(root: etree._Element) -> str:
    """Return what a saved list of records with METS has besides these, or lacks; empty if it is whole."""
    response = read_response(root)
    records_without_mets = sum(not record.is_deleted and not record.has_mets for record in response.records())
    parts = []
    if records_without_mets == 1:
        parts.append("one record without METS lists no pages and is left out")
    elif records_without_mets:
        parts.append(f"{records_without_mets:,} records without METS list no pages and are left out")
    if response.resumption_token:
        parts.append("the list goes on in further answers of the server; harvest its address to have all of it")
    return "; ".join(parts)


def identifier_around(element: etree._Element) -> str:
    """Return the identifier of the record around an element; empty if it is in none."""
    records = (ancestor for ancestor in element.iterancestors() if local_name(ancestor) == "record")
    headers = (header for record in records for header in children(record, "header"))
    return next(map(header_identifier, headers), "")


def parse_response(data: bytes, url: str, warnings: list[str]) -> OaiResponse:
    """Return the response at a URL; SourceError if it is none.

    XML that is not well-formed is read as far as possible, and a sentence is added to `warnings`.
    """
    root = xml_loader.parse(xml_loader.read_bytes(data, url), url, warnings)
    if local_name(root) != "OAI-PMH":
        raise SourceError(url, f"not an OAI-PMH answer: the root element is <{local_name(root)}>")
    return read_response(root)


def read_response(root: etree._Element) -> OaiResponse:
    """Return a response, or a file of records, by its root element."""
    errors = children(root, "error") if local_name(root) == "OAI-PMH" else []
    tokens = [text(token) for part in [root, *root] for token in children(part, "resumptionToken")]
    return OaiResponse(
        root=root,
        error_code=(errors[0].get("code") or "error") if errors else "",
        error_text=text(errors[0]) if errors else "",
        resumption_token=next(filter(None, tokens), ""),
    )
