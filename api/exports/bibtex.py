"""BibTeX: a picture as a part of its book, which BibTeX's and BibLaTeX's styles both know."""

import hashlib
import re
import unicodedata

from api.exports.citation import Citation, Export, one_line

ESCAPES = {
    "\\": r"\textbackslash{}",
    # BibTeX counts braces even behind a backslash.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "$&#_%"},
}
_SPECIAL = re.compile("|".join(map(re.escape, ESCAPES)))


def bibtex(export: Export) -> str:
    # Outside of entries everything is a comment, but for an @.
    head = [f"% {export.capped}\n"] if export.capped else []
    return "\n".join([*head, *map(_entry, export.citations)])


def _entry(citation: Citation) -> str:
    hit = citation.hit
    values = {
        "author": " and ".join(map(_name, hit.authors)),
        "title": _braced(citation.title),
        "booktitle": _braced(hit.title),
        "publisher": escaped(hit.publisher),
        "address": escaped(hit.place),
        "year": str(hit.year) if hit.year is not None else "",
        "pages": escaped(citation.page),
        "language": escaped(", ".join(hit.languages)),
        "note": escaped(citation.where),
        "url": _url(citation.url),
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in values.items() if value]
    return f"@incollection{{{key(citation)},\n{''.join(lines)}}}\n"


def key(citation: Citation) -> str:
    """Readable, the same in every export, and as unique as the picture's id."""
    hit = citation.hit
    name = hit.authors[0].partition(",")[0].split()[-1:] if hit.authors else hit.title.split()[:1]
    plain = unicodedata.normalize("NFKD", "".join(name)).encode("ascii", "ignore").decode().lower()
    letters = re.sub("[^a-z0-9]", "", plain) or "picture"
    year = "" if hit.year is None else str(hit.year).replace("-", "bc")
    return f"{letters}{year}-{hashlib.sha256(hit.id.encode()).hexdigest()[:12]}"


def escaped(text: str) -> str:
    return _SPECIAL.sub(lambda match: ESCAPES[match[0]], one_line(text))


def _braced(title: str) -> str:
    """A second pair keeps a style from making its capitals small."""
    return f"{{{escaped(title)}}}" if title else ""


def _name(author: str) -> str:
    """BibTeX splits names at every `and`: a firm's stays whole in braces."""
    name = escaped(author)
    return f"{{{name}}}" if re.search(r"\band\b", name, re.IGNORECASE) else name


def _url(address: str) -> str:
    """Verbatim to the styles, so that nothing can be escaped but as URLs do it."""
    return one_line(address).replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C").replace(" ", "%20")
