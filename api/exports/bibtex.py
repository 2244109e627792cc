"""BibTeX: each picture as `@incollection`, which BibTeX and BibLaTeX styles both support."""

import hashlib
import re
import unicodedata

from api.exports.citation import Citation, Export, collapse_to_one_line
from core.dates import YearRange

ESCAPES = {
    "\\": r"\textbackslash{}",
    # BibTeX counts braces even after a backslash.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "$&#_%"},
}
_SPECIAL_CHARACTERS = re.compile("|".join(map(re.escape, ESCAPES)))


def bibtex(export: Export) -> str:
    """Return the entries, with the truncation note as a comment before them."""
    head = [f"% {export.truncation_note}\n"] if export.truncation_note else []
    return "\n".join([*head, *map(_format_entry, export.citations)])


def _format_entry(citation: Citation) -> str:
    hit = citation.hit
    values = {
        "author": " and ".join(map(format_author, hit.authors)),
        "title": _wrap_in_braces(citation.title),
        "booktitle": _wrap_in_braces(hit.title),
        "publisher": escape(hit.publisher),
        "address": escape(hit.place),
        "year": format_years(hit.years),
        "pages": escape(citation.page),
        "language": escape(", ".join(hit.languages)),
        "note": escape(citation.urn),
        # Styles print a note, but no `annote`, which reference managers keep as a remark.
        "annote": escape(citation.location),
        "url": escape_url(citation.url),
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in values.items() if value]
    return f"@incollection{{{citation_key(citation)},\n{''.join(lines)}}}\n"


def citation_key(citation: Citation) -> str:
    """Return a readable key that is the same in every export and as unique as the picture's id."""
    hit = citation.hit
    name_words = hit.authors[0].partition(",")[0].split()[-1:] if hit.authors else hit.title.split()[:1]
    ascii_name = unicodedata.normalize("NFKD", "".join(name_words)).encode("ascii", "ignore").decode().lower()
    letters = re.sub("[^a-z0-9]", "", ascii_name) or "picture"
    year = "" if hit.year is None else str(hit.year).replace("-", "bc")
    return f"{letters}{year}-{hashlib.sha256(hit.id.encode()).hexdigest()[:12]}"


def escape(text: str) -> str:
    """Return the text on one line, with characters that are special in TeX escaped."""
    return _SPECIAL_CHARACTERS.sub(lambda match: ESCAPES[match[0]], collapse_to_one_line(text))


def format_years(years: YearRange | None) -> str:
    if years is None:
        return ""
    return str(years.first) if years.is_one_year else f"{years.first}--{years.last}"


def _wrap_in_braces(title: str) -> str:
    """Return the title in braces, so that styles keep its capitals."""
    return f"{{{escape(title)}}}" if title else ""


def format_author(author: str) -> str:
    """Return the name, in braces if it contains `and`, at which BibTeX splits lists of names."""
    escaped_name = escape(author)
    return f"{{{escaped_name}}}" if re.search(r"\band\b", escaped_name, re.IGNORECASE) else escaped_name


def escape_url(url: str) -> str:
    """Return the URL with braces, backslashes and spaces percent-encoded: styles take it verbatim."""
    return collapse_to_one_line(url).replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C").replace(" ", "%20")
