"""The one loader of XML from untrusted files.

It limits sizes, expands no entities, reads nothing from the network or other files, and unpacks gzip. A file that
is broken or hostile raises SourceError.
"""

import re
import zlib
from pathlib import Path
from typing import Any

from lxml import etree

from core.errors import ProblemCode, SourceError

MAX_BYTES = 64 * 2**20
"""Bytes of one unpacked document. The METS of a volume of 1,000 pages has some 5 MB, the ALTO of a page up to 1.3 MB,
and the ALTO of a whole issue in one file some 30 MB."""

HEAD_BYTES = 8192
"""Bytes that are read to find the root element; a licence or a schema comment may come before it."""

GZIP_MAGIC = b"\x1f\x8b"

PROLOG_PATTERN = re.compile(r"<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>", re.DOTALL)
DOCTYPE_REASON = "it has a document type declaration, which could bring in entities from elsewhere"
BYTE_ORDER_MARKS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))

XHTML_NAMESPACE = b"http://www.w3.org/1999/xhtml"
DOCTYPE_WITHOUT_SUBSET = re.compile(rb"<!DOCTYPE[^>\[]*>", re.IGNORECASE)
HTML_ENCODING = re.compile(
    rb"""(?:\bcharset\s*=|<\?xml[^>]{0,100}\bencoding\s*=)\s*["']?([\w.:-]{1,40})""", re.IGNORECASE
)

ROOT_TAG = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)[\s/>]")


class _EmptyResolver(etree.Resolver):
    """Resolves every reference to another document to an empty one."""

    # libxml2 reads an external DTD even with load_dtd=False, and takes entities from it.
    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:  # type: ignore[override]  # noqa: ARG002
        return self.resolve_empty(context)  # type: ignore[attr-defined]


def root_element_name(source: Path | bytes) -> str:
    """Return the local name of a document's root element, even if the rest is broken; empty if it has none."""
    return root_element_in(read_head(source))


def read_head(source: Path | bytes) -> bytes:
    """Return the first bytes of a document, unpacked if they are gzipped; none if it cannot be read."""
    try:
        if isinstance(source, bytes):
            head = source[:HEAD_BYTES]
        else:
            with source.open("rb") as file:
                head = file.read(HEAD_BYTES)
        if head.startswith(GZIP_MAGIC):
            head = zlib.decompressobj(wbits=31).decompress(head, HEAD_BYTES)
    except (OSError, zlib.error):
        return b""
    return head


def root_element_in(head: bytes) -> str:
    """Return the local name of the root element in the first bytes of a file, empty if they have none."""
    root_match = ROOT_TAG.search(PROLOG_PATTERN.sub("", _decode_head(head)))
    return root_match[1] if root_match else ""


def load(path: Path) -> etree._Element:
    """Return the root of a file on disk, plain or gzipped; SourceError if it is not well-formed XML."""
    return parse(read_bytes(path, str(path)), str(path))


def read_bytes(source: Path | bytes, name: str, warnings: list[str] | None = None) -> bytes:
    """Return the bytes of a document, unpacked if they are gzipped.

    Damaged gzip data raises SourceError, except with `warnings`: then the part that could be unpacked is returned and
    a warning is added.
    """
    if isinstance(source, bytes):
        data = source
    else:
        try:
            with source.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except (OSError, ValueError) as error:  # ValueError: a NUL in the path
            reason = getattr(error, "strerror", None) or str(error)
            raise SourceError(name, reason, code=ProblemCode.UNREADABLE) from error
    _check_size(data, name)
    return _decompress(data, name, warnings) if data.startswith(GZIP_MAGIC) else data


def parse(
    data: bytes, name: str, warnings: list[str] | None = None, *, remove_blank_text: bool = False
) -> etree._Element:
    """Return the root of a document, without comments and processing instructions.

    XML that is not well-formed raises SourceError with the line, except with `warnings`: then the parser recovers as
    much as it can and a warning is added. `remove_blank_text` drops white space between elements.
    """
    _check_size(data, name)
    data = data.lstrip()
    try:
        root = etree.fromstring(data, _make_parser(remove_blank_text=remove_blank_text))
    except etree.XMLSyntaxError as error:
        if warnings is None:
            raise SourceError(name, f"not well-formed XML ({error.msg})", f"line {error.lineno}") from error
        root = _parse_recovering(data, name, warnings, _make_parser(remove_blank_text=remove_blank_text, recover=True))
    except (etree.LxmlError, ValueError, LookupError) as error:
        raise SourceError(name, f"not XML ({error})") from error
    _check_doctype(root, data, name)
    return root


def drop_doctype(data: bytes) -> bytes:
    """Return the document without a document type declaration that only names the type (`<!DOCTYPE DjVuXML>`)."""
    declaration = DOCTYPE_WITHOUT_SUBSET.search(data[:HEAD_BYTES])
    return data[: declaration.start()] + data[declaration.end() :] if declaration else data


def parse_html(data: bytes, name: str) -> etree._Element:
    """Return the root of an HTML document: of XHTML as XML if it is well-formed, otherwise as browsers read HTML.

    A document type declaration is passed over; what it declares is not known.
    """
    _check_size(data, name)
    if XHTML_NAMESPACE in data[:HEAD_BYTES]:
        try:
            return parse(drop_doctype(data), name)
        except SourceError:
            pass
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root: etree._Element | None = etree.fromstring(_html_as_utf_8(data), parser)
    except (etree.LxmlError, SyntaxError, ValueError, LookupError) as error:
        raise SourceError(name, f"not HTML ({error})") from error
    if root is None:
        raise SourceError(name, "not HTML")
    return root


def _html_as_utf_8(data: bytes) -> bytes:
    """Return the document in UTF-8: from the encoding that it declares, else from UTF-8 or Windows-1252."""
    head = data[:HEAD_BYTES]
    declared = HTML_ENCODING.search(head)
    encoding = declared[1].decode() if declared else "utf-8"
    encoding = next((name for mark, name in BYTE_ORDER_MARKS if head.startswith(mark)), encoding)
    try:
        text = data.decode(encoding)
    except UnicodeError:
        text = data.decode("utf-8" if declared else "cp1252", "replace")
    except LookupError:
        text = data.decode("utf-8", "replace")
    return text.encode(errors="replace")


def _make_parser(*, remove_blank_text: bool, recover: bool = False) -> etree.XMLParser:
    """Return a parser that takes nothing from outside the document."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=recover,
        collect_ids=False,
        remove_comments=True,
        remove_pis=True,
        remove_blank_text=remove_blank_text,
    )
    parser.resolvers.add(_EmptyResolver())
    return parser


def _check_size(data: bytes, name: str) -> None:
    if len(data) > MAX_BYTES:
        raise SourceError(name, f"larger than {MAX_BYTES // 2**20} MiB", code=ProblemCode.TOO_LARGE)
    if not data or data.isspace():
        raise SourceError(name, "the file is empty", code=ProblemCode.EMPTY)


def _check_doctype(root: etree._Element, data: bytes, name: str) -> None:
    """Refuse a document type declaration: no format that we read needs one, and it can define entities."""
    if root.getroottree().docinfo.internalDTD is not None:
        before, marker, _ = data.partition(b"<!DOCTYPE")
        line = before.count(b"\n") + 1
        raise SourceError(name, DOCTYPE_REASON, f"line {line}" if marker else "")


def _decompress(data: bytes, name: str, warnings: list[str] | None) -> bytes:
    """Return the unpacked members of a gzip file."""
    chunks, size, damage = [], 0, ""
    try:
        while data.startswith(GZIP_MAGIC):
            decompressor = zlib.decompressobj(wbits=31)
            chunks.append(decompressor.decompress(data, MAX_BYTES + 1 - size))
            size += len(chunks[-1])
            if size > MAX_BYTES:
                reason = f"larger than {MAX_BYTES // 2**20} MiB when unpacked"
                raise SourceError(name, reason, code=ProblemCode.TOO_LARGE)
            if not decompressor.eof:
                damage = "the gzip data end too early"
                break
            data = decompressor.unused_data
    except zlib.error as error:
        damage = f"damaged gzip data ({error})"
    if damage and (warnings is None or not size):
        raise SourceError(name, damage)
    if damage and warnings is not None:
        warnings.append(f"{damage}; the part before the damage is read")
    return b"".join(chunks)


def _parse_recovering(data: bytes, name: str, warnings: list[str], parser: etree.XMLParser) -> etree._Element:
    """Return what the parser can save of a document that is not well-formed, and add a warning."""
    try:
        root: etree._Element | None = etree.fromstring(data, parser)
    except (etree.LxmlError, SyntaxError, ValueError, LookupError) as error:
        raise SourceError(name, f"not XML ({error})") from error
    log = list(parser.error_log)
    if size_error := next((entry for entry in log if "XML_PARSE_HUGE" in entry.message), None):
        reason = size_error.message.split(", ")[0].removesuffix(" use XML_PARSE_HUGE option").strip()
        raise SourceError(name, f"beyond the parser's limits: {reason}", f"line {size_error.line}")
    reason = log[0].message.strip() if log else "unknown error"
    if root is None:
        raise SourceError(name, f"not XML ({reason})", f"line {log[0].line}" if log else "")
    more_errors = f" and {len(log) - 1} more" if len(log) > 1 else ""
    warnings.append(
        f"not well-formed, line {log[0].line if log else 1}: {reason}{more_errors}; the rest is read as far as possible"
    )
    return root


def _decode_head(head: bytes) -> str:
    for byte_order_mark, encoding in BYTE_ORDER_MARKS:
        if head.startswith(byte_order_mark):
            return head.decode(encoding, "replace")
    return head.decode("utf-8", "replace")
