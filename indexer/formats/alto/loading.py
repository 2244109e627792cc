"""Bytes that nobody vouches for, made into an element tree or an `AltoError`."""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from core.errors import AltoError
from indexer.formats.xml_loader import local_name, make_safe_parser

MAX_BYTES = 64 * 2**20
"""Bytes of one file, unpacked. The largest real page we know is 1.3 MB, a whole issue in one file some 30 MB."""

GZIP_MAGIC = b"\x1f\x8b"

DOCTYPE_REASON = "not ALTO: it has a document type declaration, the road by which entities come in"

# docWORKS exports of NB repeat the declaration; Transkribus exports begin with a newline.
XML_PROLOG = re.compile(rb"(\xef\xbb\xbf)?(\s*)((?:<\?xml\s[^>]{0,200}\?>\s*)*)")
XML_DECLARATION = re.compile(rb"<\?xml\s[^>]{0,200}\?>")


def parse(source: Path | bytes, name: str) -> tuple[etree._Element, list[str]]:
    """The root of an ALTO document, and in sentences what was wrong with its XML."""
    warnings: list[str] = []
    data = _decompress(_read_bytes(source, name), name, warnings)
    data = _normalise_declaration(data, warnings)
    if b"<!DOCTYPE" in data:
        raise AltoError(name, DOCTYPE_REASON, _line_number(data, b"<!DOCTYPE"))
    root = _parse_root(data, name, warnings)
    # The same in an encoding in which the search above is blind.
    if root.getroottree().docinfo.internalDTD is not None:
        raise AltoError(name, DOCTYPE_REASON)
    if (root_name := local_name(root)).lower() != "alto":
        raise AltoError(name, f"not ALTO: the root element is <{root_name[:60]}>")
    _strip_attribute_prefixes(root)
    return root, warnings


def _read_bytes(source: Path | bytes, name: str) -> bytes:
    if isinstance(source, bytes):
        data = source
    else:
        try:
            with source.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise AltoError(name, error.strerror or str(error)) from error
        except ValueError as error:  # a NUL in the path
            raise AltoError(name, str(error)) from error
    if len(data) > MAX_BYTES:
        raise AltoError(name, f"larger than {MAX_BYTES // 2**20} MiB")
    if not data:
        raise AltoError(name, "the file is empty")
    return data


def _decompress(data: bytes, name: str, warnings: list[str]) -> bytes:
    if not data.startswith(GZIP_MAGIC):
        return data
    chunks, size = [], 0
    try:
        while data.startswith(GZIP_MAGIC):
            decompressor = zlib.decompressobj(wbits=31)
            chunks.append(decompressor.decompress(data, MAX_BYTES + 1 - size))
            size += len(chunks[-1])
            if size > MAX_BYTES:
                raise AltoError(name, f"larger than {MAX_BYTES // 2**20} MiB when unpacked")
            if not decompressor.eof:
                warnings.append("the gzip data end too early; read what is there")
                break
            data = decompressor.unused_data
    except zlib.error as error:
        if not size:
            raise AltoError(name, f"damaged gzip data ({error})") from error
        warnings.append(f"damaged gzip data ({error}); read what is there")
    return b"".join(chunks)


def _normalise_declaration(data: bytes, warnings: list[str]) -> bytes:
    """One XML declaration at the very start, as parsers demand."""
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


def _parse_root(data: bytes, name: str, warnings: list[str]) -> etree._Element:
    try:
        return etree.fromstring(data, _make_parser(recover=False))
    except etree.XMLSyntaxError:
        return _parse_recovering(data, name, warnings)
    except (etree.LxmlError, ValueError, LookupError) as error:
        raise AltoError(name, f"not XML ({error})") from error


def _parse_recovering(data: bytes, name: str, warnings: list[str]) -> etree._Element:
    parser = _make_parser(recover=True)
    try:
        root: etree._Element | None = etree.fromstring(data, parser)
    except (etree.LxmlError, SyntaxError, ValueError, LookupError) as error:
        raise AltoError(name, f"not XML ({error})") from error
    log = list(parser.error_log)
    if size_error := next((entry for entry in log if "XML_PARSE_HUGE" in entry.message), None):
        reason = size_error.message.split(", ")[0].removesuffix(" use XML_PARSE_HUGE option").strip()
        raise AltoError(name, f"not like any page: {reason}", f"line {size_error.line}")
    first_error = log[0] if log else None
    reason = first_error.message.strip() if first_error else "unknown error"
    if root is None:
        raise AltoError(name, f"not XML ({reason})", f"line {first_error.line}" if first_error else "")
    more_errors = f" and {len(log) - 1} more" if len(log) > 1 else ""
    line = first_error.line if first_error else 1
    warnings.append(f"not well-formed, line {line}: {reason}{more_errors}; read what can be read")
    return root


def _make_parser(*, recover: bool) -> etree.XMLParser:
    return make_safe_parser(
        recover=recover, collect_ids=False, remove_comments=True, remove_pis=True, remove_blank_text=True
    )


def _strip_attribute_prefixes(root: etree._Element) -> None:
    """`default:HPOS` becomes `HPOS`: one exporter at the SBB qualified every attribute."""
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


def _line_number(data: bytes, marker: bytes) -> str:
    return "line " + str(data.count(b"\n", 0, data.index(marker)) + 1)
