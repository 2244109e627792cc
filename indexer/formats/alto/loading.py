"""The faults of real ALTO files that are repaired before and after the XML parser."""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from core.errors import AltoError, ProblemCode, SourceError
from indexer.formats import xml_loader
from indexer.formats.xml_elements import local_name

# docWORKS exports of NB repeat the declaration; Transkribus exports begin with a newline.
XML_PROLOG = re.compile(rb"(\xef\xbb\xbf)?(\s*)((?:<\?xml\s[^>]{0,200}\?>\s*)*)")
XML_DECLARATION = re.compile(rb"<\?xml\s[^>]{0,200}\?>")


def parse(source: Path | bytes, name: str) -> tuple[etree._Element, list[str]]:
    """Return the root of an ALTO document, and a sentence for each fault of its XML that was repaired.

    Raises AltoError if the file cannot be read, is not XML, or is not ALTO.
    """
    warnings: list[str] = []
    try:
        data = _normalise_declaration(xml_loader.read_bytes(source, name, warnings), warnings)
        root = xml_loader.parse(data, name, warnings, remove_blank_text=True)
    except SourceError as error:
        raise AltoError(error.file, error.reason, error.location, code=error.code) from error
    if (root_name := local_name(root)).lower() != "alto":
        raise AltoError(name, f"not ALTO: the root element is <{root_name[:60]}>", code=ProblemCode.UNSUPPORTED)
    _strip_attribute_prefixes(root)
    return root, warnings


def _normalise_declaration(data: bytes, warnings: list[str]) -> bytes:
    """Return the document with one XML declaration at its very start, as parsers demand."""
    prolog_match = XML_PROLOG.match(data, 0, 4096)
    if prolog_match is None or not prolog_match[3]:
        return data
    declarations = XML_DECLARATION.findall(prolog_match[3])
    if not prolog_match[2] and len(declarations) == 1:
        return data
    if prolog_match[2]:
        warnings.append("white space before the XML declaration")
    if len(declarations) > 1:
        warnings.append(f"{len(declarations)} XML declarations; only the first one counts")
    return bytes(declarations[0]) + data[prolog_match.end() :]


def _strip_attribute_prefixes(root: etree._Element) -> None:
    """Rename `default:HPOS` to `HPOS`: one exporter at the SBB qualifies every attribute."""
    page = next(root.iter("{*}Page"), None)
    if page is None or not any(str(key).endswith(("}ID", "}WIDTH", "}HEIGHT")) for key in page.keys()):  # noqa: SIM118
        return
    for element in root.iter(etree.Element):
        for key, value in _qualified_attributes(element):
            if element.get(key) is None:
                element.set(key, value)


def _qualified_attributes(element: etree._Element) -> Iterator[tuple[str, str]]:
    for key, value in element.items():
        if (name := str(key)).startswith("{"):
            yield name.rpartition("}")[2], str(value)
