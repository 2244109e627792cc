"""A kind of file as it looks, by name, by first bytes or by root element, and what the report says of it."""

import re
import zlib
from dataclasses import dataclass
from functools import cached_property

from core.errors import ProblemCode
from indexer.formats import xml_loader

HEAD_BYTES = 8192
"""Bytes that are read at the start of a file, and at the end of JSON, where `@context` may come last (BnF)."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def content_pattern(pattern: bytes) -> re.Pattern[bytes]:
    """Return a pattern for the start of a file."""
    return re.compile(pattern, re.DOTALL)


def suffix_pattern(suffixes: str) -> re.Pattern[str]:
    """Return a pattern for names that end in one of the suffixes."""
    return re.compile(rf".*\.(?:{suffixes})", re.DOTALL)


TAR_HEAD = content_pattern(rb".{257}ustar")


@dataclass(frozen=True)
class FileHead:
    """The name and the first bytes of a file."""

    name: str
    """In lower case."""
    raw_data: bytes
    tail: bytes = b""
    """The last bytes, of JSON only."""

    @cached_property
    def data(self) -> bytes:
        """The first bytes, unpacked if they are gzipped tar or XML, and the last ones."""
        if self.raw_data.startswith(xml_loader.GZIP_MAGIC):
            try:
                unpacked = zlib.decompressobj(wbits=31).decompress(self.raw_data, HEAD_BYTES)
            except zlib.error:
                return self.raw_data
            return unpacked if TAR_HEAD.match(unpacked) or unpacked.lstrip().startswith(b"<") else self.raw_data
        return self.raw_data.removeprefix(BYTE_ORDER_MARK) + self.tail

    @cached_property
    def root(self) -> str:
        """The local name of the root element; empty if the file is not XML."""
        return xml_loader.root_element_in(self.data) if self.data.lstrip()[:1] in (b"<", b"\xff", b"\xfe") else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKind:
    """A format, or another reason why files are treated alike; names, roots and content must match if given."""

    singular: str
    plural: str = ""
    """The singular with an s, if empty."""
    verdict: str = "not read"
    """What happens to the files; empty if `singular` and `plural` are whole sentences."""
    advice: str = ""
    is_ignored: bool = False
    """Whether users expect that such files are passed over."""
    code: ProblemCode = ProblemCode.UNSUPPORTED
    names: re.Pattern[str] | None = None
    """The whole name, in lower case."""
    roots: tuple[str, ...] = ()
    """Local names of the root element."""
    content: re.Pattern[bytes] | None = None
    """The start of the file."""

    def matches(self, head: FileHead) -> bool:
        if self.names and not self.names.fullmatch(head.name):
            return False
        if self.roots and head.root not in self.roots:
            return False
        return self.content is None or bool(self.content.match(head.data))

    def describe(self, count: int) -> str:
        """Return what happens to so many files, such as `3 hOCR files are not read`."""
        noun = self.singular if count == 1 else self.plural or f"{self.singular}s"
        if not self.verdict:
            return f"{count:,} {noun}"
        sentence = f"{count:,} {noun} {'is' if count == 1 else 'are'} {self.verdict}"
        return f"{sentence}; {self.advice}" if self.advice else sentence
