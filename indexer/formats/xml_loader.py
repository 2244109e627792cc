"""XML of any kind: what a file is, its tree and what is in it; broken and hostile files become a `SourceError`."""

import gzip
import re
import zlib
from pathlib import Path
from typing import Any

from lxml import etree

from core.errors import SourceError

MAX_BYTES = 64 * 2**20
"""Bytes of one METS or record, unpacked; the METS of a volume of 1,000 pages is some 5 MB."""

HEAD_BYTES = 8192
"""Bytes that are read to see what a file is; a licence or a schema comment may come before the root."""

PROLOG_PATTERN = re.compile(r"<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>", re.DOTALL)
ROOT_TAG = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)[\s/>]")


class _EmptyResolver(etree.Resolver):
    """Answers every request for another document with an empty one."""

    # libxml2 reads an external DTD in spite of load_dtd=False, and takes entities from it.
    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:  # type: ignore[override]  # noqa: ARG002
        return self.resolve_empty(context)  # type: ignore[attr-defined]


def make_safe_parser(**options: Any) -> etree.XMLParser:
    """Takes nothing from outside the document, whatever the document asks for."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, **options)
    parser.resolvers.add(_EmptyResolver())
    return parser


def root_element_name(path: Path) -> str:
    """The local name of a file's root element, `alto` or `mets` even where the rest is broken; empty if it has none."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
            if head.startswith(b"\x1f\x8b"):
                head = zlib.decompressobj(wbits=31).decompress(head, HEAD_BYTES)
    except (OSError, zlib.error):
        return ""
    root_match = ROOT_TAG.search(PROLOG_PATTERN.sub("", _decode_head(head)))
    return root_match[1] if root_match else ""


def _decode_head(head: bytes) -> str:
    for byte_order_mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(byte_order_mark):
            return head.decode(encoding, "replace")
    return head.decode("utf-8", "replace")


def load(path: Path) -> etree._Element:
    """The root of a file on disk."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(str(path), getattr(error, "strerror", None) or str(error)) from error
    return parse(data, str(path))


def parse(data: bytes, name: str) -> etree._Element:
    """The root of a document; what is broken is told with its line."""
    if len(data) > MAX_BYTES:
        raise SourceError(name, f"larger than {MAX_BYTES // 2**20} MiB")
    if not data.strip():
        raise SourceError(name, "the file is empty")
    try:
        root = etree.fromstring(data.lstrip(), make_safe_parser())
    except etree.XMLSyntaxError as error:
        raise SourceError(name, f"not well-formed XML ({error.msg})", f"line {error.lineno}") from error
    except (etree.LxmlError, ValueError, LookupError) as error:
        raise SourceError(name, f"not XML ({error})") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise SourceError(name, "it has a document type declaration, the road by which entities come in")
    return root


def local_name(element: etree._Element) -> str:
    """The name without its namespace; empty for comments and processing instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def namespace(element: etree._Element) -> str:
    return element.tag.rpartition("}")[0][1:] if isinstance(element.tag, str) else ""


def children(element: etree._Element, *names: str) -> list[etree._Element]:
    """Child elements of any of these local names, in document order."""
    return [child for child in element if local_name(child) in names]


def descendants(element: etree._Element, *names: str) -> list[etree._Element]:
    """The element itself and what is below it, of any of these local names, in document order."""
    return list(element.iter(*(f"{{*}}{name}" for name in names)))


def text(element: etree._Element | None) -> str:
    """All that is written in an element, white space folded."""
    return "" if element is None else " ".join("".join(map(str, element.itertext())).split())


def texts(element: etree._Element, *names: str) -> list[str]:
    """The text of child elements, empty ones left out."""
    return [child_text for child in children(element, *names) if (child_text := text(child))]


def attribute(element: etree._Element, name: str) -> str:
    """An attribute whatever its namespace (`xlink:href`)."""
    return next(
        (str(value).strip() for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), ""
    )
