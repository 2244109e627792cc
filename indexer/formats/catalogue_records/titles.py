"""Titles of volumes and other parts of a work: `Baltische Studien. Neue Folge Band 75`."""

import re

UNIT = (
    r"(?:neue\s+)?folge|n\.?\s?f|neue\s+serie|new\s+series|nouvelle\s+s[ée]rie|reihe|serie|s[ée]rie|series|"
    r"b(?:an)?d|bdn?|bandes?|th?eil|th?l|teilband|halbband|abth?(?:eil(?:ung)?|lg)?|buch|st(?:ü|ue|u)c?ke?s?|heft|hft|"
    r"jahrgang|j(?:ah)?rg|jg|nummer|nro?|no|n[°º]|n[úu]m(?:ero)?|lieferung|lfg|beilage|ausgabe|blatt|"
    r"suppl(?:ement)?(?:band)?|erg(?:änzungs)?(?:band|heft)|anhang|register(?:band)?|"
    r"vol(?:ume[ns]?|s)?|parts?|pts?|books?|bk|issues?|numbers?|years?|fasc(?:ic(?:le|ules?|ulus|olo))?|sections?|"
    r"tom(?:e[ns]?|us|os?|i)?|t|livr(?:e|aison)|part(?:ie|e)|pars|liber|lib|libro|ann[ée]e|anno|"
    r"numéro|numero|volumen|bind|del|deel|dele|hæfte|häfte|haefte|årg(?:ang|ång)?|aargang|jaargang|stykke|"
    r"sv(?:azek)?|díl|roč(?:ník)?|č(?:íslo)?|część|cz|zeszyt|z|rok|kötet|füzet|osa|nide|vihko|"
    r"том|часть|ч|книга|кн|выпуск|вып|год|номер"
)
"""Words for a part of a work, without a full stop at the end."""

ORDINAL = (
    r"(?:(?:erst|zwe[iy]t|ander|dritt|vierdt?|viert|f[üu]nfft?|fünft|sechst|sieb(?:en)?[td]|acht|neundt?|neunt|zehe?nd?t|"
    r"eilft|elft|zw[öo]e?lfft?|zwölft|\w+zehe?nt|\w+zigst|letzt)(?:er|e|es|en)|"
    r"first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\w+teenth|last|"
    r"premi(?:er|ère)|seconde?|trois[ié]e?me|\w+i[eè]me|derni(?:er|ère)|"
    r"første|første|anden|andet|andre|annet|tredje|fjerde|femte|sjette|syvende|sjuende|ottende|åttende|niende|tiende|"
    r"prim[ao]|primus|secund[aou]s?|terti[ao]s?|quart[ao]|quint[ao]|sest[ao]|"
    r"перв\w+|втор\w+|трет\w+|четверт\w+|пят\w+)"
)
ROMAN = r"(?:(?-i:[IVXLCDM]+)|[ivx]+)"
NUMBER = rf"(?:\d+(?:[./–-]\d+)*(?:st|nd|rd|th|er|e|ère|ème)?|{ROMAN}|{ORDINAL})"

DESIGNATION = re.compile(
    rf"\W*(?:neue\s+folge\W+|n\.?\s?f\.?\W+|new\s+series\W+)?"
    rf"(?:(?:{UNIT})\b\W*{NUMBER}(?![\w'’])|{NUMBER}\b\W*(?:{UNIT})(?!\w)|(?:\d+(?:[./–-]\d+)*|{ROMAN})\W*$)",
    re.IGNORECASE,
)
"""The beginning of a title that says only which part it is: `Bd. 3`, `Sechster Theil`, `[Buch 1]`, `12`."""

UNIT_BEFORE = re.compile(rf"\b(?:{UNIT})\W*$", re.IGNORECASE)
DATE_REMAINDER = re.compile(r"\d{4}-\d\d-\d\d")
TOKEN = re.compile(r"[^\W_]+")
FINAL_STOP = re.compile(r"(?<=[^\W_]{4})\.$|(?<=\d)\.$")


def part_title(work: str, title: str, number: str) -> str:
    """Return the title of a part from the title of the work, the part's own title and its number.

    Any of them can be empty; a number alone is no title. A title that is only a designation (`Band 75`) follows the
    title of the work. A number that the title already has is not repeated.
    """
    number = FINAL_STOP.sub("", number)
    if not title:
        return join_titles(work, "" if has_number(work, number) else number) if work else ""
    if DESIGNATION.match(title):
        return title if has_title(title, work) else join_titles(work, title)
    if not number or has_number(title, number):
        return title
    if not work or has_title(title, work) or has_title(work, title):
        return join_titles(title, number)
    return join_titles(work, f"{number}, {title}")


def is_designation(text: str) -> bool:
    """Return whether a text says only which part something is: `Første bind`, `Vol. 2`, not `Volume 3: The North`."""
    match = DESIGNATION.match(text)
    return match is not None and not TOKEN.search(re.sub(r"[(\[].*", "", text[match.end() :]))


def labelled_title(work: str, label: str) -> str:
    """Return the title of a part that has a label and no record."""
    if not work:
        return label
    if not label or (has_title(label, work) and DATE_REMAINDER.search(label)):
        return work
    return label if has_title(label, work) else join_titles(work, label)


def join_titles(title: str, part: str) -> str:
    """Return `Title. Part`, with one full stop between them."""
    if not title or not part:
        return title or part
    title = title.rstrip(" ,:;/=")
    return f"{title} {part}" if title.endswith((".", "!", "?")) else f"{title}. {part}"


def has_title(text: str, title: str) -> bool:
    """Return whether a text begins with the words of a title."""
    words = _words(title)
    return bool(words) and _words(text)[: len(words)] == words


def has_number(title: str, number: str) -> bool:
    """Return whether a title already says the number of a part: `Neue Folge Band 75` says `NF 75`."""
    words, number_words = _words(title), _words(number)
    if not number_words:
        return True
    is_bare = all(word.isdecimal() for word in number_words)
    length = len(number_words)
    if not is_bare and any(words[start : start + length] == number_words for start in range(len(words))):
        return True
    digits = [word for word in number_words if word.isdecimal()]
    return bool(digits) and all(_designates(title, word) for word in digits)


def _designates(title: str, digits: str) -> bool:
    """Return whether a number in a title counts parts: it ends the title, or a word for a part precedes it."""
    matches = list(re.finditer(rf"(?<!\w){digits}(?!\w)", title))
    return any(
        not TOKEN.search(title[match.end() :]) or UNIT_BEFORE.search(title[: match.start()]) for match in matches
    )


def _words(text: str) -> list[str]:
    return TOKEN.findall(text.casefold())
