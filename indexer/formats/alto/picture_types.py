"""Which names stand for a picture, in the vocabularies of docWORKS, SegmOnto, PAGE-XML and others."""

import re
from functools import lru_cache

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-zà-ÿ]+")

PICTURES = frozenset(
    WORD.findall(
        "cartoon chart coat decoration diagram drawing dropcap dropcapital emblem engraving figure graph graphic"
        " graphicalelement illustration illustrations image images initial linedrawing map miniature music notation"
        " ornament painting photo photograph picture portrait print score seal stamp vignette"
    )
)
"""First word of a ComposedBlock's TYPE or of a zone's tag. SegmOnto: Graphic, DropCapital, Music, Stamp, Seal; not
Damage, DigitizationArtefact, Table or QuireMarks."""

NOT_PICTURES = frozenset(
    WORD.findall("caption desc description figdesc head heading label legend list text textual title")
)
"""A second word that makes text of it: LADaS has `GraphicZone-FigDesc`, `-Head` and `-TextualContent`."""

# What the vocabularies add to every name.
FILLING = frozenset(("zone", "region", "block", "custom", "area"))


@lru_cache(maxsize=1024)
def is_picture(name: str) -> bool:
    """`GraphicZone:figure#1`, `Illustration`, `ImageRegion` are; `MainZone`, `Figure caption`, `Table` are not."""
    words = [word for found in WORD.findall(name[:200]) if (word := found.lower()) not in FILLING]
    if not words or not NOT_PICTURES.isdisjoint(words):
        return False
    return words[0] in PICTURES or "".join(words[:2]) in PICTURES
