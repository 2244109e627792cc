"""The words and numbers with which captions begin, in the languages of the books."""

import re

CAPTION_ROLE = re.compile(r"caption|figdesc|legend", re.IGNORECASE)

_WORDS = (
    r"(?:[fp][il1]g(?:s|ur|ura|uras|ure|ures|uren|urer)?|pls?|plates?|planches?|plansje|plaat|platen|taf|tafeln?|tavle"
    r"|tav|tavola|tab|tabl|table|tabell|kart|karte|carte|map|abb|abbildung(?:en)?|afb|afbeelding(?:en)?"
    r"|bild|bilde|billede|ill|illustr\w*|phot?|photo|foto|skisse|diagram|chart|l[áa]m|l[áa]mina|estampa|kuva|kuvat"
    r"|ryc|rycina|rys|obr|obraz(?:ek)?|рис|рисунок|табл)"
)
"""OCR reads `Fig` as `Flg` and `Pig`."""

NUMBERED_CAPTION = re.compile(rf"\W*{_WORDS}\b[\s.:]*(?:\d{{1,4}}|[ivxlc]{{1,7}}|[a-h])\b", re.IGNORECASE)
"""Matches `Fig. 3`, `Pl. IV`, `Tafel 2`, `Рис. 3`."""

NUMBER_SIGN = re.compile(r"\W*(?:no|nr|n[°º]|№)[\s.:]*\d", re.IGNORECASE)

CAPTION_START = re.compile(
    r"\W*(?:(?:fig|pl|taf|tab|abb|ill|phot|afb|tav|l[áa]m|рис|ryc|rys|obr)\."
    r"|(?:figur|figure|figura|kart|karte|carte|map|abbildung|afbeelding|tavle|tafel|tavola|plaat|estampa|bild|kuva"
    r"|l[ée]gende?)\b)|"
    rf"{NUMBER_SIGN.pattern}",
    re.IGNORECASE,
)
"""Matches `Kart over kysten`, `No. 3`. A paragraph may begin so too, so the block must also be centred."""

SPLIT_WORD_END = re.compile(r"\w[-¬⸗\u00ad]$")
"""The end of a hyphenated word; OCR may split a caption after its first line into two blocks."""

FIRST_NUMBER = re.compile(rf"\W*(?P<word>{_WORDS})\b[\s.:]*(?P<number>\d{{1,4}})\b", re.IGNORECASE)

_RANGE, _LIST = r"[-–—]|\b(?:to|bis|til|till|tot)\b", r"[,&]|\b(?:and|und|og|och|et|en|e|y|i|ja)\b"
JOINT_NUMBERS = re.compile(
    rf"\W*{_WORDS}\b[\s.:]*(?P<numbers>\d{{1,3}}(?:\s*(?:{_RANGE}|{_LIST})\s*\d{{1,3}})+)\b", re.IGNORECASE
)
NUMBER_AFTER_SEPARATOR = re.compile(rf"(?:(?P<range>{_RANGE})|{_LIST})\s*(?P<number>\d+)", re.IGNORECASE)

MAX_JOINT_FIGURES = 12
"""More figures than on any plate: the numbers are a year or a size."""


def has_caption_role(role: str) -> bool:
    """Return whether the file calls a block a caption: SegmOnto's `CaptionZone`, PAGE-XML's `caption`…"""
    return CAPTION_ROLE.search(role) is not None


def is_numbered_caption(text: str) -> bool:
    return NUMBERED_CAPTION.match(text) is not None


def figure_number(text: str) -> tuple[str, int] | None:
    """Return the first letter of the caption's word and its number: `("f", 3)` for `Fig. 3`; None without digits."""
    match = FIRST_NUMBER.match(text)
    return (match["word"][0].lower(), int(match["number"])) if match else None


def count_figures(text: str) -> int:
    """Return the number of figures that a caption names: 4 for `Figs. 1-4`, 2 for `Fig. 1 and 2`, else 1."""
    match = JOINT_NUMBERS.match(text)
    if not match:
        return 1
    last_number, count = int(re.split(r"\D", match["numbers"], maxsplit=1)[0]), 1
    for part in NUMBER_AFTER_SEPARATOR.finditer(match["numbers"]):
        number = int(part["number"])
        if number <= last_number:
            return 1
        count += number - last_number if part["range"] else 1
        last_number = number
    return count if count <= MAX_JOINT_FIGURES else 1
