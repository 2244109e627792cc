"""The title of a book where the label of its manifest is only a shelf mark, a number or a date."""

import re
from collections.abc import Sequence

from core.text import fold_letters

MIN_MARK_LENGTH = 4
"""Letters and digits of a label that is compared with the shelf marks; shorter ones occur in any number."""

MANUSCRIPT_MARK = re.compile(
    r"\b(?:(?:mss?|manuscri(?:t|pt|to)s?|handschrift|cod(?:ex)?|hss?|hds|cgm|clm|cpg|cpl|cim|naf|nal|vat|ink)\b[\s.-]*"
    r"(?:[^\W\d]+[\s.]+){0,2}[\d°]"
    r"|(?:add|harley|royal|cotton|egerton|sloane|arundel|stowe|pal|reg|urb|ottob|barb|ross|borg|chig|fol|inc|res|rés)"
    r"[\s.-]+(?:mss?\.?\s*)?(?:[^\W\d]{1,3}[\s.-]+)?\d)",
    re.IGNORECASE,
)
"""Shelf marks of manuscripts and rare books: `Harley MS 4431`, `Cod. Sang. 390`."""

COPY_IDENTIFIER = re.compile(
    r"(?:btv1b\w+|bpt6k\w+|bsb\d+|ark:/\S+|urn:\S+|doi:\S+|10\.\d{4,}/\S+|https?://\S+|ppn\s?\w+|digi[a-z]+_\d{6,}\w*)",
    re.IGNORECASE,
)
"""Identifiers and addresses of digital copies."""

LANGUAGE_COLLECTION = re.compile(
    r"(?:français|latin|grec|arabe|persan|turc|hébreu|allemand|anglais|italien|espagnol|portugais|copte|syriaque|sanscrit"
    r"|chinois|japonais|coréen|tibétain|arménien|géorgien|éthiopien|slave|celtique|basque|mexicain|indien|malayalam"
    r"|arabic|greek|hebrew|persian|turkish|german|french|italian|graec\w*|lat\w*|gall\w*|germ\w*|ital\w*|hebr\w*|or\w*)"
    r"\.?\s+(?:[a-z]+\.?\s+)?\d+\w*(?:[-–/]\d+)?",
    re.IGNORECASE,
)
"""The collections of manuscripts by language: `Français 2813`, `Arabic 12`, `Lat. fol. 3`."""

PART_WORDS = re.compile(
    r"(?:vol(?:ume|umen)?|b(?:d|and|ind)|tom(?:e|o|us)?|t|no|nr|n°|nº|num\w*|heft|hefte|h|jg|jahrg\w*|årg\w*|part|teil|del|deel"
    r"|fasc\w*|livr\w*|issue|ausgabe|nummer|number|année|year|år|jahr|serie|séries?|lief\w*)\b\.?",
    re.IGNORECASE,
)
"""Words before the number of a volume or an issue."""

YEAR = re.compile(r"(?<!\d)(?:1[4-9]|20)\d\d(?!\d)")


def choose_title(label: str, titles: Sequence[str], shelf_marks: Sequence[str]) -> str:
    """Return the title of a book from the label of its manifest and from its metadata.

    The label is the title unless it is a shelf mark; the number or date of a part is added to the title of the whole.
    """
    title = next(filter(None, titles), "")
    if not title or not label:
        return label or title
    if _letters(title) in _letters(label):
        return label
    if is_shelf_mark(label, shelf_marks):
        return title
    is_missing_part = is_part_number(label) and _letters(label) not in _letters(title)
    return f"{title}, {label}" if is_missing_part else title if is_part_number(label) else label


def is_part_number(label: str) -> bool:
    """Return whether a label only numbers or dates a part: `Bd. 2`, `1922-01-31`, `No. 17 (1867)`."""
    rest = PART_WORDS.sub("", label)
    return bool(re.search(r"\d", label)) and not re.search(r"[^\W\d_]", rest)


def is_shelf_mark(label: str, shelf_marks: Sequence[str]) -> bool:
    """Return whether a label is one of the shelf marks or identifiers of the book, or looks like one."""
    return any(_is_same_mark(label, mark) for mark in shelf_marks) or _looks_like_shelf_mark(label)


def _is_same_mark(label: str, mark: str) -> bool:
    label_letters, mark_letters = _letters(label), _letters(mark)
    is_url = mark.lower().startswith(("http:", "https:"))
    if len(label_letters) >= MIN_MARK_LENGTH and label_letters in mark_letters:
        return not is_url or bool(re.search(r"\d", label))
    last_part, last_mark_part = _letters(label.rsplit(",", maxsplit=1)[-1]), _letters(mark.rsplit(",", maxsplit=1)[-1])
    if not last_mark_part or is_url:
        return False
    has_digit = bool(re.search(r"\d", last_mark_part))
    return last_part == last_mark_part or (has_digit and len(mark_letters) > 4 and label_letters.endswith(mark_letters))


def _looks_like_shelf_mark(label: str) -> bool:
    """Return whether the label, or what follows the name of its library, has the form of a shelf mark."""
    if COPY_IDENTIFIER.fullmatch(label):
        return True
    mark = re.split(r",\s+|:\s+", label)[-1].strip()
    words = mark.split()
    if not re.search(r"\d", mark) or len(words) > 8:
        return False
    if LANGUAGE_COLLECTION.fullmatch(mark) or (MANUSCRIPT_MARK.search(mark) and not YEAR.search(mark)):
        return True
    # Only codes, such as `FOL-V-5554 (BIS)` or `BU29`; `Oslo 1905` is a title.
    tokens = re.findall(r"\w+", mark)
    is_code = all(
        len(token) == 1 or re.search(r"\d", token) or (token.isupper() and len(token) <= 4) for token in tokens
    )
    return is_code and bool(re.search(r"[^\W\d_]", mark)) and not YEAR.search(mark)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold_letters(text))
