"""Which date of a MARC 21 record is printed, and which one gives the year."""

import re
from typing import NamedTuple

from pymarc import Field, Record

from core.dates import first_year
from indexer.formats.catalogue_records.coded_dates import prefers_code
from indexer.formats.catalogue_records.marc.fields import control_field, fields, subfields

RANGE_TYPES = "cdikmqu"
"""Date types of field 008 with a first and a last year: serials, collections, several volumes, questionable."""

QUESTIONABLE_TYPE = "q"
OPEN_END = "9999"
NO_DATE_TYPES = "bn"
"""Before Christ; unknown."""

PUBLICATION, PRODUCTION, DISTRIBUTION, MANUFACTURE, COPYRIGHT = ("1", " ", ""), ("0",), ("2",), ("3",), ("4",)


class MarcDate(NamedTuple):
    printed: str
    """As in the imprint, or from field 008 if that has none."""
    reading: str
    """The text that gives the year: the printed one, or field 008 where the printed one does not tell or errs."""


def publication_fields(record: Record) -> list[Field]:
    """Return the imprints: publication, or else production (of a manuscript), distribution, manufacture.

    The earliest comes first: indicator 2 means a later publisher of a serial, 3 the current one.
    """
    imprints = fields(record, "264")
    for indicators in (PUBLICATION, PRODUCTION, DISTRIBUTION, MANUFACTURE):
        chosen = [field for field in imprints if (field.indicator2 or "") in indicators]
        if indicators is PUBLICATION:
            chosen += fields(record, "260")
        if chosen:
            return sorted(chosen, key=lambda field: field.indicator1 or " ")
    return []


def marc_date(record: Record) -> MarcDate:
    """Return the printed date, and the date that gives the year."""
    copyright_fields = [field for field in fields(record, "264") if field.indicator2 in COPYRIGHT]
    dates = [date for field in [*publication_fields(record), *copyright_fields] for date in subfields(field, "c")]
    fixed_field = control_field(record, "008")
    coded_date = _date_of_008(fixed_field) or _date_of_046(record)
    printed = next((date for date in dates if first_year(date)), dates[0] if dates else "")
    # Facsimiles have the year of the original as second date.
    is_second_date = fixed_field[11:15] == str(first_year(printed))
    is_coded_better = _has_several_dates(record, fixed_field) or prefers_code(printed, coded_date)
    reading = coded_date if coded_date and not is_second_date and is_coded_better else printed
    is_questionable = fixed_field[6:7] == QUESTIONABLE_TYPE and reading == coded_date
    return MarcDate(dates[0] if dates else coded_date, f"{reading}?" if is_questionable else reading)


def _has_several_dates(record: Record, fixed_field: str) -> bool:
    """Return whether a serial or a work in volumes has imprints of several periods, which field 008 sums up."""
    dated_fields = [field for field in publication_fields(record) if any(map(first_year, subfields(field, "c")))]
    return len(dated_fields) > 1 and fixed_field[6:7] in RANGE_TYPES


def _date_of_008(fixed_field: str) -> str:
    """Return `1867`, `1867-1869`, `1994-` or `18--`; empty if the field has no date."""
    date_type, first, last = fixed_field[6:7], _clean_year(fixed_field[7:11]), _clean_year(fixed_field[11:15])
    if not first or date_type in NO_DATE_TYPES:
        return ""
    if date_type not in RANGE_TYPES or not last or last == first:
        return first
    return f"{first}-{'' if last == OPEN_END else last}"


def _clean_year(code: str) -> str:
    """Return four digits, or `18--` for `18uu`; empty for blanks and fill characters."""
    return code.replace("u", "-") if re.fullmatch(r"\d{2}(?:\d{2}|\du|uu)", code) else ""


def _date_of_046(record: Record) -> str:
    """Return the dates of publication or creation of field 046."""
    for field in fields(record, "046"):
        for first_code, last_code in ("ce", "kl", "op"):
            first, last = ("".join(subfields(field, code)[:1]) for code in (first_code, last_code))
            if first_year(first):
                return f"{first}-{last}" if first_year(last) and last != first else first
    return ""
