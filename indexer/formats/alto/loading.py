"""Bytes that nobody vouches for, made into an element tree or an `AltoError`."""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from core.errors import AltoError
from indexer.formats.xml_loader import careful_parser, local_name

LIMIT = 64 * 2**20
"""Bytes of one file, unpacked. The largest real page we know is 1.3 MB, a whole issue in one file some 30 MB."""

GZIP = b"\x1f\x8b"

NO_DOCTYPE = "not ALTO: it has a document type declaration, the road by which entities come in"

# docWORKS exports of NB repeat the declaration; Transkribus exports begin with a newline.
HEAD = re.compile(rb"(\xef\xbb\xbf)?(\s*)((?:<\?xml\s[^>]{0,200}\?>\s*)*)")
DECLARATION = re.compile(rb"<\?xml\s[^>]{0,200}\?>")


def parse(source: Path | bytes, name: str) -> tuple[etree._Element, list[str]]:
    """The root of an ALTO document, and in sentences what was wrong with its XML."""
    warnings: list[str] = []
    data = _inflated(_loaded(source, name), name, warnings)
    data = _tidied(data, warnings)
    if b"<!DOCTYPE" in data:
        raise AltoError(name, NO_DOCTYPE, _line(data, b"<!DOCTYPE"))
    root = _root(data, name, warnings)
    # The same in an encoding in which the search above is blind.
    if root.getroottree().docinfo.internalDTD is not None:
        raise AltoError(name, NO_DOCTYPE)
    if (local := local_name(root)).lower() != "alto":
        raise AltoError(name, f"not ALTO: the root element is <{local[:60]}>")
    _make_attributes_plain(root)
    return root, warnings


def _loaded(source: Path | bytes, name: str) -> bytes:
    if isinstance(source, bytes):
        data = source
    else:
        try:
            with source.open("rb") as file:
                data = file.read(LIMIT + 1)
        except OSError as error:
            raise AltoError(name, error.strerror or str(error)) from error
        except ValueError as error:  # a NUL in the path
            raise AltoError(name, str(error)) from error
    if len(data) > LIMIT:
        raise AltoError(name, f"larger than {LIMIT // 2**20} MiB")
    if not data:
        raise AltoError(name, "the file is empty")
    return data


def _inflated(data: bytes, name: str, warnings: list[str]) -> bytes:
    if not data.startswith(GZIP):
        return data
    parts, size = [], 0
    try:
        while data.startswith(GZIP):
            gunzip = zlib.decompressobj(wbits=31)
            parts.append(gunzip.decompress(data, LIMIT + 1 - size))
            size += len(parts[-1])
            if size > LIMIT:
                raise AltoError(name, f"larger than {LIMIT // 2**20} MiB when unpacked")
            if not gunzip.eof:
                warnings.append("the gzip data end too early; read what is there")
                break
            data = gunzip.unused_data
    except zlib.error as error:
        if not size:
            raise AltoError(name, f"damaged gzip data ({error})") from error
        warnings.append(f"damaged gzip data ({error}); read what is there")
    return b"".join(parts)


def _tidied(data: bytes, warnings: list[str]) -> bytes:
    """One XML declaration at the very start, as parsers demand."""
    head = HEAD.match(data, 0, 4096)
    if head is None or not head[3]:
        return data
    declarations = DECLARATION.findall(head[3])
    if not head[2] and len(declarations) == 1:
        return data
    if head[2]:
        warnings.append("white space before the XML declaration")
    if len(declarations) > 1:
        warnings.append(f"{len(declarations)} XML declarations; only the first one counts")
    return bytes(declarations[0]) + data[head.end() :]


def _root(data: bytes, name: str, warnings: list[str]) -> etree._Element:
    try:
        return etree.fromstring(data, _parser(recover=False))
    except etree.XMLSyntaxError:
        return _recovered(data, name, warnings)
    except (etree.LxmlError, ValueError, LookupError) as error:
        raise AltoError(name, f"not XML ({error})") from error


def _recovered(data: bytes, name: str, warnings: list[str]) -> etree._Element:
    parser = _parser(recover=True)
    try:
        root: etree._Element | None = etree.fromstring(data, parser)
    except (etree.LxmlError, SyntaxError, ValueError, LookupError) as error:
        raise AltoError(name, f"not XML ({error})") from error
    log = list(parser.error_log)
    if huge := next((entry for entry in log if "XML_PARSE_HUGE" in entry.message), None):
        reason = huge.message.split(", ")[0].removesuffix(" use XML_PARSE_HUGE option").strip()
        raise AltoError(name, f"not like any page: {reason}", f"line {huge.line}")
    first = log[0] if log else None
    reason = first.message.strip() if first else "unknown error"
    if root is None:
        raise AltoError(name, f"not XML ({reason})", f"line {first.line}" if first else "")
    more = f" and {len(log) - 1} more" if len(log) > 1 else ""
    line = first.line if first else 1
    warnings.append(f"not well-formed, line {line}: {reason}{more}; read what can be read")
    return root


def _parser(*, recover: bool) -> etree.XMLParser:
    return careful_parser(
        recover=recover, collect_ids=False, remove_comments=True, remove_pis=True, remove_blank_text=True
    )


def _make_attributes_plain(root: etree._Element) -> None:
    """`default:HPOS` becomes `HPOS`: one exporter at the SBB qualified every attribute."""
    page = next(root.iter("{*}Page"), None)
    if page is None or not any(str(key).endswith(("}ID", "}WIDTH", "}HEIGHT")) for key in page.keys()):  # noqa: SIM118
        return
    for element in root.iter(etree.Element):
        for key, value in _qualified(element):
            if element.get(key) is None:
                element.set(key, value)


def _qualified(element: etree._Element) -> Iterator[tuple[str, str]]:
    for key, value in element.items():
        if (text := str(key)).startswith("{"):
            yield text.rpartition("}")[2], str(value)


def _line(data: bytes, mark: bytes) -> str:
    return "line " + str(data.count(b"\n", 0, data.index(mark)) + 1)
