"""The date of a MODS record: as it is printed, and the years that it names."""

import re
from dataclasses import replace

from lxml import etree

from core.dates import YearRange, first_years
from indexer.formats.catalogue_records.coded_dates import prefers_code
from indexer.formats.xml_elements import text

OPEN_END = "9999"
CALENDARS = (("hijri", "A.H."), ("islamic", "A.H."), ("jewish", "A.M."), ("hebrew", "A.M."))
"""Word in the attribute `calendar`, and the mark with which `core.dates` reads such a year."""


def mods_date(dates: list[etree._Element]) -> str:
    """Return the date as printed, without an encoding, else the encoded one."""
    return _date_text(_printed_dates(dates)) or _date_text(dates)


def mods_years(dates: list[etree._Element]) -> YearRange | None:
    """Return the years of the dates of one event."""
    printed, coded = _date_text(_printed_dates(dates)), _date_text([date for date in dates if date.get("encoding")])
    texts = [coded, printed] if prefers_code(printed, coded) else [printed, coded]
    years = first_years([*texts, *map(_calendar_text, dates)])
    is_doubtful = any(date.get("qualifier") in ("approximate", "questionable") for date in dates)
    return replace(years, is_certain=False) if years and is_doubtful else years


def _printed_dates(dates: list[etree._Element]) -> list[etree._Element]:
    return [date for date in dates if not date.get("encoding")]


def _date_text(dates: list[etree._Element]) -> str:
    """Return `1850-1860` for a start and an end, else the best date."""
    dates = sorted(dates, key=_rank)
    starts = [_calendar_text(date) for date in dates if date.get("point") == "start"]
    ends = [text(date) for date in dates if date.get("point") == "end"]
    if starts and ends:
        return f"{starts[0]}-{'' if ends[0] == OPEN_END else ends[0]}"
    return _calendar_text(dates[0]) if dates else ""


def _rank(date: etree._Element) -> tuple[bool, bool, bool]:
    return (date.get("point") == "end", date.get("keyDate") != "yes", date.get("encoding") is not None)


def _calendar_text(date: etree._Element) -> str:
    """Return `A.H. 1106` for the bare year of another calendar."""
    calendar = (date.get("calendar") or "").lower()
    mark = next((mark for word, mark in CALENDARS if word in calendar), "")
    return f"{mark} {text(date)}" if mark and re.fullmatch(r"\d{3,4}", text(date)) else text(date)
