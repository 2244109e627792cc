"""An imprint in one string: `Stockholm: Dar al-Muna, 2013`."""

import re
from typing import NamedTuple

from indexer.formats.catalogue_records.values import balance_brackets, unwrap_brackets

IMPRINT = re.compile(r"^(?P<place>[^:]+?)\s*:\s*(?P<publisher>.*?)[\s,]*(?P<date>\[?[^,]*\d{2}[^,]*)?$")
ISBD_IMPRINT = re.compile(r"^[^:]+\s:\s")
"""An imprint that has a blank before the colon, which no name has."""

PUBLISHER_AND_PLACE = re.compile(r"(?P<publisher>.+?)\s*\((?P<place>[^()]+)\)")


class Imprint(NamedTuple):
    place: str
    publisher: str
    date: str


def parse_imprint(imprint: str) -> Imprint:
    """Return place, publisher and date; without a colon after the place the text is the date."""
    match = IMPRINT.match(imprint)
    if match is None or imprint.startswith("http"):
        return Imprint("", "", imprint)
    place = unwrap_brackets(match["place"])
    # A bracket may be around the whole imprint.
    place = place if "]" in place else place.lstrip("[")
    return Imprint(place, balance_brackets((match["publisher"] or "").strip(" :,.")), match["date"] or "")


def read_bnf_publisher(publisher: str) -> Imprint:
    """Return the publisher as it is written and its place: the BnF writes `Pagnerre (Paris)`."""
    match = PUBLISHER_AND_PLACE.fullmatch(publisher)
    return Imprint(match["place"] if match else "", publisher, "")
