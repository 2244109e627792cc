"""Binary MARC (ISO 2709) in MARC-8 or UTF-8 → pymarc's records."""

import re
import warnings as python_warnings
from collections.abc import Iterator

from pymarc import Record
from pymarc.exceptions import PymarcException

RECORD_TERMINATOR = b"\x1d"
LEADER = re.compile(rb"\d{5}[a-z][a-z][a-z ][ a-z#0-9][ a-z#0-9]2\d\d{5}.{3}45", re.DOTALL)
"""Length, status, type, level, control, encoding, two counts, base address, and the sizes in the directory."""
ENCODING_POSITION = 9

MARC8_ACCENTED = re.compile(
    rb"(?i)[\xe0-\xfb\xfe]*"
    rb"(?:\xe1[aeiouwyn]|\xe2[aeiouyrslnczgmpkw]|\xe3[aeiouwycghjsz]|\xe4[anoiuevy]|[\xe5\xe6][aeiouyg]"
    rb"|\xe7[zegciabdfhmnprstwxy]|\xe8[aeiouywhx]|\xe9[csznrdetalgkjhiou]|\xea[auewy]"
    rb"|[\xeb\xec\xfa\xfb][a-z ]|\xed[a-z]"
    rb"|\xee[ou]|\xef[a-z]|\xf0[cstkgnlrdhe]|\xf1[aeiuo]|[\xf2\xf3\xf4][a-z]|[\xf5\xf6][a-z]|\xf7[st]"
    rb"|\xf8[cdt]|\xf9[h]|\xfe[a-z])"
)
"""Accents and the letters that carry them, which follow in MARC-8. In Windows-1252 the same bytes are letters with an
accent, before any letter."""
HIGH_BYTE = re.compile(rb"[\x80-\xff]")
MARC8_SPACING = frozenset(range(0xA1, 0xC9))
MARC8_ESCAPE = b"\x1b"


def is_binary_marc(head: bytes) -> bool:
    """Return whether a file begins with the leader of a binary MARC record."""
    return bool(LEADER.match(head.lstrip(b"\xef\xbb\xbf\r\n \x00\x1d")))


def read_binary_marc(data: bytes, warnings: list[str]) -> Iterator[Record]:
    """Yield the records of a file; for each that is broken or wrongly encoded a warning is added.

    Records are told apart by their terminator, so one with a wrong length spoils no other.
    """
    position = 0
    for number, chunk in enumerate(data.split(RECORD_TERMINATOR), 1):
        content = chunk.lstrip(b"\xef\xbb\xbf\r\n \x00\x1a")
        if content:
            place = f"record {number} (byte {position + len(chunk) - len(content):,})"
            if record := _read_record(content + RECORD_TERMINATOR, place, warnings):
                yield record
        position += len(chunk) + 1


def _read_record(data: bytes, place: str, warnings: list[str]) -> Record | None:
    if not LEADER.match(data):
        warnings.append(f"{place} has no MARC leader and is left out")
        return None
    encoding = _guess_encoding(data)
    flag = "UTF-8" if data[ENCODING_POSITION : ENCODING_POSITION + 1] == b"a" else "MARC-8"
    if encoding != flag:
        warnings.append(f"{place} is {encoding} although its leader says {flag}; it is read as {encoding}")
    try:
        return _decode(data, encoding)
    except (PymarcException, ValueError, IndexError, KeyError, AssertionError) as error:
        cause = str(error) or type(error).__name__
        warnings.append(f"{place} is damaged and left out ({cause})")
        return None


def _decode(data: bytes, encoding: str) -> Record:
    flag = b"a" if encoding == "UTF-8" else b" "
    flagged_data = data[:ENCODING_POSITION] + flag + data[ENCODING_POSITION + 1 :]
    # pymarc compares the length with that in the leader, which is often wrong where the rest is right.
    flagged_data = b"%05d" % min(len(data), 99999) + flagged_data[5:]
    with python_warnings.catch_warnings():
        python_warnings.simplefilter("ignore")
        return Record(
            data=flagged_data,
            hide_utf8_warnings=True,
            file_encoding="cp1252" if encoding == "Windows-1252" else "iso8859-1",
        )


def _guess_encoding(data: bytes) -> str:
    """Return `UTF-8`, `MARC-8` or `Windows-1252`; the flag in the leader decides nothing that the bytes tell."""
    if data[ENCODING_POSITION : ENCODING_POSITION + 1] == b"a" and not HIGH_BYTE.search(data):
        return "UTF-8"
    if not HIGH_BYTE.search(data) or MARC8_ESCAPE in data:
        return "MARC-8"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "MARC-8" if _is_marc8(data) else "Windows-1252"
    return "UTF-8"


def _is_marc8(data: bytes) -> bool:
    """Return whether each byte above 127 is one of MARC-8: a letter, or an accent before the letter that carries it."""
    remainder = MARC8_ACCENTED.sub(b"", data)
    return all(match[0][0] in MARC8_SPACING for match in HIGH_BYTE.finditer(remainder))
