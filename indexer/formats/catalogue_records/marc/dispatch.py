"""Which MARC a record is: MARC 21, UNIMARC, or the INTERMARC of the BnF, which is refused."""

import re

from lxml import etree
from pymarc import Record

from indexer.formats.catalogue_records.marc.fields import fields
from indexer.formats.catalogue_records.marc.marc21 import read_marc21
from indexer.formats.catalogue_records.marc.unimarc import read_unimarc
from indexer.records import Book

UNIMARC_GENERAL_DATA = re.compile(r"\d{8}[a-z]")
"""UNIMARC's field 100 $a: a day, and the type of the date; MARC 21 has the author there."""

OTHER_RECORD_TYPES = "quvwxyz"
"""Types in the leader of records of holdings, authorities, classification and community information."""


def read_marc(record: Record) -> Book | None:
    """Return the book of a MARC 21 or UNIMARC record; None if the record describes no book, such as one of holdings."""
    if str(record.leader)[6] in OTHER_RECORD_TYPES:
        return None
    return read_unimarc(record) if is_unimarc(record) else read_marc21(record)


def is_unimarc(record: Record) -> bool:
    """Return whether the record has its title in field 200 and no field 245."""
    if record.get("245") or not record.get("200"):
        return False
    has_general_data = any(UNIMARC_GENERAL_DATA.match(field.get("a") or "") for field in fields(record, "100"))
    return has_general_data or bool(fields(record, "101", "210", "214", "219", "700", "701", "710"))


def intermarc_reason(element: etree._Element) -> str:
    """Return why a `record` element of INTERMARC is not read; empty for other elements."""
    if (element.get("format") or "").lower().startswith("intermarc"):
        return "the record is INTERMARC; export it as UNIMARC, MARC 21 or Dublin Core"
    return ""
