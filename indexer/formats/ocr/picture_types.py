"""Names for pictures in the vocabularies of docWORKS, SegmOnto, PAGE-XML and others."""

import re
from functools import lru_cache

WORD_PATTERN = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-zà-ÿ]+")

PICTURE_WORDS = frozenset(
    WORD_PATTERN.findall(
        "cartoon chart coat decoration diagram drawing dropcap dropcapital emblem engraving figure graph graphic"
        " graphicalelement illustration illustrations image images initial linedrawing map miniature music notation"
        " ornament painting photo photograph picture portrait print score seal stamp vignette"
    )
)
"""First words of a ComposedBlock's TYPE or a zone's tag that mean a picture. Of SegmOnto these are Graphic,
DropCapital, Music, Stamp and Seal, but not Damage, DigitizationArtefact, Table or QuireMarks."""

TEXT_WORDS = frozenset(
    WORD_PATTERN.findall("caption desc description figdesc head heading label legend list text textual title")
)
"""Second words that mean text: LADaS has `GraphicZone-FigDesc`, `-Head` and `-TextualContent`."""

# Suffixes that the vocabularies add to every name.
FILLER_WORDS = frozenset(("zone", "region", "block", "custom", "area"))


@lru_cache(maxsize=1024)
def is_picture(name: str) -> bool:
    """Return whether the name means a picture: `GraphicZone:figure#1` does, `Figure caption` and `Table` do not."""
    words = [word for raw_word in WORD_PATTERN.findall(name[:200]) if (word := raw_word.lower()) not in FILLER_WORDS]
    if not words or not TEXT_WORDS.isdisjoint(words):
        return False
    return words[0] in PICTURE_WORDS or "".join(words[:2]) in PICTURE_WORDS
